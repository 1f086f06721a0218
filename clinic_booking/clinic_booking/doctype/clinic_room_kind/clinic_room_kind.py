from frappe.model.document import Document


class ClinicRoomKind(Document):
	pass
