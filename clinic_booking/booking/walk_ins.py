"""Somebody is here without an appointment: who has time now or soonest, and the visit itself (DY-1)."""

from datetime import datetime

from clinic_booking.booking import availability, clock, desk, lifecycle, practices
from clinic_booking.booking.patients import Contact
from clinic_booking.booking.practice import OfferedService, Practice
from clinic_booking.errors import _
from clinic_booking.scheduling import walk_in as rules


def walk_in(
	patient: str | Contact, wanted: desk.Wanted, reason: str | None = None, now: datetime | None = None
):
	"""An appointment at `wanted.start`, or from the next five minutes on where that is over, and checked in."""
	now = now or clock.now()
	start = max(wanted.start, rules.now_or_soon(now))
	appointment = desk.book(patient, wanted.for_walk_in(start), reason or _("Walk-in"), now)
	here = lifecycle.check_in(appointment.name, wanted.doctor, now)
	here.flags.overridden = appointment.flags.overridden
	return here


def times(
	versions: dict[str, str],
	service: str | None = None,
	clinic: str | None = None,
	now: datetime | None = None,
) -> list[dict]:
	"""`[{doctor, name, service, clinic, starts: [instant]}]`, who is free soonest first, those without time last.

	`versions`: the doctors who are asked, each with the current version of their offer. For the service and
	clinic given, else each one's first.
	"""
	now = now or clock.now()
	asked = [
		(practice, given, place)
		for practice in practices.of_many(versions).values()
		for given, place in _first_offer(practice, service, clinic)
	]
	if not asked:
		return []
	read = availability.read_claims(
		[practice.doctor for practice, _given, _place in asked],
		{room for _practice, given, place in asked for room in given.all_rooms(place)},
		now - rules.REACH,
		now + 2 * rules.REACH,
		now=now,
	)
	found = [_time(practice, given, place, read, now) for practice, given, place in asked]
	return sorted(found, key=lambda each: (not each["starts"], each["starts"][:1]))


def alternatives(wanted: desk.Wanted) -> list[dict]:
	"""The next times of a doctor who is busy, `[{start, end, clinic}]` as the API gives them."""
	practice, service = desk.offering(wanted.doctor, wanted.service, wanted.clinic)
	(found,) = times({wanted.doctor: practice.version}, wanted.service, wanted.clinic)
	zone = practice.clinics[wanted.clinic]["timezone"]
	starts = map(datetime.fromisoformat, found["starts"])
	return [
		{
			"start": clock.iso(start, zone),
			"end": clock.iso(service.visit.at(start).end, zone),
			"clinic": wanted.clinic,
		}
		for start in starts
	]


def _first_offer(
	practice: Practice, service: str | None, clinic: str | None
) -> list[tuple[OfferedService, str]]:
	"""The service and clinic to ask for, if the doctor has one."""
	offers = (
		(each, clinic or each.clinics[0])
		for each in practice.services.values()
		if service in (None, each.name) and each.clinics and each.is_at(clinic)
	)
	return [offer for offer in [next(offers, None)] if offer]


def _time(
	practice: Practice, service: OfferedService, clinic: str, read: availability.Claimed, now: datetime
) -> dict:
	starts = rules.starts(
		practice.calendar_of(service),
		service.visit,
		read.of_doctor(practice.doctor),
		now,
		clinic,
		read.of_rooms(service),
	)
	zone = practice.clinics[clinic]["timezone"]
	return {
		"doctor": practice.doctor,
		"name": practice.row["doctor_name"],
		"service": service.name,
		"clinic": clinic,
		"starts": [clock.iso(start, zone) for start in starts],
	}
