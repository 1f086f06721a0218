"""What staff book and move: the same rules, of which they may override some (AV-9), never a claim."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

import frappe

from clinic_booking.booking import claims, clock, lifecycle, practices, terms
from clinic_booking.booking.clock import from_database, to_database
from clinic_booking.booking.place import Place, find_place
from clinic_booking.booking.practices import OfferedService, Practice
from clinic_booking.booking.transaction import require_same
from clinic_booking.errors import NotFound, Validation, _
from clinic_booking.scheduling import status
from clinic_booking.scheduling.calendar import Visit
from clinic_booking.scheduling.refusal import DESK_MAY_OVERRIDE, why_not

WALK_IN_GRID = timedelta(minutes=5)
MOVABLE = frozenset({status.REQUESTED, status.CONFIRMED})


@dataclass(frozen=True)
class Wanted:
	"""A time that staff want: `start` is aware; `override` says that they saw the warning and go on.

	`squeeze_in`: as a second patient at a time that is taken, for a reason.
	"""

	doctor: str
	service: str
	start: datetime
	clinic: str | None = None
	override: bool = False
	squeeze_in: bool = False


def book(patient: str, wanted: Wanted, reason: str | None = None, now: datetime | None = None):
	"""A confirmed appointment made at the desk, returned. Overridden rules are kept with its first change.

	Raises what `hold` raises; `Validation`, `TimeWindow` for a rule that `override` would let through.
	"""
	practice, now = _locked_practice([wanted.doctor], wanted.doctor, now)
	service = _service(practice, wanted)
	place, overridden = _find(practice, service, wanted, now)
	person = frappe.get_doc("Clinic Patient", patient)
	person.check_permission("read")
	visit = service.visit.at(wanted.start)
	appointment = frappe.get_doc(
		doctype="Clinic Appointment",
		status=status.CONFIRMED,
		source="Desk",
		patient=patient,
		contact_name=person.patient_name,
		contact_email=person.email,
		contact_phone=person.phone,
		language=person.language,
		channel=person.preferred_channel,
		timezone=person.timezone,
		doctor=wanted.doctor,
		service=wanted.service,
		clinic=place.clinic,
		room=place.room,
		starts_at_utc=to_database(visit.start),
		ends_at_utc=to_database(visit.end),
		policy=terms.freeze(terms.policy_now()),
		squeeze_in=int(wanted.squeeze_in),
		squeeze_reason=reason if wanted.squeeze_in else None,
	)
	appointment.flags.in_use_case = True
	appointment.flags.now = now
	appointment.flags.why = _why(reason, overridden)
	return appointment.insert()


def walk_in(patient: str, doctor: str, service: str, clinic: str, now: datetime | None = None):
	"""Somebody is here without an appointment: booked from the next five minutes on, and checked in (DY-1)."""
	now = now or clock.now()
	grid = WALK_IN_GRID.total_seconds()
	started = datetime.fromtimestamp(ceil(now.timestamp() / grid) * grid, clock.UTC)
	wanted = Wanted(doctor, service, started, clinic, override=True)
	appointment = book(patient, wanted, _("Walk-in"), now)
	return lifecycle.check_in(appointment.name, doctor, now)


def move(
	name: str,
	current_doctor: str,
	wanted: Wanted,
	reason: str | None = None,
	now: datetime | None = None,
):
	"""Move an appointment, to another doctor too; it does not count as one of the patient's moves (PO-1)."""
	practice, now = _locked_practice([wanted.doctor, current_doctor], wanted.doctor, now)
	appointment = frappe.get_doc("Clinic Appointment", name, for_update=True)
	require_same(current_doctor, appointment)
	if appointment.status not in MOVABLE:
		raise Validation(_("This appointment can no longer be moved."))
	service = _with_length(_service(practice, wanted), appointment)
	place, overridden = _find(practice, service, wanted, now, without=name)
	visit = service.visit.at(wanted.start)
	appointment.update(
		{
			"doctor": wanted.doctor,
			"clinic": place.clinic,
			"room": place.room,
			"starts_at_utc": to_database(visit.start),
			"ends_at_utc": to_database(visit.end),
		}
	)
	if appointment.status == status.REQUESTED:
		appointment.expires_at_utc = to_database(terms.answer_by(practice, wanted.start, now))
	appointment.flags.in_use_case = True
	appointment.flags.now = now
	appointment.flags.why = _why(reason, overridden)
	return appointment.save()


def _locked_practice(doctors: list[str], doctor: str, now: datetime | None) -> tuple[Practice, datetime]:
	versions = claims.lock_doctors(doctors)
	if doctor not in versions:
		raise NotFound
	return practices.of(doctor, versions[doctor]), now or clock.now()


def _service(practice: Practice, wanted: Wanted) -> OfferedService:
	"""Anything the doctor gives there; what patients can't book online the desk can."""
	service = practice.services.get(wanted.service)
	if service is None:
		raise Validation(fields={"service": _("This doctor does not offer this.")})
	if not service.is_at(wanted.clinic):
		raise Validation(fields={"clinic": _("This is not offered at this clinic.")})
	return service


def _with_length(service: OfferedService, appointment) -> OfferedService:
	"""The length that was agreed stays; buffers are those of whoever takes it now."""
	length = from_database(appointment.ends_at_utc) - from_database(appointment.starts_at_utc)
	visit = Visit(
		length_minutes=length // timedelta(minutes=1),
		buffer_before_minutes=service.visit.buffer_before_minutes,
		buffer_after_minutes=service.visit.buffer_after_minutes,
	)
	return replace(service, visit=visit)


def _find(
	practice: Practice, service: OfferedService, wanted: Wanted, now: datetime, without: str | None = None
) -> tuple[Place, str | None]:
	"""The place, and the code of the first rule that was overridden, if any."""
	calendar = practice.calendars[service.name]
	spoken = why_not(calendar, service.visit, None, wanted.start, now, wanted.clinic)
	overridden = spoken.code if spoken and wanted.override and spoken.code in DESK_MAY_OVERRIDE else None
	clinic = wanted.clinic
	if overridden and clinic is None:
		clinic = service.clinics[0]
	place = find_place(
		practice,
		service,
		wanted.start,
		now,
		clinic,
		without,
		overriding=DESK_MAY_OVERRIDE if wanted.override else frozenset(),
		squeeze_in=wanted.squeeze_in,
	)
	return place, overridden


def _why(reason: str | None, overridden: str | None) -> str | None:
	"""The reason as given, and which rule was overridden."""
	parts = [reason, overridden and f"[{overridden}]"]
	return " ".join(part for part in parts if part) or None
