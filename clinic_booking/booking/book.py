"""A hold becomes an appointment, or waits for the money that makes it one (BK-4, BK-5)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import frappe

from clinic_booking.booking import (
	answers,
	claims,
	clock,
	from_request,
	no_shows,
	notes,
	patients,
	payable,
	practices,
	requests,
	terms,
	tokens,
)
from clinic_booking.booking.clock import from_database, to_database
from clinic_booking.booking.patients import Contact
from clinic_booking.booking.payable import Payable
from clinic_booking.booking.practice import Practice
from clinic_booking.booking.transaction import require_same
from clinic_booking.booking.ways_to_pay import CREDIT
from clinic_booking.errors import HoldExpired, RateLimited, TimeWindow, Validation, _

BOOKED = frozenset({requests.AWAITING_PAYMENT, requests.REQUESTED, requests.CONFIRMED})


@dataclass(frozen=True)
class Details:
	"""What the patient sends with `book`, checked: contact, note, how to pay, and the consent given.

	`credit` says how much of their own a patient can spend on a request; None for whoever is not signed in.
	"""

	contact: Contact
	note: str | None
	payment_method: str | None
	credit: Callable[[str, object], Decimal] | None = None


def book(
	name: str,
	doctor: str,
	details: Details,
	request_id: str | None = None,
	call: str = "",
	now: datetime | None = None,
) -> dict:
	"""Turn the held request `name` into an appointment, or have it wait for what is due; the answer of api.md
	`book`, to which whoever begins the payment adds it.

	A request that is booked already answers the same again. `call` is the fingerprint of the arguments, for
	a retry with the same `request_id`. Raises `HoldExpired` when the hold lapsed, `RateLimited` where this contact
	leaves too many unpaid, `Validation` when the doctor no longer practices the service or the way to pay is not
	one of its own.
	"""
	versions = claims.lock_doctors([doctor])
	request = requests.locked(name)
	require_same(doctor, request)
	if request.room:
		claims.lock_rooms([request.room])
	now = now or clock.now()
	answers.recall(request, request_id, call, now)
	if requests.status_at(request, now) in BOOKED:
		return answer(request)
	_require_live(request, now)
	practice = practices.of(doctor, versions.get(doctor))
	_require_offered(practice, request)
	if request.price and no_shows.too_many(details.contact):
		method = no_shows.pay_first(request, practice, details.payment_method, now)
		details = replace(details, payment_method=method)
	to_pay = payable.when_held(request, practice, now)
	to_pay = _with_credit(request, details, to_pay)
	_require_payable(to_pay, details)
	_require_time_to_answer(practice, request, now)

	from_request.keep_consent(request, now)
	request.payment_method = details.payment_method
	if to_pay.due:
		_await_payment(request, details, to_pay, now)
	else:
		from_request.make(request, details.contact, notes.seal(details.note), practice, now)
	answers.remember(request, request_id, call, {}, now)
	request.db_update()
	if to_pay.due:
		request.run_method("on_await_payment")
	return answer(request)


def answer(request) -> dict:
	"""What `book` answers for a booked request, the same however often it is asked."""
	shown = {
		"status": request.status,
		"reference": request.reference,
		"manage_url": frappe.utils.get_url(f"/booking/{tokens.token_of(request.seed)}"),
	}
	return shown | ({"appointment": request.appointment} if request.appointment else {})


def _await_payment(request, details: Details, to_pay: Payable, now: datetime) -> None:
	"""The time is kept until it is paid, or until there is no more time to wait (BK-2)."""
	way = to_pay.way(details.payment_method)
	_keep_to_limit(details.contact, now)
	from_request.keep_person(request, details.contact, notes.seal(details.note))
	request.status, request.payment_method = requests.AWAITING_PAYMENT, way.method
	request.expires_at_utc = to_database(payable.until(request, way, to_pay.notice_minutes, now))
	claims.extend(request.name, request.expires_at_utc, expected=requests.claims_of(request))


def _keep_to_limit(contact: Contact, now: datetime) -> None:
	"""SE-2: so many bookings of one contact wait for money at once."""
	limit = frappe.get_cached_doc(terms.SETTINGS).limit_unpaid_per_contact
	if not limit:
		return
	((waiting,),) = frappe.db.sql(
		"""SELECT COUNT(*) FROM (
			SELECT name, status, expires_at_utc FROM `tabBooking Request` WHERE email = %(email)s
			UNION SELECT name, status, expires_at_utc FROM `tabBooking Request` WHERE phone = %(phone)s
		) mine WHERE status = 'Awaiting Payment' AND expires_at_utc > %(now)s""",
		{"email": contact.email, "phone": contact.phone, "now": to_database(now)},
	)
	if waiting >= limit:
		raise RateLimited(
			retry_after=0,
			message=_(
				"Other bookings of yours wait for their payment. Please pay or cancel one of them first."
			),
		)


def _require_live(request, now: datetime) -> None:
	if request.status != requests.HELD or requests.status_at(request, now) == requests.EXPIRED:
		raise HoldExpired
	if from_database(request.starts_at_utc) <= now:
		raise TimeWindow


def _require_offered(practice: Practice, request) -> None:
	"""RA-11: the doctor, the service or the clinic may have gone since the page was shown."""
	service = next((s for s in practice.online_services() if s.name == request.service), None)
	if service is None or request.clinic not in service.prices or not practice.calendar.online:
		raise Validation(fields={"service": _("This is no longer offered.")})


def _with_credit(request, details: Details, to_pay: Payable) -> Payable:
	"""What is left to pay first by who spends their own credit, which must be as much as is due (PO-4)."""
	if details.payment_method != CREDIT:
		return to_pay
	patient = patients.recognise(details.contact)
	there = details.credit(patient.name, request) if details.credit and patient else 0
	is_due_later = to_pay.open and not to_pay.due and not to_pay.at_clinic
	if not request.price or there <= 0 or there < to_pay.due or is_due_later:
		raise Validation(fields={"payment_method": payable.NOT_THAT_WAY})
	return replace(to_pay, due=to_pay.due * 0)


def _require_payable(to_pay: Payable, details: Details) -> None:
	if details.payment_method == CREDIT:
		return
	if details.payment_method and details.payment_method not in to_pay.methods:
		raise Validation(fields={"payment_method": payable.NOT_THAT_WAY})


def _require_time_to_answer(practice: Practice, request, now: datetime) -> None:
	"""A doctor who approves bookings must have time left to do so (BK-5)."""
	if not practice.row["approves_bookings"]:
		return
	if terms.answer_by(practice, from_database(request.starts_at_utc), now) <= now:
		raise TimeWindow(reason="notice")
