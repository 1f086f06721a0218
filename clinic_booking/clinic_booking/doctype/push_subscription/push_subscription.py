from frappe.model.document import Document


class PushSubscription(Document):
	"""A browser that wants the messages of one booking (NT-2); its address and keys are encrypted."""
