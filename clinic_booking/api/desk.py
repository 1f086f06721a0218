"""What the Desk calls: bookings, moves and states, for whoever may write the appointment (SE-1)."""

import frappe

from clinic_booking.api.door import desk
from clinic_booking.api.inputs import Flag, Instant, Reason, RecordName
from clinic_booking.api.reach import reach
from clinic_booking.booking import availability, clock, lifecycle, status, why_not
from clinic_booking.booking import desk as desk_booking
from clinic_booking.booking.transaction import run
from clinic_booking.errors import SlotConflict

RECEPTION = ("Clinic Manager", "Clinic Receptionist", "Clinic Doctor", "System Manager")


@desk("POST", *RECEPTION)
def book(
	patient: RecordName,
	doctor: RecordName,
	service: RecordName,
	start: Instant,
	clinic: RecordName | None = None,
	override: Flag = False,
	squeeze_in: Flag = False,
	reason: Reason | None = None,
) -> dict:
	"""`{appointment, status, reference}`: a confirmed appointment made at the desk (AV-9).

	`override` lets notice, horizon, grid, hours and offline pass, never a claim; which rule it was is kept.
	`squeeze_in`, with a reason, is a second patient at one time: the doctor's or a manager's to decide.
	`ERR_SLOT_CONFLICT` with `alternatives`, `ERR_TIME_WINDOW` and `ERR_VALIDATION` for what may be overridden.
	"""
	reach("Doctor", doctor)
	wanted = desk_booking.Wanted(doctor, service, start, clinic, override, squeeze_in)
	return _shape(_run(wanted, desk_booking.book, patient, wanted, reason))


@desk("POST", *RECEPTION)
def walk_in(patient: RecordName, doctor: RecordName, service: RecordName, clinic: RecordName) -> dict:
	"""The same, from now on and checked in (DY-1). `ERR_SLOT_CONFLICT` with `alternatives` when busy."""
	reach("Doctor", doctor)
	wanted = desk_booking.Wanted(doctor, service, clock.now(), clinic, override=True)
	return _shape(_run(wanted, desk_booking.walk_in, patient, doctor, service, clinic))


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
	return _shape(_run(wanted, desk_booking.move, doc.name, doc.doctor, wanted, reason))


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
def cancel(appointment: RecordName, reason: Reason) -> dict:
	"""Cancelled by the clinic, before the start, with a reason (PO-2)."""
	return _change(appointment, lifecycle.cancel, reason)


@desk("GET", *RECEPTION)
def why(doctor: RecordName, service: RecordName, start: Instant, clinic: RecordName | None = None) -> dict:
	"""`{offered, code, text, …}`: why a time is not offered (AV-14). Names who has it to whoever may see that."""
	reach("Doctor", doctor)
	return why_not.explain(doctor, service, start, clinic)


def _change(name: str, use_case, *arguments) -> dict:
	doc = reach("Clinic Appointment", name, "write")
	return _shape(run(use_case, doc.name, doc.doctor, *arguments))


def _run(wanted, use_case, *arguments):
	try:
		return run(use_case, *arguments)
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
	}
