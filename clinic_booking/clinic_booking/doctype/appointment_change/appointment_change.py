from frappe.model.document import Document


class AppointmentChange(Document):
	pass
