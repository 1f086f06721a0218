"""Money arrives: what the provider, or the clinic's bank, says of a payment is taken over (PY-2, BK-8, MO-5)."""

from datetime import datetime

import frappe
from frappe import _

from clinic_booking.billing import bank_transfer, ledger, outside, refunds, to_do
from clinic_booking.billing.gateways.interface import PAID, Standing
from clinic_booking.booking import claims, clock, paid, payable
from clinic_booking.booking.alerts import end_alert, raise_alert
from clinic_booking.booking.clock import from_database, to_database
from clinic_booking.booking.money import rounded
from clinic_booking.booking.transaction import require_same
from clinic_booking.errors import NotFound
from clinic_booking.scheduling.status import CANCELLED

DOCTYPE = "Online Payment"
KIND = "Payment"
DIFFERS, TOO_LATE, TWICE = "Amount Differs", "Too Late", "Paid Twice"


def find(payment: str):
	"""The payment's `name` and the `doctor` whose time it pays for. `NotFound` for an unknown one."""
	rows = frappe.db.sql(
		"""SELECT payment.name, COALESCE(made.doctor, appointment.doctor, request.doctor) doctor
		FROM `tabOnline Payment` payment
		LEFT JOIN `tabBooking Request` request ON request.name = payment.request
		LEFT JOIN `tabClinic Appointment` made ON made.name = request.appointment
		LEFT JOIN `tabClinic Appointment` appointment ON appointment.name = payment.appointment
		WHERE payment.name = %s""",
		payment,
		as_dict=True,
	)
	if not rows:
		raise NotFound
	return rows[0]


def take(name: str, doctor: str, standing: Standing, now: datetime | None = None) -> None:
	"""Take over how the payment `name` stands; the caller commits. Locks as docs/claims.md, the payment last."""
	versions = claims.lock_doctors([doctor])
	request, appointment = frappe.db.get_value(DOCTYPE, name, ["request", "appointment"])
	booking = paid.locked(request, appointment)
	require_same(doctor, booking)
	payment = frappe.get_doc(DOCTYPE, name, for_update=True)
	now = now or clock.now()
	if _is_old(payment, standing):
		return
	payment.looked_at_utc = to_database(standing.asked_at or now)
	if payment.state != PAID:
		payment.state = standing.state
		if standing.state == PAID:
			_arrive(payment, standing, booking, versions.get(doctor), now)
	if standing.state == PAID:
		_follow(payment, standing)
	payment.db_update()


def _is_old(payment, standing: Standing) -> bool:
	"""What was asked before the last look is no news, unless it is that money has come (MO-2)."""
	if not standing.asked_at or not payment.looked_at_utc or payment.state != PAID == standing.state:
		return False
	return standing.asked_at < from_database(payment.looked_at_utc)


def _arrive(payment, standing: Standing, booking, version: str, now: datetime) -> None:
	"""Money has come: it counts for the booking, or somebody is told why it doesn't."""
	payment.paid_at_utc, payment.payment_id = to_database(now), standing.payment_id
	payment.received = float(standing.amount)
	asked = (rounded(payment.amount, payment.currency), payment.currency)
	if (standing.amount, standing.currency) != asked:
		_differs(payment, standing)
		return
	if _is_surplus(booking, standing):
		_send_back(payment, TWICE)
		return
	appointment = paid.make_certain(booking, standing.amount, version, now)
	if appointment is None:
		_send_back(payment, TOO_LATE)
		return
	payment.appointment = appointment
	payment.db_update()
	# What goes back goes back by the way it came (PO-3), whatever was chosen when booking.
	frappe.db.set_value(
		"Clinic Appointment", appointment, "payment_method", payment.method, update_modified=False
	)
	ledger.refresh(appointment)
	to_do.leave(appointment, "on_paid")
	payment.run_method("on_paid")


def _is_surplus(booking, standing: Standing) -> bool:
	"""Paid again by another page, or at the desk meanwhile: nothing of the visit is open for it any more."""
	if booking.doctype == "Booking Request" or booking.status == CANCELLED:
		return False
	return standing.amount > payable.left_of(booking)


def _send_back(payment, problem: str) -> None:
	"""What does not count goes back: by itself through a gateway, by people where it came by a transfer (BK-8)."""
	payment.problem = problem
	payment.db_update()
	by_itself = payment.method != bank_transfer.METHOD
	refunds.intend(payment.name, rounded(payment.received, payment.currency), f"{payment.name} {problem}")
	told = {
		TOO_LATE: _("Money came too late for booking {0}: its time was taken"),
		TWICE: _("Booking {0} was paid once more than it should be"),
	}
	_alert(
		payment,
		told[problem].format(payment.reference),
		_("It goes back by itself.") if by_itself else _("Please send it back."),
	)
	payment.run_method("on_paid_too_late")


def set_aside(name: str) -> None:
	"""What came can't be posted: others have entered for the visit by hand what was open. A person says what it is."""
	payment = frappe.get_doc(DOCTYPE, name, for_update=True)
	payment.problem = TWICE
	payment.db_update()
	_alert(
		payment,
		_("Booking {0} was paid once more than it should be").format(payment.reference),
		_(
			"Its invoice was paid by an entry made by hand. If that is the same money please cancel the entry: this one is posted then. If it came twice please give it back."
		),
	)


def all_is_well(payment: str) -> None:
	"""What did not count has gone back, or counts after all: nobody has to look at it any more."""
	end_alert(KIND, (DOCTYPE, payment))


def _differs(payment, standing: Standing) -> None:
	payment.problem = DIFFERS
	_alert(
		payment,
		_("Booking {0} was to be paid with {1} {2}, and {3} {4} came").format(
			payment.reference,
			rounded(payment.amount, payment.currency),
			payment.currency,
			standing.amount,
			standing.currency,
		),
		_("It was not confirmed. Please look at it with the provider and call the patient."),
	)


def _follow(payment, standing: Standing) -> None:
	"""What has gone back since, by whomever (MO-11, MO-12)."""
	outside.follow(payment, standing)
	payment.refunded = float(standing.refunded)
	payment.disputed, payment.questioned = int(standing.disputed > 0), int(standing.questioned)
	payment.db_update()


def _alert(payment, subject: str, message: str) -> None:
	raise_alert(subject, KIND, (DOCTYPE, payment.name), message=message, clinic=payment.clinic)
