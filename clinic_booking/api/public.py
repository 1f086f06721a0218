"""The public contract (docs/api.md): what patients' browsers and clinics' websites call."""

from typing import Annotated, Literal

import frappe
from pydantic import Field

from clinic_booking.api import health as health_report
from clinic_booking.api.door import Raw, caller, public

# Called as clinic_booking.api.public.<name>, like the rest.
from clinic_booking.api.public_messages import preferences, resend, subscribe  # noqa: F401
from clinic_booking.api.public_money import pay, payment_of  # noqa: F401
from clinic_booking.api.public_papers import invoice_to, receipt  # noqa: F401
from clinic_booking.billing import own_credit
from clinic_booking.booking import (
	answers,
	clock,
	countries,
	lifecycle,
	patients,
	rating,
	requests,
	status,
	tokens,
)
from clinic_booking.booking import availability as free_times
from clinic_booking.booking import book as booking_use_case
from clinic_booking.booking import doctors as doctor_pages
from clinic_booking.booking import hold as holding
from clinic_booking.booking import refund as given_back
from clinic_booking.booking import reschedule as moving
from clinic_booking.booking.preferences import known_language
from clinic_booking.booking.transaction import one_at_a_time, run
from clinic_booking.booking.ways_to_pay import AT_CLINIC, CREDIT
from clinic_booking.errors import SlotConflict
from clinic_booking.inputs import (
	Consent,
	Date,
	Instant,
	Number,
	PatientDetails,
	Reason,
	RecordName,
	RequestId,
	Search,
	Slug,
	Timezone,
	Token,
	e164,
)
from clinic_booking.messaging import calendar_file
from clinic_booking.messaging.ics import CONTENT_TYPE as CALENDAR

JSON = "application/json"
Page = Annotated[Number, Field(ge=0)]
PageLength = Annotated[Number, Field(ge=1, le=50)]
Stars = Annotated[Number, Field(ge=1, le=5)]


@public("GET")
def filters() -> dict:
	"""`{specialties, clinics, languages, services}` that some doctor really offers."""
	return doctor_pages.filters()


@public("GET")
def doctors(
	specialty: RecordName | None = None,
	clinic: RecordName | None = None,
	service: RecordName | None = None,
	language: RecordName | None = None,
	q: Search | None = None,
	start: Page = 0,
	limit: PageLength = 20,
) -> dict:
	"""`{doctors, total}`: who fits every filter, by name, each with the next two free starts."""
	return doctor_pages.search(specialty, clinic, service, language, q, start, limit)


@public("GET")
def doctor(slug: Slug) -> dict:
	"""One doctor's profile, services, prices and policy. `ERR_NOT_FOUND` for an unknown slug."""
	return doctor_pages.profile(slug)


@public("GET")
def availability(
	doctor: RecordName,
	service: RecordName,
	from_date: Date,
	to_date: Date,
	clinic: RecordName | None = None,
	timezone: Timezone | None = None,
	token: Token | None = None,
) -> Raw:
	"""`{timezone, days: [{date, state, slots}], next_free}`, both dates included, at most 62 days.

	With `token`, one's own hold counts as free. `ERR_NOT_FOUND` for an unknown doctor, `ERR_VALIDATION`
	for a service, clinic or range that can't be asked for.
	"""
	own = free_times.to_whom(status.find(token) if token else None)
	answer = free_times.availability(doctor, service, from_date, to_date, clinic, timezone, **own)
	return Raw(f'{{"message":{answer.text()}}}'.encode(), JSON)


@public("POST", limit="hold")
def hold(
	doctor: RecordName,
	service: RecordName,
	start: Instant,
	clinic: RecordName | None = None,
	token: Token | None = None,
	request_id: RequestId | None = None,
) -> dict:
	"""`{token, start, end, clinic, expires_at, price, terms}`; with `token`, that hold moves here (BK-2).

	`ERR_SLOT_CONFLICT` with `alternatives`, `ERR_TIME_WINDOW`, `ERR_VALIDATION`, `ERR_HOLD_EXPIRED`,
	`ERR_RATE_LIMITED` beyond the live holds of one browser or address (SE-2).
	"""
	asked = holding.Asked(doctor, service, start, clinic)
	try:
		if token:
			moved = run(holding.move, asked, request_id, on=lambda: requests.find(token))
			return own_credit.offer(moved, frappe.session.user)
		holder = _holder()
		if caller().has_cookie:
			one_at_a_time(holder.browser)
		held = run(holding.hold, asked, holder, request_id)
		return own_credit.offer(held, frappe.session.user)
	except SlotConflict:
		raise _with_alternatives(doctor, service, start, clinic) from None


@public("POST", limit="hold")
def extend(token: Token) -> dict:
	"""`{expires_at}`: another ten minutes, ten times at most. `ERR_HOLD_EXPIRED` when it lapsed."""
	return run(holding.extend, on=lambda: requests.find(token))


@public("POST", limit="hold")
def release(token: Token) -> dict:
	"""`{}`: the held time is free again."""
	return run(holding.release, on=lambda: requests.find(token))


@public("POST", limit="book")
def book(
	token: Token,
	patient: PatientDetails,
	consent: Consent,
	payment_method: RecordName | None = None,
	request_id: RequestId | None = None,
) -> dict:
	"""`{status, reference, appointment?, manage_url, payment?}`; a token already booked gets the same answer.

	What is due first is to be paid by `payment` (as `pay`) and makes the appointment then (BK-5).
	`ERR_HOLD_EXPIRED` when the hold lapsed, `ERR_VALIDATION` for details that can't be right and for what
	is no longer offered, `ERR_SLOT_CONFLICT` where the database refuses, `ERR_RATE_LIMITED` where this contact
	leaves too many unpaid, `ERR_PAYMENT_FAILED` where the gateway opens no page: it is booked all the same, and `pay`
	tries again.
	"""
	clinic = requests.find(token).clinic
	contact = patients.Contact(
		name=patient.name,
		email=patient.email,
		phone=e164(patient.phone, countries.of_clinic(clinic)),
		language=known_language(patient.language),
		channel=patient.channel,
		timezone=patient.timezone,
	)
	user = frappe.session.user
	details = booking_use_case.Details(contact, patient.note, payment_method, own_credit.of(user))
	call = answers.fingerprint("book", [patient.model_dump(), payment_method])
	# A new patient has no row yet that could be locked.
	one_at_a_time(contact.phone, contact.email)
	if payment_method == CREDIT:
		own_credit.wait_for_others(user)
	answer = run(booking_use_case.book, details, request_id, call, on=lambda: requests.find(token))
	if answer["status"] == requests.AWAITING_PAYMENT or payment_method not in (None, AT_CLINIC, CREDIT):
		answer |= payment_of(token)
	return answer


@public("POST", limit="book")
def reschedule(
	token: Token,
	start: Instant,
	clinic: RecordName | None = None,
	request_id: RequestId | None = None,
) -> dict:
	"""As `booking`, after the move (PO-1); price and payment carry over.

	`ERR_SLOT_CONFLICT` with `alternatives`, `ERR_TIME_WINDOW` after the deadline, `ERR_MAX_RESCHEDULES`,
	`ERR_VALIDATION` for what can't be moved. A hold moves by `hold` with its token.
	"""
	found = status.find_booked(token)
	try:
		return run(moving.answer, start, clinic, request_id, on=lambda: status.find_booked(token))
	except SlotConflict:
		raise _with_alternatives(found.doctor, found.service, start, clinic) from None


@public("POST", limit="book")
def cancel(
	token: Token,
	reason: Reason | None = None,
	refund: Literal["money", "credit"] | None = None,
) -> dict:
	"""As `booking`, and `{refund: {amount, as}}` (PO-2); before it is booked it cancels the request.

	`ERR_TIME_WINDOW` after the start, or after the deadline where the policy refuses late cancellation.
	"""
	found = status.find(token)
	if found.doctype == "Booking Request":
		run(holding.withdraw, on=lambda: requests.find(token))
		found.reload()
	else:
		found = run(lifecycle.cancel_by_patient, reason, refund, on=lambda: status.find_booked(token))
	return status.shown(found, clock.now()) | {"refund": given_back.told(found)}


@public("GET")
def booking(token: Token) -> dict:
	"""The state of a booking, its terms, and what its holder can do. `ERR_NOT_FOUND` for a wrong token."""
	return own_credit.offer(status.booking(token), frappe.session.user)


@public("GET")
def ics(token: Token) -> Raw:
	"""The appointment as a calendar file that updates, or takes away, the one downloaded before (BK-7).

	`ERR_NOT_FOUND` for a wrong token, `ERR_VALIDATION` for what is not booked yet.
	"""
	return Raw(
		calendar_file.of(status.find_booked(token), clock.now(), with_link=True), CALENDAR, "appointment.ics"
	)


@public("POST", limit="book")
def rate(token: Token, stars: Stars) -> dict:
	"""`{}`: one to five stars for a completed visit, once. `ERR_VALIDATION` before that and a second time."""
	return run(rating.rate, stars, on=lambda: status.find_booked(token))


@public("GET")
def health() -> dict:
	"""`{status, checks}`; 503 with the same body when no booking could be made."""
	answer, healthy = health_report.report()
	if not healthy:
		frappe.local.response.http_status_code = 503
	return answer


def _with_alternatives(doctor: str, service: str, start, clinic: str | None) -> SlotConflict:
	"""The loser's answer: free times nearby (BK-3), looked up after the locks are gone."""
	frappe.db.rollback()
	nearby = free_times.nearby(doctor, service, start, clinic)
	return SlotConflict([slot.as_dict() for slot in nearby])


def _holder() -> holding.Holder:
	who = caller()
	return holding.Holder(
		browser=tokens.fingerprint(who.browser),
		address=tokens.fingerprint(who.address),
	)
