from frappe.model.document import Document


class DoctorFAQ(Document):
	pass
