"""Credit that patients spend by themselves: signed in, and their own only (PO-4).

What was typed proves nothing: the patient's record must name the user who asks. The books spend it after the
commit, or when the visit is completed, so what earlier bookings are about to spend is not offered again (MO-20).
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import frappe

from clinic_booking.billing import credits, to_do
from clinic_booking.billing.state import NOTHING
from clinic_booking.booking import claims, clock, from_request, paid, patients, payable, status
from clinic_booking.booking.money import money, rounded
from clinic_booking.booking.transaction import one_at_a_time, require_same, run
from clinic_booking.booking.ways_to_pay import CREDIT
from clinic_booking.errors import HoldExpired, Validation, _
from clinic_booking.scheduling.status import CANCELLED, LIVE


def offer(shown: dict, user: str) -> dict:
	"""What api.md shows of a booking, with `credit` among its ways to pay where the user has some of their own."""
	is_payable = Decimal(shown["price"]["amount"]) and (
		shown.get("status") in (None, "Held") or shown["can"]["pay"]
	)
	if user != "Guest" and is_payable and _has_any(user, shown["clinic"]):
		shown["terms"]["payment_methods"].append(CREDIT)
	return shown


def of(user: str) -> Callable[[str, object], Decimal]:
	"""How much a patient can spend on a booking, for `book`: nothing of anybody else's."""
	return lambda patient, booking: _there(user, patient, booking.clinic, booking.currency)


def wait_for_others(user: str) -> None:
	"""Two calls of one user spend one after the other; before the use case."""
	one_at_a_time(f"credit of {user}")


def pay(token: str, user: str) -> dict:
	"""Pay what is open of a booking with the user's credit, as far as it goes; the `payment` of api.md.

	Commits. Raises `Validation` where nothing is open, it is not theirs, or it is less than is due; `HoldExpired`.
	"""
	wait_for_others(user)
	amount = run(_pay, user, on=partial(status.find, token))
	frappe.db.commit()  # nosemgrep: a transaction of its own, as of every way to pay
	return {"method": CREDIT, "amount": amount, "expires_at": None}


def _pay(name: str, doctor: str, user: str) -> dict:
	versions = claims.lock_doctors([doctor])
	booking = _locked(name)
	require_same(doctor, booking)
	now = clock.now()
	to_pay = payable.of(booking, now)
	if not to_pay.open:
		raise Validation(fields={"token": _("Nothing is to be paid now.")})
	there = _there(user, _patient_of(booking), booking.clinic, booking.currency)
	if there <= 0 or there < to_pay.due:
		raise Validation(fields={"payment_method": payable.NOT_THAT_WAY})
	booking.payment_method = CREDIT
	appointment = paid.make_certain(booking, there, versions.get(doctor), now)
	if appointment is None:
		raise HoldExpired
	frappe.db.set_value("Clinic Appointment", appointment, "payment_method", CREDIT, update_modified=False)
	to_do.leave(appointment, "on_paid")
	return money(min(there, to_pay.open), booking.currency)


def _locked(name: str):
	if frappe.db.exists("Clinic Appointment", name):
		return paid.locked(None, name)
	return paid.locked(name, None)


def _patient_of(booking) -> str | None:
	if booking.doctype == "Clinic Appointment":
		return booking.patient
	patient = patients.recognise(from_request.person_of(booking))
	return patient and patient.name


def _there(user: str, patient: str | None, clinic: str, currency: str) -> Decimal:
	if user == "Guest" or not patient:
		return NOTHING
	customer = frappe.db.get_value("Clinic Patient", {"name": patient, "user": user}, "customer")
	company = frappe.get_cached_value("Clinic", clinic, "company")
	return credits.balance(customer, company, currency) - _spoken_for(patient, company, currency)


def _spoken_for(patient: str, company: str, currency: str) -> Decimal:
	"""What bookings paid with credit are about to take: once the worker comes to them, or when they are invoiced."""
	((amount,),) = frappe.db.sql(
		"""SELECT SUM(visit.price - visit.paid) FROM `tabClinic Appointment` visit
		JOIN `tabClinic` clinic ON clinic.name = visit.clinic
		WHERE visit.patient = %(patient)s AND visit.payment_method = %(credit)s AND visit.status <> %(cancelled)s
			AND clinic.company = %(company)s
			AND (EXISTS (SELECT 1 FROM `tabBilling Task` task
					WHERE task.appointment = visit.name AND task.outbox_status <> 'Done')
				OR visit.status IN %(live)s AND NOT EXISTS (SELECT 1 FROM `tabSales Invoice` invoice
					WHERE invoice.clinic_booking_appointment = visit.name AND invoice.docstatus = 1
						AND invoice.is_return = 0))""",
		{
			"patient": patient,
			"credit": CREDIT,
			"cancelled": CANCELLED,
			"company": company,
			"live": tuple(LIVE),
		},
	)
	return rounded(amount, currency)


def _has_any(user: str, clinic: str) -> bool:
	company, currency = frappe.get_cached_value("Clinic", clinic, ["company", "currency"])
	customers = frappe.get_all("Clinic Patient", {"user": user, "customer": ("is", "set")}, pluck="customer")
	return any(credits.balance(customer, company, currency) > 0 for customer in customers)
