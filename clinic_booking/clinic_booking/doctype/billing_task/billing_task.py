import frappe
from frappe.model.document import Document


class BillingTask(Document):
	"""An appointment whose place in the books must be looked at. Written by `billing` only."""


def on_doctype_update():
	"""For the worker (docs/outbox.md)."""
	frappe.db.add_index("Billing Task", ["outbox_status", "due_at_utc"])
