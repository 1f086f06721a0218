import frappe
from frappe.model.document import Document


class BookingRequest(Document):
	pass


def on_doctype_update():
	"""For the sweep of lapsed holds, and for counting the live ones of a browser or an address: behind a proxy
	that nobody configured, all the requests there ever were have one address."""
	for column in ("", "browser", "address"):
		frappe.db.add_index("Booking Request", [*filter(None, [column]), "status", "expires_at_utc"])
