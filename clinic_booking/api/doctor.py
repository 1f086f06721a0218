"""What doctors call about their own bookings and hours; managers about the doctors of their clinics (SE-1)."""

import json
from datetime import date
from functools import partial
from typing import Annotated, Literal

import frappe
from pydantic import Field

from clinic_booking.api.door import Raw, signed_in
from clinic_booking.api.reach import reach
from clinic_booking.booking import availability as free_times
from clinic_booking.booking import changes, clock, lifecycle, opening_hours, status, visits
from clinic_booking.booking.affected import Decision
from clinic_booking.booking.opening_hours import Edit
from clinic_booking.booking.practices import WEEKDAYS
from clinic_booking.booking.transaction import run
from clinic_booking.inputs import Date, Flag, Model, Number, Reason, RecordName, line

DOCTOR = ("Clinic Doctor", "Clinic Manager", "System Manager")
# Reception closes and opens times of the doctors at its clinics; the week stays theirs and the manager's.
RECEPTION = (*DOCTOR, "Clinic Receptionist")
MOST_ROWS = 200

Page = Annotated[Number, Field(ge=0)]
PageLength = Annotated[Number, Field(ge=1, le=100)]
WallTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Affected = Literal["keep", "cancel"]


class Hours(Model):
	"""A block of the week, in the clinic's wall clock "HH:MM"; an end before the start is on the next day."""

	clinic: RecordName
	weekday: Literal[WEEKDAYS]
	start: WallTime
	end: WallTime
	valid_from: Date | None = None
	valid_to: Date | None = None

	def row(self) -> dict:
		"""As a row of Weekly Availability."""
		return {
			"clinic": self.clinic,
			"weekday": self.weekday,
			"start_time": self.start,
			"end_time": self.end,
			"valid_from": self.valid_from,
			"valid_to": self.valid_to,
		}


class Override(Model):
	"""Closed, or opened at one clinic, from one date to another; whole days without times (AV-3)."""

	kind: Literal["Closed", "Open"]
	from_date: Date
	to_date: Date | None = None
	start: WallTime | None = None
	end: WallTime | None = None
	clinic: RecordName | None = None
	reason: line(140) | None = None

	def row(self) -> dict:
		"""As an Availability Exception."""
		return {
			"kind": self.kind,
			"from_date": self.from_date,
			"to_date": self.to_date or self.from_date,
			"all_day": int(self.start is None and self.end is None),
			"start_time": self.start,
			"end_time": self.end,
			"clinic": self.clinic,
			"reason": self.reason,
		}


Week = Annotated[list[Hours], Field(max_length=MOST_ROWS)]
Overrides = Annotated[list[Override], Field(max_length=MOST_ROWS)]
Names = Annotated[list[RecordName], Field(max_length=MOST_ROWS)]


# -- bookings ----------------------------------------------------------------------------------------


@signed_in("GET", *DOCTOR)
def appointments(
	doctor: RecordName,
	period: Literal["upcoming", "past"] = "upcoming",
	start: Page = 0,
	limit: PageLength = 20,
) -> dict:
	"""`{appointments: [{appointment, reference, status, patient, service, clinic, room, start, end}], total}`.

	Upcoming ones by start, past ones latest first; times in the clinic's zone.
	"""
	reach("Doctor", doctor, "write")
	return visits.of_doctor(doctor, period == "upcoming", start, limit, clock.now())


@signed_in("GET", *DOCTOR)
def history(appointment: RecordName) -> list[dict]:
	"""`[{at, user, role, what, before, after, why}]`: the changes of one appointment, newest first (BK-9)."""
	doc = reach("Clinic Appointment", appointment)
	zone = status.zone_of(doc)
	return [
		change | {"at": clock.iso(change.pop("at_utc"), zone)} | _values(change)
		for change in changes.history(doc.name)
	]


@signed_in("POST", *DOCTOR)
def approve(appointment: RecordName) -> dict:
	"""`{appointment, status, start}`: a requested booking is confirmed (BK-5); twice is once."""
	return _shape(run(lifecycle.approve, on=partial(reach, "Clinic Appointment", appointment, "write")))


@signed_in("POST", *DOCTOR)
def decline(appointment: RecordName, reason: Reason) -> dict:
	"""`{appointment, status, start}`: a requested booking is declined with a reason; its time is free again."""
	return _shape(
		run(lifecycle.decline, reason, on=partial(reach, "Clinic Appointment", appointment, "write"))
	)


# -- hours -------------------------------------------------------------------------------------------


@signed_in("POST", *DOCTOR)
def online(doctor: RecordName, online: Flag) -> dict:
	"""`{doctor, online}`: the doctor's switch (AV-9); offline offers nothing, from the next call on."""
	reach("Doctor", doctor, "write")
	run(opening_hours.switch, doctor, online)
	return {"doctor": doctor, "online": online}


@signed_in("GET", *DOCTOR)
def hours(doctor: RecordName) -> dict:
	"""`{doctor, week: [{clinic, weekday, start, end, valid_from, valid_to}]}` (AV-1)."""
	doc = reach("Doctor", doctor, "write")
	return {"doctor": doc.name, "week": opening_hours.week(doc)}


@signed_in("POST", *DOCTOR)
def set_hours(
	doctor: RecordName, week: Week, affected: Affected | None = None, reason: Reason | None = None
) -> dict:
	"""As `hours`, after the whole week was replaced.

	Where that hits appointments (AV-11): `ERR_VALIDATION` with `appointments`, until `affected` says to keep
	them or, with a reason, to cancel them.
	"""
	reach("Doctor", doctor, "write")
	_change(doctor, Edit(week=[block.row() for block in week]), affected, reason)
	return {"doctor": doctor, "week": opening_hours.week(frappe.get_doc("Doctor", doctor))}


@signed_in("GET", *RECEPTION)
def exceptions(doctor: RecordName, from_date: Date, to_date: Date | None = None) -> list[dict]:
	"""`[{exception, kind, from_date, to_date, start, end, clinic, reason}]` between two dates, or from one (AV-3)."""
	reach("Doctor", doctor)
	return opening_hours.exceptions(doctor, from_date, to_date or date.max)


@signed_in("POST", *RECEPTION)
def add_exceptions(
	doctor: RecordName,
	exceptions: Overrides,
	affected: Affected | None = None,
	reason: Reason | None = None,
) -> dict:
	"""`{exceptions: [names]}`: close or open one or many times at once, all or none; `affected` as `set_hours`."""
	edit = Edit(add=tuple(override.row() for override in exceptions))
	return {"exceptions": _change(doctor, edit, affected, reason)}


@signed_in("POST", *RECEPTION)
def remove_exceptions(
	doctor: RecordName, exceptions: Names, affected: Affected | None = None, reason: Reason | None = None
) -> dict:
	"""`{}`: take exceptions and opened times back, all or none; `affected` as `set_hours`."""
	_change(doctor, Edit(remove=tuple(exceptions)), affected, reason)
	return {}


@signed_in("POST", *DOCTOR)
def conflicts(
	doctor: RecordName, week: Week | None = None, add: Overrides | None = None, remove: Names | None = None
) -> dict:
	"""`{appointments: [{appointment, reference, patient, start, end, clinic, service}]}`: what a change would hit.

	The change, whole or in part as the calls above take it, is checked as if it were made, and not made.
	"""
	reach("Doctor", doctor, "write")
	edit = Edit(
		week=None if week is None else [block.row() for block in week],
		add=tuple(override.row() for override in add or ()),
		remove=tuple(remove or ()),
	)
	found = run(opening_hours.hit_by, doctor, edit)
	frappe.db.rollback()
	return {"appointments": found}


@signed_in("GET", *DOCTOR)
def preview(
	doctor: RecordName,
	service: RecordName,
	from_date: Date,
	to_date: Date,
	clinic: RecordName | None = None,
) -> Raw:
	"""What patients are offered, as the public `availability` answers it (AV-13): the same code, 62 days at most."""
	reach("Doctor", doctor, "write")
	answer = free_times.availability(doctor, service, from_date, to_date, clinic)
	return Raw(f'{{"message":{answer.text()}}}'.encode(), "application/json")


def _change(doctor: str, edit: Edit, affected: str | None, reason: str | None) -> list[str]:
	"""What the edit writes is asked of Frappe's permissions, document by document."""
	reach("Doctor", doctor)
	return run(opening_hours.change, doctor, edit, Decision(affected, reason))


def _values(change: dict) -> dict:
	return {side: json.loads(change[side]) if change[side] else None for side in ("before", "after")}


def _shape(appointment) -> dict:
	return {
		"appointment": appointment.name,
		"status": appointment.status,
		"start": clock.iso(appointment.starts_at_utc, status.zone_of(appointment)),
	}
