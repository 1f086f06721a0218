"""A hold becomes an appointment (BK-4, BK-5)."""

from dataclasses import dataclass
from datetime import datetime

import frappe

from clinic_booking.booking import (
	answers,
	claims,
	clock,
	notes,
	patients,
	payable,
	practices,
	requests,
	terms,
	tokens,
)
from clinic_booking.booking.appointments import payment_status
from clinic_booking.booking.clock import from_database, to_database
from clinic_booking.booking.patients import Contact
from clinic_booking.booking.transaction import require_same
from clinic_booking.errors import HoldExpired, TimeWindow, Validation, _
from clinic_booking.scheduling import status

BOOKED = frozenset({requests.REQUESTED, requests.CONFIRMED})


@dataclass(frozen=True)
class Details:
	"""What the patient sends with `book`, checked: contact, note, how to pay, and the consent given."""

	contact: Contact
	note: str | None
	payment_method: str | None


def book(
	name: str,
	doctor: str,
	details: Details,
	request_id: str | None = None,
	call: str = "",
	now: datetime | None = None,
) -> dict:
	"""Turn the held request `name` into an appointment; the answer of api.md `book`.

	A request that is booked already answers the same again. `call` is the fingerprint of the arguments, for
	a retry with the same `request_id`. Raises `HoldExpired` when the hold lapsed,
	`Validation` when the doctor no longer practices the service or the way to pay is not one of its own.
	"""
	versions = claims.lock_doctors([doctor])
	request = requests.locked(name)
	require_same(doctor, request)
	if request.room:
		claims.lock_rooms([request.room])
	now = now or clock.now()
	answers.recall(request, request_id, call, now)
	if request.status in BOOKED:
		return answer(request)
	_require_live(request, now)
	practice = practices.of(doctor, versions.get(doctor))
	_require_offered(practice, request)
	_require_payable(request, practice, details, now)
	_require_time_to_answer(practice, request, now)

	patient = patients.recognise_or_create(details.contact, request.clinic)
	appointment = _appointment(request, details, patient, practice, now)
	appointment.flags.hold = request.name
	appointment.flags.now = now
	# Every link was read or written in this transaction.
	appointment.flags.ignore_links = True
	# The holder of the token books for themselves: the time, the offer and the contact were checked above.
	appointment.insert(ignore_permissions=True)
	_record_consent(request, appointment, now)
	_finish(request, appointment, details)
	answers.remember(request, request_id, call, {}, now)
	request.db_update()
	return answer(request)


def answer(request) -> dict:
	"""What `book` answers for a booked request, the same however often it is asked."""
	return {
		"status": request.status,
		"reference": request.reference,
		"appointment": request.appointment,
		"manage_url": frappe.utils.get_url(f"/booking/{tokens.token_of(request.seed)}"),
	}


def _require_live(request, now: datetime) -> None:
	if request.status != requests.HELD or requests.status_at(request, now) == requests.EXPIRED:
		raise HoldExpired
	if from_database(request.starts_at_utc) <= now:
		raise TimeWindow


def _require_offered(practice: practices.Practice, request) -> None:
	"""RA-11: the doctor, the service or the clinic may have gone since the page was shown."""
	service = next((s for s in practice.online_services() if s.name == request.service), None)
	if service is None or request.clinic not in service.prices or not practice.calendar.online:
		raise Validation(fields={"service": _("This is no longer offered.")})


def _require_payable(request, practice: practices.Practice, details: Details, now: datetime) -> None:
	method = details.payment_method
	if method and method not in payable.when_held(request, practice, now).methods:
		raise Validation(fields={"payment_method": payable.NOT_THAT_WAY})


def _require_time_to_answer(practice: practices.Practice, request, now: datetime) -> None:
	"""A doctor who approves bookings must have time left to do so (BK-5)."""
	if not practice.row["approves_bookings"]:
		return
	if terms.answer_by(practice, from_database(request.starts_at_utc), now) <= now:
		raise TimeWindow(reason="notice")


def _appointment(
	request, details: Details, patient: patients.Patient, practice: practices.Practice, now: datetime
):
	contact = details.contact
	appointment = frappe.get_doc(
		doctype="Clinic Appointment",
		status=status.REQUESTED if practice.row["approves_bookings"] else status.CONFIRMED,
		source="Online",
		patient=patient.name,
		patient_name=patient.patient_name,
		doctor_name=practice.row["doctor_name"],
		color=practice.row["color"],
		contact_name=contact.name,
		contact_email=contact.email,
		contact_phone=contact.phone,
		language=contact.language,
		channel=contact.channel,
		timezone=contact.timezone,
		note_encrypted=notes.seal(details.note),
		payment_method=details.payment_method,
		payment_status=payment_status(request.price),
		request=request.name,
		**{
			field: request.get(field)
			for field in (
				*("reference", "seed", "doctor", "service", "clinic", "room", "policy"),
				*("starts_at_utc", "ends_at_utc", "buffer_before_minutes", "buffer_after_minutes"),
				*("price", "deposit", "currency", "payment"),
			)
		},
	)
	if appointment.status == status.REQUESTED:
		appointment.expires_at_utc = to_database(
			terms.answer_by(practice, from_database(request.starts_at_utc), now)
		)
	return appointment


def _record_consent(request, appointment, now: datetime) -> None:
	settings = frappe.get_cached_doc(terms.SETTINGS)
	request.consent_version, request.consent_at_utc = settings.consent_version, to_database(now)
	patients.record_consent(
		appointment.patient,
		appointment.name,
		request.name,
		settings.consent_version,
		settings.consent_text,
		now,
	)


def _finish(request, appointment, details: Details) -> None:
	"""The request has served: it keeps its token and answers, not the patient's words."""
	request.status = appointment.status
	request.appointment = appointment.name
	request.payment_method = details.payment_method
