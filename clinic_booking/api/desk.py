"""What the Desk calls: bookings, moves and states, for whoever may write the appointment (SE-1)."""

from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Annotated, Literal

import frappe
from frappe import _
from pydantic import Field

# Called as clinic_booking.api.desk.<name>, like the rest.
from clinic_booking.api.desk_money import payment, refund, retry_books, take_payment  # noqa: F401
from clinic_booking.api.door import Raw, desk
from clinic_booking.api.reach import reach
from clinic_booking.booking import (
	availability,
	claims,
	clock,
	lifecycle,
	overrules,
	patient_search,
	status,
	why_not,
)
from clinic_booking.booking import desk as desk_booking
from clinic_booking.booking.patients import Contact
from clinic_booking.booking.transaction import one_at_a_time, run
from clinic_booking.errors import SlotConflict, Validation
from clinic_booking.errors import _ as marked
from clinic_booking.inputs import (
	Date,
	Email,
	Flag,
	Instant,
	Model,
	Name,
	Number,
	Phone,
	Reason,
	RecordName,
	Search,
	e164,
)

RECEPTION = ("Clinic Manager", "Clinic Receptionist", "Clinic Doctor", "System Manager")
LONGEST_CALENDAR = timedelta(days=62)
PageLength = Annotated[Number, Field(ge=1, le=50)]
EVENT_FIELDS = [
	"name",
	"patient_name",
	"status",
	"doctor",
	"doctor_name",
	"service",
	"clinic",
	"room",
	"starts_at",
	"ends_at",
	"starts_at_utc",
	"squeeze_in",
]


class NewPatient(Model):
	"""Whom the desk does not know yet, or not by name of record; the phone is raw, read as one of the clinic's."""

	name: Name
	phone: Phone | None = None
	email: Email | None = None
	birth_date: Date | None = None


@desk("GET", *RECEPTION)
def offers() -> list[dict]:
	"""What can be booked: `[{doctor, name, services: [{service, title, minutes, clinics}]}]`, doctors by name."""
	rows = frappe.get_list(
		"Doctor",
		filters={"enabled": 1},
		fields=["name", "offer_version"],
		order_by="doctor_name, name",
		limit_page_length=0,
	)
	return desk_booking.offers({row.name: row.offer_version for row in rows})


@desk("GET", *RECEPTION)
def patients(q: Search, clinic: RecordName | None = None, limit: PageLength = 10) -> dict:
	"""`{patients: [{patient, name, phone, email, birth_date}], elsewhere}`: one box for all of it (PT-6).

	Part of name, phone, e-mail or birth date among the caller's own patients; `elsewhere` says that somebody
	of the full name has the full phone or e-mail at another clinic (SE-1): book for them as `new_patient`.
	"""
	words = patient_search.words_of(q)
	found = patient_search.find(words, limit)
	contact = _typed(words, clinic)
	is_elsewhere = bool(not found and contact and patient_search.is_known_elsewhere(contact))
	return {"patients": found, "elsewhere": is_elsewhere}


@desk("GET", *RECEPTION)
def times(
	doctor: RecordName,
	service: RecordName,
	from_date: Date,
	to_date: Date,
	clinic: RecordName | None = None,
	appointment: RecordName | None = None,
) -> Raw:
	"""As the public `availability`, of everything the desk may book; an appointment's own time counts as free."""
	reach("Doctor", doctor)
	own = reach("Clinic Appointment", appointment).name if appointment else None
	answer = availability.availability(
		doctor, service, from_date, to_date, clinic, without=own, offering=desk_booking.offering
	)
	return Raw(f'{{"message":{answer.text()}}}'.encode(), "application/json")


@desk("POST", *RECEPTION)
def book(
	doctor: RecordName,
	service: RecordName,
	start: Instant,
	patient: RecordName | None = None,
	new_patient: NewPatient | None = None,
	clinic: RecordName | None = None,
	override: Flag = False,
	squeeze_in: Flag = False,
	reason: Reason | None = None,
) -> dict:
	"""`{appointment, status, reference}`: a confirmed appointment made at the desk (AV-9).

	For a `patient` of the caller's or for a `new_patient`, who is recognised as online or created (BK-4).
	`override` lets notice, horizon, grid, hours and offline pass, never a claim; which rule it was is kept.
	`squeeze_in`, with a reason, is a second patient at one time: the doctor's or a manager's to decide.
	`ERR_SLOT_CONFLICT` with `alternatives`, `ERR_TIME_WINDOW` and `ERR_VALIDATION` for what may be overridden.
	"""
	reach("Doctor", doctor)
	wanted = desk_booking.Wanted(doctor, service, start, clinic, override, squeeze_in)
	return _shape(_run(wanted, desk_booking.book, _who(patient, new_patient, clinic), wanted, reason))


@desk("POST", *RECEPTION)
def walk_in(
	doctor: RecordName,
	service: RecordName,
	clinic: RecordName,
	patient: RecordName | None = None,
	new_patient: NewPatient | None = None,
	squeeze_in: Flag = False,
	reason: Reason | None = None,
) -> dict:
	"""The same, from now on and checked in (DY-1). `ERR_SLOT_CONFLICT` with `alternatives` when busy."""
	reach("Doctor", doctor)
	who = _who(patient, new_patient, clinic)
	wanted = desk_booking.Wanted(doctor, service, clock.now(), clinic, override=True)
	return _shape(_run(wanted, desk_booking.walk_in, who, doctor, service, clinic, squeeze_in, reason))


@desk("POST", *RECEPTION)
def move(
	appointment: RecordName,
	start: Instant,
	doctor: RecordName | None = None,
	clinic: RecordName | None = None,
	override: Flag = False,
	reason: Reason | None = None,
) -> dict:
	"""Move an appointment, to another doctor too (PO-1: staff's moves don't count). Errors as `book`."""
	doc = reach("Clinic Appointment", appointment, "write")
	if doctor:
		reach("Doctor", doctor)
	wanted = desk_booking.Wanted(doctor or doc.doctor, doc.service, start, clinic, override)
	moving = partial(reach, "Clinic Appointment", appointment, "write")
	return _shape(_run(wanted, desk_booking.move, wanted, reason, on=moving))


@desk("POST", *RECEPTION)
def check_in(appointment: RecordName) -> dict:
	"""The patient is here."""
	return _change(appointment, lifecycle.check_in)


@desk("POST", *RECEPTION)
def complete(appointment: RecordName) -> dict:
	"""The visit is over."""
	return _change(appointment, lifecycle.complete)


@desk("POST", *RECEPTION)
def no_show(appointment: RecordName) -> dict:
	"""The patient did not come; `ERR_TIME_WINDOW` before the start."""
	return _change(appointment, lifecycle.no_show)


@desk("POST", *RECEPTION)
def reopen(appointment: RecordName, reason: Reason | None = None) -> dict:
	"""Back to Confirmed (BK-6); `ERR_FORBIDDEN` for reception on a later day."""
	return _change(appointment, lifecycle.reopen, reason)


@desk("POST", *RECEPTION)
def cancel(
	appointment: RecordName, reason: Reason, refund_as: Literal["money", "credit"] | None = None
) -> dict:
	"""Cancelled by the clinic, before the start, with a reason (PO-2); what was paid goes back (PO-3)."""
	return _change(appointment, lifecycle.cancel, reason, refund_as)


@desk("GET", *RECEPTION)
def why(doctor: RecordName, service: RecordName, start: Instant, clinic: RecordName | None = None) -> dict:
	"""`{offered, code, text, …}`: why a time is not offered (AV-14). Names who has it to whoever may see that."""
	reach("Doctor", doctor)
	return why_not.explain(doctor, service, start, clinic)


@desk("GET", *RECEPTION)
def events(
	start: Instant, end: Instant, doctor: RecordName | None = None, clinic: RecordName | None = None
) -> list[dict]:
	"""What the calendar shows from `start` to `end` (62 days at most): appointments the caller may see.

	`[{name, start, end, title, status, color, doctor, room, local}]`: start and end are wall clock in the
	site's zone, as Frappe's calendar takes them, `local` that of the clinic for people to read; `color` is
	the doctor's. Cancelled ones are left out.
	"""
	if not timedelta(0) <= end - start <= LONGEST_CALENDAR:
		raise Validation(fields={"end": marked("Please choose at most 62 days.")})
	filters = {"doctor": doctor, "clinic": clinic}
	rows = frappe.get_list(
		"Clinic Appointment",
		filters=[
			["status", "!=", "Cancelled"],
			["starts_at_utc", ">", clock.to_database(start - claims.LONGEST)],
			["starts_at_utc", "<", clock.to_database(end)],
			["ends_at_utc", ">", clock.to_database(start)],
			*([field, "=", value] for field, value in filters.items() if value),
		],
		fields=EVENT_FIELDS,
		order_by="starts_at_utc",
		limit_page_length=0,
	)
	return _events(rows)


def _events(rows: list[dict]) -> list[dict]:
	# Names and colours only, of what the caller sees anyway.
	colors = _values("Doctor", "color", {row.doctor for row in rows})
	services = _values("Clinic Service", "title", {row.service for row in rows})
	rooms = _values("Clinic Room", "title", {row.room for row in rows if row.room})
	zones = _values("Clinic", "timezone", {row.clinic for row in rows})
	return [
		{
			"name": row.name,
			"start": str(row.starts_at),
			"end": str(row.ends_at),
			"title": " · ".join(filter(None, (row.patient_name, services[row.service], _squeezed_in(row)))),
			"status": row.status,
			"color": colors[row.doctor],
			"doctor": row.doctor_name,
			"room": rooms.get(row.room),
			"local": f"{clock.iso(row.starts_at_utc, zones[row.clinic])[11:16]} {zones[row.clinic]}",
		}
		for row in rows
	]


def _squeezed_in(row: dict) -> str:
	return _("squeezed in") if row.squeeze_in else ""


def _values(doctype: str, field: str, names: set[str]) -> dict[str, str]:
	rows = frappe.get_all(doctype, {"name": ("in", list(names))}, ["name", field])
	return {row.name: row[field] for row in rows}


def _who(patient: str | None, new_patient: NewPatient | None, clinic: str | None) -> str | Contact:
	"""The one that was named; of the other there must be none."""
	if (patient is None) == (new_patient is None):
		raise Validation(fields={"patient": marked("Please choose a patient, or give a new one.")})
	if patient:
		return reach("Clinic Patient", patient).name
	phone = new_patient.phone and e164(new_patient.phone, _country(clinic), "new_patient.phone")
	contact = Contact(new_patient.name, new_patient.email, phone, birth_date=new_patient.birth_date)
	# A new patient has no row yet that could be locked.
	if words := [word for word in (contact.phone, contact.email) if word]:
		one_at_a_time(*words)
	return contact


def _typed(words: patient_search.Words, clinic: str | None) -> Contact | None:
	"""What was typed into the search as a contact: a name with a whole phone or e-mail."""
	phone = None
	with suppress(Validation):
		phone = words.number and e164(words.number, _country(clinic))
	return Contact(words.name, words.email or None, phone) if words.name and (phone or words.email) else None


def _country(clinic: str | None) -> str | None:
	"""ISO code of the country whose numbers need no +: the clinic's, else the site's."""
	country = clinic and frappe.db.get_value("Clinic", clinic, "country")
	country = country or frappe.get_system_settings("country")
	return country and frappe.get_cached_value("Country", country, "code")


def _change(name: str, use_case, *arguments) -> dict:
	return _shape(run(use_case, *arguments, on=partial(reach, "Clinic Appointment", name, "write")))


def _run(wanted, use_case, *arguments, on=None):
	try:
		return run(use_case, *arguments, on=on)
	except SlotConflict:
		frappe.db.rollback()
		nearby = availability.nearby(wanted.doctor, wanted.service, wanted.start, wanted.clinic)
		raise SlotConflict([slot.as_dict() for slot in nearby]) from None


def _shape(appointment) -> dict:
	zone = status.zone_of(appointment)
	return {
		"appointment": appointment.name,
		"reference": appointment.reference,
		"status": appointment.status,
		"start": clock.iso(appointment.starts_at_utc, zone),
		"end": clock.iso(appointment.ends_at_utc, zone),
		"doctor": appointment.doctor,
		"clinic": appointment.clinic,
		"room": appointment.room or None,
		"overridden": overrules.sentences(appointment.flags.overridden or ()),
	}
