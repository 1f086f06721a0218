import frappe
from frappe.model.document import Document


class BookingRequest(Document):
	pass


def on_doctype_update():
	"""For the sweep of lapsed holds, and the limits per contact."""
	frappe.db.add_index("Booking Request", ["status", "expires_at_utc"])
