from frappe.model.document import Document


class DoctorService(Document):
	pass
