from frappe.model.document import Document


class AvailabilityException(Document):
	pass
