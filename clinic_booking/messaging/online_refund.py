"""Money that goes back is told of, in the transaction that learns of it (NT-1)."""

import frappe

from clinic_booking.booking import clock
from clinic_booking.booking.ways_to_pay import AT_CLINIC
from clinic_booking.messaging import kinds, queue
from clinic_booking.messaging.queue import News


def refunded(refund, event: str) -> None:
	"""`doc_events`: it is on its way, or out of the till; that of a payment without an appointment is told with its request."""
	_tell(refund, kinds.HANDED_OUT if refund.method == AT_CLINIC else kinds.REFUNDED)


def failed(refund, event: str) -> None:
	"""`doc_events`: it is the patient's credit instead (PY-5); what belongs to no appointment staff give back."""
	if refund.appointment:
		_tell(refund, kinds.REFUND_FAILED)


def _tell(refund, kind: str) -> None:
	booking = _booking(refund)
	if booking:
		news = News(kind, refund.name, about=(refund.doctype, refund.name))
		queue.tell(booking, [news], clock.now())


def _booking(refund):
	if refund.appointment:
		return frappe.get_doc("Clinic Appointment", refund.appointment)
	request = refund.payment and frappe.db.get_value("Online Payment", refund.payment, "request")
	return request and frappe.get_doc("Booking Request", request)
