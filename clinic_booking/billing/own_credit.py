"""Credit that patients spend by themselves: signed in, and their own only (PO-4).

What was typed proves nothing: the patient's record must name the user who asks. The books spend it after the
commit, or when the visit is completed, so what earlier bookings are about to spend is not offered again (MO-20).
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial

import frappe

from clinic_booking.billing import credits, to_do
from clinic_booking.billing.state import NOTHING
from clinic_booking.booking import (
	answers,
	claims,
	clock,
	from_request,
	paid,
	patients,
	payable,
	requests,
	status,
)
from clinic_booking.booking.money import money
from clinic_booking.booking.transaction import one_at_a_time, require_same, run
from clinic_booking.booking.ways_to_pay import AT_CLINIC, CREDIT
from clinic_booking.errors import HoldExpired, Validation, _

# As `hold` shows it, and `booking`.
UNBOOKED = (None, requests.HELD)


def offer(shown: dict, user: str) -> dict:
	"""What api.md shows of a booking, with `credit` among its ways to pay where the user has enough of their own."""
	if user != "Guest" and _takes_credit(shown) and _has_enough(user, shown):
		shown["terms"]["payment_methods"].append(CREDIT)
	return shown


def _takes_credit(shown: dict) -> bool:
	"""A hold does where something is due at once or need not be paid first, a booking where it can be paid now."""
	if not _amount(shown["price"]):
		return False
	if shown.get("status") in UNBOOKED:
		return bool(_amount(shown["terms"]["due_now"])) or AT_CLINIC in shown["terms"]["payment_methods"]
	return shown["can"]["pay"]


def _has_enough(user: str, shown: dict) -> bool:
	"""Whether one of the user's records, that of the patient once it is booked, can spend as much as is due."""
	company, currency = frappe.get_cached_value("Clinic", shown["clinic"], ["company", "currency"])
	own = frappe.get_all("Clinic Patient", {"user": user, "customer": ("is", "set")}, ["name", "customer"])
	left = {row.name: _left(row.name, row.customer, company, currency) for row in own}
	enough = {
		name for name, there in left.items() if there > 0 and there >= _amount(shown["terms"]["due_now"])
	}
	if not enough or shown.get("status") in UNBOOKED:
		return bool(enough)
	return _patient_of(status.find_by_reference(shown["reference"])) in enough


def _amount(shown: dict) -> Decimal:
	return Decimal(shown["amount"])


def of(user: str) -> Callable[[str, object], Decimal]:
	"""How much a patient can spend on a booking, for `book`: nothing of anybody else's."""
	return lambda patient, booking: _there(user, patient, booking.clinic, booking.currency)


def wait_for_others(user: str) -> None:
	"""Two calls of one user spend one after the other; before the use case."""
	one_at_a_time(f"credit of {user}")


def pay(token: str, user: str, request_id: str | None = None) -> dict:
	"""Pay what is open of a booking with the user's credit, as far as it goes; the `payment` of api.md.

	The same `request_id` gets the same again. Commits. Raises `Validation` where nothing is open, it is not theirs,
	or it is less than is due; `HoldExpired`.
	"""
	wait_for_others(user)
	amount = run(_pay, user, request_id, on=partial(status.find, token))
	frappe.db.commit()  # nosemgrep: a transaction of its own, as of every way to pay
	return {"method": CREDIT, "amount": amount, "expires_at": None}


def _pay(name: str, doctor: str, user: str, request_id: str | None) -> dict:
	versions = claims.lock_doctors([doctor])
	booking = _locked(name)
	require_same(doctor, booking)
	now = clock.now()
	request = requests.locked(booking.request) if booking.get("request") else booking
	call = answers.fingerprint("pay", [CREDIT, user])
	if first := answers.recall(request, request_id, call, now):
		return first["amount"]
	amount = _take(booking, versions.get(doctor), user, now)
	answers.keep(request, request_id, call, {"amount": amount}, now)
	return amount


def _take(booking, version: str | None, user: str, now: datetime) -> dict:
	to_pay = payable.of(booking, now)
	if not to_pay.open:
		raise Validation(fields={"token": _("Nothing is to be paid now.")})
	there = _there(user, _patient_of(booking), booking.clinic, booking.currency)
	if there <= 0 or there < to_pay.due:
		raise Validation(fields={"payment_method": payable.NOT_THAT_WAY})
	booking.payment_method = CREDIT
	appointment = paid.make_certain(booking, there, version, now)
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
	return _left(patient, customer, company, currency)


def _left(patient: str, customer: str | None, company: str, currency: str) -> Decimal:
	there = credits.balance(customer, company, currency)
	return there - credits.spoken_for(patient, company, currency) if there else NOTHING
