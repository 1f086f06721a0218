import frappe
from frappe.model.document import Document

from clinic_booking.messaging import queue


class ClinicMessage(Document):
	"""One message to one person (NT-3). Written by `messaging` only; no words or address of anybody are kept."""

	@staticmethod
	def clear_old_logs(days: int) -> None:
		"""Frappe's Log Settings: what has been done with for so many days is of no use to anybody."""
		queue.clear(days)


def on_doctype_update():
	"""For the worker (docs/outbox.md), and for the list of those that failed."""
	frappe.db.add_index("Clinic Message", ["outbox_status", "due_at_utc"])
	frappe.db.add_index("Clinic Message", ["status", "modified"])
	# How many a number had today, and all together (messaging/caps.py).
	frappe.db.add_index("Clinic Message", ["sent_to", "sent_at_utc"])
	frappe.db.add_index("Clinic Message", ["channel", "sent_at_utc"])
