from frappe.model.document import Document


class ClinicServicePrice(Document):
	pass
