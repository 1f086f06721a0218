from frappe.model.document import Document


class ClinicStaff(Document):
	pass
