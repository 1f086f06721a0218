"""Money that came is told of, in the transaction that learns of it (NT-1)."""

import frappe

from clinic_booking.booking import clock
from clinic_booking.messaging import kinds, queue
from clinic_booking.messaging.queue import News

GONE = "Too Late"


def paid(payment, event: str) -> None:
	"""`doc_events`: it is there."""
	_tell(payment, kinds.PAID)


def too_late(payment, event: str) -> None:
	"""`doc_events`: it came when the time was gone, and goes back (BK-8). What was paid twice is told as refunded."""
	if payment.problem == GONE:
		_tell(payment, kinds.TOO_LATE)


def _tell(payment, kind: str) -> None:
	doctype = "Clinic Appointment" if payment.appointment else "Booking Request"
	booking = frappe.get_doc(doctype, payment.appointment or payment.request)
	queue.tell(booking, [News(kind, payment.name, about=(payment.doctype, payment.name))], clock.now())
