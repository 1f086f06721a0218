"""Where a picked time would be, or what stands against it: the rules of `hold` and `reschedule`."""

from dataclasses import dataclass
from datetime import datetime

from clinic_booking.booking import availability, claims
from clinic_booking.booking.practices import OfferedService, Practice
from clinic_booking.errors import BookingError, SlotConflict, TimeWindow, Validation, _
from clinic_booking.scheduling import refusal
from clinic_booking.scheduling.refusal import Refusal, why_not

TIME_WINDOW = frozenset({refusal.PAST, refusal.NOTICE, refusal.HORIZON})
CONFLICT = frozenset({refusal.TAKEN, refusal.BUFFER, refusal.BUSY, refusal.NO_ROOM})
REASONS = {
	refusal.NO_SUCH_TIME: _("The clocks skip this time."),
	refusal.OFFLINE: _("This doctor takes no bookings online right now."),
	refusal.WRONG_CLINIC: _("The doctor is not at this clinic then."),
	refusal.NOT_OFFERED: _("This is not offered at this clinic."),
	refusal.HOLIDAY: _("The clinic is closed that day."),
	refusal.CLINIC_CLOSED: _("The clinic is closed then."),
	refusal.CLOSED: _("This is outside opening hours."),
	refusal.OFF_GRID: _("This is not one of the times on offer."),
}


@dataclass(frozen=True)
class Place:
	"""Where a visit would be: the clinic, and the room if the service needs one."""

	clinic: str
	room: str | None


def find_place(
	practice: Practice,
	service: OfferedService,
	start: datetime,
	now: datetime,
	clinic: str | None = None,
	without: str | None = None,
	overriding: frozenset[str] = frozenset(),
	squeeze_in: bool = False,
) -> Place:
	"""The clinic and room for a visit at `start`; raises what stands against it (AV-7).

	Locks the rooms that suit, so the doctors' locks must be there. `without` names what gives up its time,
	`overriding` the rules that don't count (the desk's, AV-9); overriding hours, name the clinic. `squeeze_in`:
	whatever else the doctor has then.
	"""
	calendar, visit = practice.calendar_of(service), service.visit
	if reason := why_not(calendar, visit, None, start, now, clinic, overriding=overriding):
		raise refused(reason)
	rooms_that_suit = service.all_rooms(clinic)
	claims.lock_rooms(rooms_that_suit)
	padded = visit.padded(start)
	read = availability.read_claims(
		[practice.doctor], rooms_that_suit, padded.start, padded.end, without, now
	)
	taken, rooms = (None if squeeze_in else read.of_doctor(practice.doctor)), read.of_rooms(service)
	for place in [clinic] if clinic else service.clinics:
		if why_not(calendar, visit, taken, start, now, place, rooms, overriding=overriding) is None:
			return Place(place, _free_room(service, place, read))
	reason = why_not(calendar, visit, taken, start, now, clinic, rooms, overriding=overriding)
	# The doctor may be free at a clinic that is not asked for.
	raise refused(reason or Refusal(refusal.WRONG_CLINIC))


def refused(reason: refusal.Refusal) -> BookingError:
	"""The error of rules.md for a rule that speaks against a time."""
	if reason.code in TIME_WINDOW:
		return TimeWindow(reason=reason.code)
	if reason.code in CONFLICT:
		return SlotConflict()
	return Validation(fields={"start": REASONS[reason.code]})


def _free_room(service: OfferedService, clinic: str, read: availability.Claimed) -> str | None:
	"""The first suitable room with no claim in the time that was read."""
	return next((r for r in service.rooms.get(clinic, ()) if not read.texts.get(claims.room(r))), None)
