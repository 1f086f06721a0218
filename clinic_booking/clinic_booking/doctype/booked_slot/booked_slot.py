from frappe.model.document import Document


class BookedSlot(Document):
	pass
