from frappe.model.document import Document


class ClinicBookingSettings(Document):
	pass
