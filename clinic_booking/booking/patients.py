"""Who a booking is for: recognised by phone and name, or e-mail and name; else new (BK-4)."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import frappe

from clinic_booking.booking.clock import to_database
from clinic_booking.booking.names import comparable


@dataclass(frozen=True)
class Contact:
	"""What was typed, checked and normalised: phone in E.164, e-mail lower-case in its domain.

	Online both are there; at the desk either may be missing, and the birth date may be known.
	"""

	name: str
	email: str | None
	phone: str | None
	language: str | None = None
	channel: str | None = None
	timezone: str | None = None
	birth_date: date | None = None


class Patient(NamedTuple):
	"""A Clinic Patient: its name in the database, and the person's."""

	name: str
	patient_name: str


def recognise_or_create(contact: Contact, clinic: str) -> Patient:
	"""The patient of these contact details. A known one is neither changed nor revealed.

	Two bookings for one new contact at once are kept apart by `transaction.one_at_a_time`, called before.
	"""
	known = _with_contact(contact)
	if patient := _named(contact.name, known):
		return patient
	same_phone = [row.name for row in known if row.phone and row.phone == contact.phone]
	return _create(contact, clinic, possible_duplicate_of=same_phone[0] if same_phone else None)


def recognise(contact: Contact) -> Patient | None:
	"""The patient who has these contact details and this name, whoever may see them; None for nobody."""
	return _named(contact.name, _with_contact(contact))


def _named(name: str, rows: list[dict]) -> Patient | None:
	wanted = comparable(name)
	found = (row for row in rows if comparable(row.patient_name) == wanted)
	return next((Patient(row.name, row.patient_name) for row in found), None)


def _with_contact(contact: Contact) -> list[dict]:
	return frappe.db.sql(
		"""SELECT name, patient_name, phone, email FROM `tabClinic Patient` WHERE phone = %(phone)s
		UNION SELECT name, patient_name, phone, email FROM `tabClinic Patient` WHERE email = %(email)s
		ORDER BY name""",
		{"phone": contact.phone, "email": contact.email},
		as_dict=True,
	)


def _create(contact: Contact, clinic: str, possible_duplicate_of: str | None) -> Patient:
	patient = frappe.get_doc(
		doctype="Clinic Patient",
		patient_name=contact.name,
		email=contact.email,
		phone=contact.phone,
		language=contact.language,
		preferred_channel=contact.channel,
		timezone=contact.timezone,
		birth_date=contact.birth_date,
		clinic=clinic,
		possible_duplicate_of=possible_duplicate_of,
	)
	# Every link was read in this transaction or checked at the door.
	patient.flags.ignore_links = True
	# Checked before: the caller holds the time, and the contact went through the public door.
	patient.insert(ignore_permissions=True)
	return Patient(patient.name, patient.patient_name)


def record_consent(patient: str, appointment: str, request: str, version: str, text: str, given_at) -> None:
	"""Keep which text was agreed to, and when (UI-1, SE-4)."""
	frappe.get_doc(
		doctype="Patient Consent",
		patient=patient,
		appointment=appointment,
		request=request,
		kind="Booking",
		text_version=version,
		text=text,
		given_at=to_database(given_at),
		source="Online",
	).db_insert()
