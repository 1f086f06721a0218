from frappe.model.document import Document


class Doctor(Document):
	pass
