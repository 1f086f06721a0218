from frappe.model.document import Document


class DoctorLanguage(Document):
	pass
