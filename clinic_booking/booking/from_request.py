"""A request becomes its appointment: the same reference, token, policy, price, time and room (BK-5)."""

from datetime import datetime

import frappe

from clinic_booking.booking import invoice_address, patients, payable, terms
from clinic_booking.booking.appointments import payment_status
from clinic_booking.booking.clock import from_database, to_database
from clinic_booking.booking.patients import Contact
from clinic_booking.booking.practice import Practice
from clinic_booking.scheduling import status

CARRIED = (
	*("reference", "seed", "doctor", "service", "clinic", "room", "policy"),
	*("starts_at_utc", "ends_at_utc", "buffer_before_minutes", "buffer_after_minutes"),
	*("price", "deposit", "currency", "payment", "payment_method"),
	*invoice_address.FIELDS,
)
TYPED = (
	"patient_name",
	"email",
	"phone",
	"language",
	"channel",
	"timezone",
	"note_encrypted",
	"consent_text",
	*invoice_address.FIELDS,
)


def make(request, contact: Contact, note: str | None, practice: Practice, now: datetime):
	"""Insert the appointment of a request that has its claims, and note on the request what became of it.

	`note` is sealed. Requested with a doctor who approves bookings, else Confirmed. The caller has locked doctor and
	request, and saves the request. Raises `HoldExpired` where a claim has gone.
	"""
	patient = patients.recognise_or_create(contact, request.clinic)
	appointment = _appointment(request, contact, note, patient, practice, now)
	appointment.flags.hold = request.name
	appointment.flags.now = now
	# Every link was read or written in this transaction.
	appointment.flags.ignore_links = True
	# The holder of the token books for themselves: the time, the offer and the contact were checked before.
	appointment.insert(ignore_permissions=True)
	patients.record_consent(
		appointment.patient,
		appointment.name,
		request.name,
		request.consent_version,
		request.consent_text,
		from_database(request.consent_at_utc),
	)
	request.status, request.appointment = appointment.status, appointment.name
	forget_person(request)
	return appointment


def keep_consent(request, now: datetime) -> None:
	"""Note on the request which text was agreed to, and when (UI-1, SE-4)."""
	settings = frappe.get_cached_doc(payable.SETTINGS)
	request.consent_version, request.consent_text = settings.consent_version, settings.consent_text
	request.consent_at_utc = to_database(now)


def keep_person(request, contact: Contact, note: str | None) -> None:
	"""Keep on a request that waits for money who it is for; `note` is sealed."""
	request.update(
		{
			"patient_name": contact.name,
			"email": contact.email,
			"phone": contact.phone,
			"language": contact.language,
			"channel": contact.channel,
			"timezone": contact.timezone,
			"note_encrypted": note,
		}
	)


def person_of(request) -> Contact:
	"""Who a request that waited for money is for."""
	return Contact(
		name=request.patient_name,
		email=request.email,
		phone=request.phone,
		language=request.language,
		channel=request.channel,
		timezone=request.timezone,
	)


def forget_person(request) -> None:
	"""The request has served: it keeps its token and answers, not the patient's words."""
	request.update(dict.fromkeys(TYPED))


def _appointment(
	request, contact: Contact, note: str | None, patient: patients.Patient, practice: Practice, now: datetime
):
	approves = practice.row["approves_bookings"]
	appointment = frappe.get_doc(
		doctype="Clinic Appointment",
		status=status.REQUESTED if approves else status.CONFIRMED,
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
		note_encrypted=note,
		payment_status=payment_status(request.price),
		request=request.name,
		**{field: request.get(field) for field in CARRIED},
	)
	if approves:
		start = from_database(request.starts_at_utc)
		appointment.expires_at_utc = to_database(terms.answer_by(practice, start, now))
	return appointment
