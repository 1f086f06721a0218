"""What happens to an appointment and concerns its books is noted, in the booking's own transaction."""

import frappe

from clinic_booking.billing import money_back, to_do
from clinic_booking.booking.appointments import IMPORTED
from clinic_booking.scheduling.status import OVER


def note(appointment, event: str) -> None:
	"""`doc_events`: leave a Billing Task where there is a price; nothing else, so that booking stays quick.

	What was imported has been billed by the older system, or is billed by hand; so has what is over when it
	comes here.
	"""
	is_new = appointment.get_doc_before_save() is None
	is_billed_there = appointment.source == IMPORTED or (is_new and appointment.status in OVER)
	if appointment.price and not is_billed_there:
		to_do.leave(appointment.name, event)


def promise_refund(appointment, event: str) -> None:
	"""`doc_events`: what goes back as money is written down with the cancellation (PO-3)."""
	money_back.promise(appointment)


def forget(appointment, event: str) -> None:
	"""`doc_events`: an appointment that is deleted takes its tasks along; its invoices forbid it."""
	frappe.db.delete("Billing Task", {"appointment": appointment.name})
