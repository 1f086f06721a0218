from frappe.model.document import Document


class WeeklyAvailability(Document):
	pass
