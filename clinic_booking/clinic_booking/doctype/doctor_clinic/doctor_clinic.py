from frappe.model.document import Document


class DoctorClinic(Document):
	pass
