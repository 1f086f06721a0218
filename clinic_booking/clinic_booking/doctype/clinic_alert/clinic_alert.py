from frappe.model.document import Document


class ClinicAlert(Document):
	pass
