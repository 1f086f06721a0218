from frappe.model.document import Document


class ClinicRoom(Document):
	pass
