"""What the holder of a booking sees of its payments (PY-2, PY-3). It reads and changes nothing."""

from datetime import datetime

import frappe

from clinic_booking.billing import asking, bank_transfer
from clinic_booking.billing.gateways.interface import OPEN, PAID, PROCESSING
from clinic_booking.booking.clock import from_database
from clinic_booking.booking.money import money


def of(booking, now: datetime) -> dict | None:
	"""`{state, method, amount, problem, instructions}` of the payment that matters now, None where none was begun.

	The one on its way, else the one that can still be paid, else the last. `instructions` are a transfer's, while
	the clinic waits for it, else None; `problem` says why money that came does not count.
	"""
	payments = asking.of(booking)
	if not payments:
		return None
	payment = max(payments, key=lambda each: _weight(each, now))
	return {
		"state": payment.state,
		"method": payment.method,
		"amount": money(payment.amount, payment.currency),
		"problem": payment.problem,
		"instructions": _instructions(payment, now),
	}


def _instructions(payment, now: datetime) -> dict | None:
	if payment.method != bank_transfer.METHOD or not _can_be_paid(payment, now):
		return None
	return bank_transfer.instructions(frappe.get_cached_doc("Clinic", payment.clinic), payment.reference)


def _weight(payment, now: datetime) -> tuple:
	can_be_paid = _can_be_paid(payment, now)
	return (
		payment.state == PROCESSING,
		can_be_paid,
		payment.state == PAID and not payment.problem,
		payment.creation,
	)


def _can_be_paid(payment, now: datetime) -> bool:
	return payment.state == OPEN and from_database(payment.expires_at_utc) > now
