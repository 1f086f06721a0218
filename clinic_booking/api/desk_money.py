"""What the Desk calls about money, as `clinic_booking.api.desk.<name>`: for reception and managers (PY-4)."""

import frappe

from clinic_booking.api.door import desk
from clinic_booking.api.reach import reach
from clinic_booking.billing import desk_refunds, payments, tasks
from clinic_booking.booking.money import money
from clinic_booking.inputs import Amount, RecordName

MANAGERS = ("Clinic Manager", "System Manager")
CASHIERS = ("Clinic Receptionist", *MANAGERS)


@desk("GET", *CASHIERS)
def payment(appointment: RecordName) -> dict:
	"""`{payment_status, open, modes, refundable, ways}`: what is to be paid, what can be given back, and how."""
	return _payment(reach("Clinic Appointment", appointment))


@desk("POST", *CASHIERS)
def take_payment(appointment: RecordName, mode_of_payment: RecordName, amount: Amount | None = None) -> dict:
	"""Cash or card taken at the desk, all that is open unless an `amount` is given (PY-4); as `payment`.

	`ERR_VALIDATION` for more than is open, `ERR_PAYMENT_FAILED` where ERPNext does not post it.
	"""
	payments.take(
		reach("Clinic Appointment", appointment, "write"), mode_of_payment, amount, frappe.session.user
	)
	return _payment(reach("Clinic Appointment", appointment))


@desk("POST", *CASHIERS)
def refund(
	appointment: RecordName, way: RecordName, refundable: Amount, amount: Amount | None = None
) -> dict:
	"""Given back, all that is `refundable` unless an `amount` is given (PY-5); as `payment`.

	`way` and `refundable` are as `payment` told them: if something moved meanwhile nothing is done (MO-9).
	`ERR_VALIDATION` for more than was paid, `ERR_PAYMENT_FAILED` where ERPNext does not post it.
	"""
	doc = reach("Clinic Appointment", appointment, "write")
	desk_refunds.give(doc, way, amount, refundable, frappe.session.user)
	return _payment(reach("Clinic Appointment", appointment))


@desk("POST", *MANAGERS)
def retry_books(appointment: RecordName) -> dict:
	"""`{}`: what ERPNext refused to post for an appointment is tried again at once."""
	tasks.try_again(reach("Clinic Appointment", appointment, "write").name)
	return {}


def _payment(appointment) -> dict:
	return {
		"payment_status": appointment.payment_status,
		"open": money(payments.owed(appointment), appointment.currency),
		"modes": payments.modes(appointment.clinic),
		"refundable": money(desk_refunds.refundable(appointment), appointment.currency),
		"ways": desk_refunds.ways(appointment),
	}
