"""What the Desk calls about money, as `clinic_booking.api.desk.<name>`: for reception and managers (PY-4)."""

import frappe

from clinic_booking.api.door import desk
from clinic_booking.api.reach import reach, reach_till
from clinic_booking.billing import desk_refunds, payments, tasks, transfers
from clinic_booking.booking import clock, status
from clinic_booking.booking.money import money
from clinic_booking.inputs import Amount, RecordName

MANAGERS = ("Clinic Manager", "System Manager")
CASHIERS = ("Clinic Receptionist", *MANAGERS)


@desk("GET", *CASHIERS)
def payment(appointment: RecordName) -> dict:
	"""`{payment_status, open, modes, refundable, ways}`: what is to be paid, what can be given back, and how."""
	return _payment(reach_till("Clinic Appointment", appointment))


@desk("POST", *CASHIERS)
def take_payment(
	appointment: RecordName, mode_of_payment: RecordName, open: Amount, amount: Amount | None = None
) -> dict:
	"""Cash or card taken at the desk, all that is `open` unless an `amount` is given (PY-4); as `payment`.

	`open` is as `payment` told it: if something moved meanwhile nothing is done (MO-9).
	`ERR_VALIDATION` for more than is open, `ERR_PAYMENT_FAILED` where ERPNext does not post it.
	"""
	doc = reach_till("Clinic Appointment", appointment, "write")
	payments.take(doc, mode_of_payment, amount, frappe.session.user, of=open)
	return _payment(reach("Clinic Appointment", appointment))


@desk("POST", *CASHIERS)
def refund(
	appointment: RecordName, way: RecordName, refundable: Amount, amount: Amount | None = None
) -> dict:
	"""Given back, all that is `refundable` unless an `amount` is given (PY-5); as `payment`.

	`way` and `refundable` are as `payment` told them: if something moved meanwhile nothing is done (MO-9).
	`ERR_VALIDATION` for more than was paid, `ERR_PAYMENT_FAILED` where ERPNext does not post it.
	"""
	doc = reach_till("Clinic Appointment", appointment, "write")
	desk_refunds.give(doc, way, amount, refundable, frappe.session.user)
	return _payment(reach("Clinic Appointment", appointment))


@desk("POST", *CASHIERS)
def confirm_transfer(reference: RecordName, amount: Amount, bank_reference: RecordName | None = None) -> dict:
	"""`{status, payment_status, problem}`: the clinic's bank has `amount` for the booking of that reference (PY-3).

	It confirms what waited for it, and is posted. `status` as api.md says it; `problem` is null, or why the money
	doesn't count ("Too Late", "Paid Twice": an alert says what is to be done). `bank_reference`: the bank's own.
	`ERR_VALIDATION` for less than is due, for more than the rest that is open, and for what was confirmed already
	(MO-9): by the same `bank_reference`, or without one within the last ten minutes.
	"""
	found = _booking(reference)
	payment = transfers.confirm(found, amount, bank_reference)
	found = status.find_by_reference(reference)
	return {
		"status": status.state_of(found, clock.now()),
		"payment_status": status.payment_status_of(found),
		"problem": payment.problem or None,
	}


@desk("POST", *MANAGERS)
def retry_books(appointment: RecordName) -> dict:
	"""`{}`: what ERPNext refused to post for an appointment is tried again at once."""
	tasks.try_again(reach_till("Clinic Appointment", appointment, "write").name)
	return {}


def _booking(reference: str):
	"""The appointment or request with a reference, if the user reaches it."""
	found = status.find_by_reference(reference)
	return reach_till(found.doctype, found.name, "write" if found.doctype == "Clinic Appointment" else "read")


def _payment(appointment) -> dict:
	return {
		"payment_status": appointment.payment_status,
		"open": money(payments.owed(appointment), appointment.currency),
		"modes": payments.modes(appointment.clinic),
		"refundable": money(desk_refunds.refundable(appointment), appointment.currency),
		"ways": desk_refunds.ways(appointment),
	}
