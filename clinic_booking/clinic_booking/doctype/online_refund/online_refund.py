import frappe
from frappe.model.document import Document


class OnlineRefund(Document):
	"""Money that is to go back: the intent first, then the gateway, then the books. Written by `billing` only."""


def on_doctype_update():
	"""For the worker (docs/outbox.md)."""
	frappe.db.add_index("Online Refund", ["outbox_status", "due_at_utc"])
