import frappe
from frappe.model.document import Document


class LinkRequest(Document):
	"""Somebody asked for the links of their bookings (BK-7); whether there are any is found by a worker."""


def on_doctype_update():
	"""For the worker (docs/outbox.md)."""
	frappe.db.add_index("Link Request", ["outbox_status", "due_at_utc"])
