import frappe
from frappe.model.document import Document


class ClinicMessage(Document):
	"""One message to one person (NT-3). Written by `messaging` only; no words or address of anybody are kept."""


def on_doctype_update():
	"""For the worker (docs/outbox.md), and for the list of those that failed."""
	frappe.db.add_index("Clinic Message", ["outbox_status", "due_at_utc"])
	frappe.db.add_index("Clinic Message", ["status", "modified"])
	# How many a number had today, and all together (messaging/caps.py).
	frappe.db.add_index("Clinic Message", ["sent_to", "sent_at_utc"])
	frappe.db.add_index("Clinic Message", ["channel", "sent_at_utc"])
