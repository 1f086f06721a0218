from frappe.model.document import Document


class DoctorSpecialty(Document):
	pass
