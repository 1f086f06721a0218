from frappe.model.document import Document

from clinic_booking.booking import claims


class BookedSlot(Document):
	"""A live claim on a doctor's or room's time. Written by `booking.claims` only."""


def on_doctype_update():
	claims.ensure_key()
