from frappe.model.document import Document


class MessageOptOut(Document):
	"""A number that wants no messages from here (ME-5); START sent from it takes it away."""
