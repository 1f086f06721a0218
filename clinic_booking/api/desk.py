"""What the Desk calls: bookings, moves and states, for whoever may write the appointment (SE-1)."""

from functools import partial
from typing import Literal

import frappe

# Called as clinic_booking.api.desk.<name>, like the rest.
from clinic_booking.api.desk_calendar import events  # noqa: F401
from clinic_booking.api.desk_messages import messages, retry_message, send_message  # noqa: F401
from clinic_booking.api.desk_money import (  # noqa: F401
	confirm_transfer,
	payment,
	refund,
	retry_books,
	take_payment,
)
from clinic_booking.api.desk_papers import paper  # noqa: F401
from clinic_booking.api.desk_patients import NewPatient, patients, who  # noqa: F401
from clinic_booking.api.door import Raw, desk
from clinic_booking.api.reach import RECEPTION, reach
from clinic_booking.booking import (
	availability,
	clock,
	lifecycle,
	overrules,
	status,
	walk_ins,
	why_not,
)
from clinic_booking.booking import desk as desk_booking
from clinic_booking.booking.transaction import run
from clinic_booking.errors import SlotConflict
from clinic_booking.inputs import (
	Date,
	Flag,
	Instant,
	Reason,
	RecordName,
)


@desk("GET", *RECEPTION)
def offers() -> list[dict]:
	"""What can be booked: `[{doctor, name, services: [{service, title, minutes, clinics}]}]`, doctors by name."""
	return desk_booking.offers(_versions())


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
	return _shape(_run(wanted, desk_booking.book, who(patient, new_patient, clinic), wanted, reason))


@desk("GET", *RECEPTION)
def walk_in_times(service: RecordName | None = None, clinic: RecordName | None = None) -> list[dict]:
	"""`[{doctor, name, service, clinic, starts}]`: who has time for a walk-in now or in the next hours, soonest first.

	`starts` are three at most; doctors without any come last. Without `service`, each one's first.
	"""
	return walk_ins.times(_versions(), service, clinic)


@desk("POST", *RECEPTION)
def walk_in(
	doctor: RecordName,
	service: RecordName,
	clinic: RecordName,
	patient: RecordName | None = None,
	new_patient: NewPatient | None = None,
	start: Instant | None = None,
	squeeze_in: Flag = False,
	reason: Reason | None = None,
) -> dict:
	"""The same, from now on or from `start`, and checked in (DY-1).

	`ERR_SLOT_CONFLICT` when busy, with the doctor's next times in the coming hours as `alternatives`.
	"""
	reach("Doctor", doctor)
	wanted = desk_booking.Wanted(doctor, service, start or clock.now(), clinic, squeeze_in=squeeze_in)
	try:
		return _shape(run(walk_ins.walk_in, who(patient, new_patient, clinic), wanted, reason))
	except SlotConflict:
		frappe.db.rollback()
		raise SlotConflict(walk_ins.alternatives(wanted)) from None


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


def _versions() -> dict[str, str]:
	"""The doctors whom the caller sees, by name, each with the version of their offer."""
	rows = frappe.get_list(
		"Doctor",
		filters={"enabled": 1},
		fields=["name", "offer_version"],
		order_by="doctor_name, name",
		limit_page_length=0,
	)
	return {row.name: row.offer_version for row in rows}


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
