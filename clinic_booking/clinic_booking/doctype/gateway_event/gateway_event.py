import frappe
from frappe.model.document import Document


class GatewayEvent(Document):
	"""A provider's webhook, named by its method and its own id. Written by `billing` only."""


def on_doctype_update():
	"""For the worker (docs/outbox.md)."""
	frappe.db.add_index("Gateway Event", ["outbox_status", "due_at_utc"])
