"""Why a time is not offered (AV-14): the rules of `free`, asked of one instant, each with its name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta

from clinic_booking.scheduling import cells, walltime
from clinic_booking.scheduling.calendar import Calendar, Clinic, Override, Visit
from clinic_booking.scheduling.cells import CELL
from clinic_booking.scheduling.claims import Claim, Claims, parse
from clinic_booking.scheduling.free import Rooms
from clinic_booking.scheduling.interval import UTC, Interval, instant_at, minutes_from, minutes_until
from clinic_booking.scheduling.open_time import minute_of, open_and_on_grid, open_cells, span_within

NO_SUCH_TIME = "no_such_time"
PAST = "past"
NOTICE = "notice"
HORIZON = "horizon"
OFFLINE = "offline"
WRONG_CLINIC = "wrong_clinic"
NOT_OFFERED = "not_offered"
HOLIDAY = "holiday"
CLINIC_CLOSED = "clinic_closed"
CLOSED = "closed"
OFF_GRID = "off_grid"
TAKEN = "taken"
BUFFER = "buffer"
BUSY = "busy"
NO_ROOM = "no_room"

CODES = (
	NO_SUCH_TIME,
	PAST,
	NOTICE,
	HORIZON,
	OFFLINE,
	NOT_OFFERED,
	WRONG_CLINIC,
	HOLIDAY,
	CLINIC_CLOSED,
	CLOSED,
	OFF_GRID,
	TAKEN,
	BUFFER,
	BUSY,
	NO_ROOM,
)
"""In the order in which they are looked at: a later one means that everything before it was right."""

DESK_MAY_OVERRIDE = frozenset({NOTICE, HORIZON, OFF_GRID, HOLIDAY, CLINIC_CLOSED, CLOSED, OFFLINE})
"""What the desk may decide to book all the same (AV-9); claims are never among it."""


@dataclass(frozen=True)
class Refusal:
	"""The rule that keeps a time from being offered, and what is known of it.

	taken: the visit itself meets claimed time; buffer: only buffers do, its own or theirs; busy: outside
	busy time or the distance to it. `interval` is then the claim, buffers included. `override` is the
	exception that closes (clinic_closed: that clinic only; closed: all of them; closed without one: outside
	opening hours), `holiday` its date, `clinic` where it was looked for, `limit` the first or last instant
	that notice or horizon allow. wrong_clinic: the doctor doesn't work there, or then works elsewhere.
	"""

	code: str
	clinic: str | None = None
	interval: Interval | None = None
	override: Override | None = None
	holiday: date | None = None
	limit: datetime | None = None


def why_not(
	calendar: Calendar,
	visit: Visit,
	busy: Claims,
	start: datetime,
	now: datetime,
	clinic: str | None = None,
	rooms: Rooms | None = None,
	outside: Claims = None,
	overriding: frozenset[str] = frozenset(),
) -> Refusal | None:
	"""The first rule that speaks against a visit at `start`, None if it is offered (AV-7).

	Without `clinic` the doctor's clinics are tried, and the one that gets furthest answers. `overriding`
	names codes that don't count; overriding hours, name the clinic. `start` and `now` are aware; a wall time
	in a zone's gap is no_such_time, but one with a fixed offset is an instant like any other.
	"""
	if start.utcoffset() is None or now.utcoffset() is None:
		raise ValueError("start and now are aware datetimes")
	if start.year in (MINYEAR, MAXYEAR):
		# Years in which not every zone has a date (TI-9).
		return Refusal(PAST, limit=now) if start < now else Refusal(HORIZON, limit=calendar.latest(now))
	exists = walltime.exists(start)
	asked = _Question(
		calendar, visit, start.astimezone(UTC), exists, now.astimezone(UTC), busy, outside, rooms
	)
	places = [place for place in calendar.clinics if clinic in (None, place.name)]
	if not places:
		return Refusal(WRONG_CLINIC, clinic)
	furthest = None
	for place in places:
		refusal = next((found for found in _refusals(asked, place) if found.code not in overriding), None)
		if refusal is None:
			return None
		if furthest is None or CODES.index(refusal.code) > CODES.index(furthest.code):
			furthest = refusal
	return _elsewhere_instead(asked, furthest) if clinic is not None else furthest


def overruled(calendar: Calendar, visit: Visit, start: datetime, now: datetime, clinic: str) -> list[str]:
	"""Every rule that the desk may override, and that a visit at `start` needs it to, in the order of `CODES` (AV-9).

	wrong_clinic stands for closed where the doctor works at another clinic then. What has begun already is past
	instead of inside the notice. A clinic where the doctor doesn't work is wrong_clinic.
	"""
	place = calendar.clinic(clinic)
	if place is None:
		return [WRONG_CLINIC]
	if start.year in (MINYEAR, MAXYEAR):
		return [PAST if start < now else HORIZON]
	asked = _Question(
		calendar, visit, start.astimezone(UTC), True, now.astimezone(UTC), busy=None, outside=None, rooms=None
	)
	found = [_elsewhere_instead(asked, refusal) for refusal in _refusals(asked, place)]
	return [refusal.code for refusal in found if refusal.code in DESK_MAY_OVERRIDE | {PAST, WRONG_CLINIC}]


@dataclass(frozen=True)
class _Question:
	"""What is asked; `start` and `now` in UTC, `exists` of the start's wall clock as it was given."""

	calendar: Calendar
	visit: Visit
	start: datetime
	exists: bool
	now: datetime
	busy: Claims
	outside: Claims
	rooms: Rooms | None

	@property
	def minutes(self) -> tuple[int, int]:
		"""The visit itself, in minutes since 1970."""
		end = self.start + timedelta(minutes=self.visit.length_minutes)
		return minutes_from(self.start), minutes_until(end)

	@property
	def cells(self) -> tuple[int, int]:
		"""The cells that the visit itself touches: from, up to."""
		start, end = self.minutes
		return cells.cell_of(start), cells.cell_after(end)


def _refusals(asked: _Question, place: Clinic) -> Iterator[Refusal]:
	"""Everything that speaks against it at one clinic, in the order of `CODES`."""
	for rule in (_existence, _notice, _horizon, _online, _hours, _grid, _claims, _outside, _rooms):
		refusal = rule(asked, place)
		if refusal is not None:
			yield refusal


def _existence(asked: _Question, place: Clinic) -> Refusal | None:
	return None if asked.exists else Refusal(NO_SUCH_TIME, place.name)


def _notice(asked: _Question, place: Clinic) -> Refusal | None:
	if asked.start < asked.now:
		return Refusal(PAST, place.name, limit=asked.now)
	earliest = asked.calendar.earliest(asked.now)
	return Refusal(NOTICE, place.name, limit=earliest) if asked.start < earliest else None


def _horizon(asked: _Question, place: Clinic) -> Refusal | None:
	latest = asked.calendar.latest(asked.now)
	return Refusal(HORIZON, place.name, limit=latest) if asked.start > latest else None


def _online(asked: _Question, place: Clinic) -> Refusal | None:
	return None if asked.calendar.online else Refusal(OFFLINE, place.name)


def _hours(asked: _Question, place: Clinic) -> Refusal | None:
	first, last = asked.cells
	shut = cells.run(last - first) & ~open_cells(asked.calendar, place, first, last)
	if not shut:
		return None
	minute = (first + cells.first(shut)) * CELL
	# A cell that a clock change cuts has two readings; either may be what closes it.
	found = [_closing(asked.calendar, place, minute + within) for within in (0, CELL - 1)]
	return max(found, key=lambda refusal: refusal != Refusal(CLOSED, place.name))


def _closing(calendar: Calendar, place: Clinic, minute: int) -> Refusal:
	"""What closes the clinic at a minute that isn't open."""
	wall = walltime.local(instant_at(minute), place.timezone)
	if wall.date() in place.holidays:
		return Refusal(HOLIDAY, place.name, holiday=wall.date())
	for override in calendar.overrides:
		if override.kind != "closed" or override.clinic not in (None, place.name):
			continue
		start, end = span_within(override.start, override.end)
		if override.from_date <= wall.date() <= override.to_date and start <= minute_of(wall.time()) < end:
			return Refusal(CLINIC_CLOSED if override.clinic else CLOSED, place.name, override=override)
	return Refusal(CLOSED, place.name)


def _grid(asked: _Question, place: Clinic) -> Refusal | None:
	cell = asked.cells[0]
	grid = asked.visit.grid(asked.calendar.grid_minutes)
	on_grid = open_and_on_grid(asked.calendar, place, cell, cell + 1, grid)[1]
	if on_grid and asked.start == instant_at(cell * CELL):
		return None
	return Refusal(OFF_GRID, place.name)


def _claims(asked: _Question, place: Clinic) -> Refusal | None:
	start, end = asked.minutes
	met = _met(asked, asked.busy)
	for claim in met:
		if start < claim.end - claim.buffer_after and claim.start + claim.buffer_before < end:
			return Refusal(TAKEN, place.name, interval=_interval(claim))
	return Refusal(BUFFER, place.name, interval=_interval(met[0])) if met else None


def _outside(asked: _Question, place: Clinic) -> Refusal | None:
	met = _met(asked, asked.outside)
	return Refusal(BUSY, place.name, interval=_interval(met[0])) if met else None


def _rooms(asked: _Question, place: Clinic) -> Refusal | None:
	if asked.rooms is None or any(not _met(asked, room) for room in asked.rooms.get(place.name, ())):
		return None
	return Refusal(NO_ROOM, place.name)


def _met(asked: _Question, claims: Claims) -> list[Claim]:
	"""The claims that the padded visit meets, cell by cell as `claims.blocked` does, earliest first."""
	start, end = asked.minutes
	low = cells.cell_of(start - asked.visit.buffer_before_minutes)
	high = cells.cell_after(end + asked.visit.buffer_after_minutes)
	return sorted(
		claim
		for claim in parse(claims)
		if claim.start < claim.end and low < cells.cell_after(claim.end) and cells.cell_of(claim.start) < high
	)


def _interval(claim: Claim) -> Interval:
	return Interval(instant_at(claim.start), instant_at(claim.end))


def _elsewhere_instead(asked: _Question, refusal: Refusal) -> Refusal:
	"""Outside a clinic's hours, but within those of another: most likely the wrong clinic was named."""
	if refusal != Refusal(CLOSED, refusal.clinic):
		return refusal
	others = (place for place in asked.calendar.clinics if place.name != refusal.clinic)
	open_at = next((place for place in others if _hours(asked, place) is None), None)
	return Refusal(WRONG_CLINIC, open_at.name) if open_at else refusal
