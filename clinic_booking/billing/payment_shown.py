"""What the holder of a booking sees of its payments (PY-2, PY-3). It reads and changes nothing."""

from datetime import datetime

import frappe

from clinic_booking.billing import asking, bank_transfer, refunds
from clinic_booking.billing.gateways.interface import OPEN, PAID, PROCESSING
from clinic_booking.booking.clock import from_database
from clinic_booking.booking.money import money, rounded
from clinic_booking.booking.refund import CREDIT


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


def comes_back(appointment) -> dict | None:
	"""`{amount, currency, by}` of a cancelled visit that cost money; None where there is nothing to say of it.

	`by`: `credit`; `desk`, `sent` while it waits there or is on its way, `handed out`, `gone` once it is back; `failed`
	where it could not be sent and is credit, until it is handed out; `unpaid`, and `late` where what was paid stays paid (PO-3).
	"""
	if not appointment.price:
		return None
	if rounded(appointment.refund, appointment.currency):
		return money(appointment.refund, appointment.currency) | {"by": _by_which_way(appointment)}
	by = {"Not Required": "unpaid", "Unpaid": "unpaid", "Paid": "late", "Partly Paid": "late"}
	if appointment.payment_status not in by:
		return None
	return money(appointment.paid, appointment.currency) | {"by": by[appointment.payment_status]}


def _by_which_way(appointment) -> str:
	rows = frappe.db.sql(
		# What went back while the visit was to come is not of it: a credit note made it cost that much less.
		"""SELECT method, state, amount FROM `tabOnline Refund` refund
		WHERE appointment = %s AND method <> %s AND NOT EXISTS (SELECT 1 FROM `tabSales Invoice` note
			WHERE note.clinic_booking_cause = CONCAT(refund.appointment, ' refund ', refund.name))""",
		(appointment.name, refunds.DISPUTE),
		as_dict=True,
	)
	well = [row for row in rows if row.state != refunds.FAILED]
	as_money = rounded(sum(row.amount for row in well), appointment.currency)
	# What is credit, chosen or because it could not be sent, may be handed out after all.
	if as_money < rounded(appointment.refund, appointment.currency):
		if appointment.refund_as == CREDIT:
			return CREDIT
		if len(well) < len(rows):
			return "failed"
	is_gone = {row.state for row in well} == {refunds.REFUNDED}
	if {row.method for row in well} == {refunds.AT_THE_DESK}:
		return "handed out" if is_gone else "desk"
	return "gone" if is_gone else "sent"


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
