"""Wall clock and instants: the only zone conversions there are (AV-8, TI-1).

A wall time that a clock change skips is no instant at all, one that it repeats is two. Zones are IANA
names, read with `zoneinfo`. Minutes are whole minutes of UTC since 1970.

What goes out has a fixed offset: between two datetimes of one and the same ZoneInfo Python compares, adds
and subtracts wall clocks, and is an hour wrong on the days that matter here.
"""

from datetime import date, datetime, time
from datetime import timezone as fixed_offset
from functools import lru_cache
from zoneinfo import ZoneInfo

from clinic_booking.scheduling.interval import EPOCH, MINUTE, UTC, minutes_from

DAY = 24 * 60

# Beyond these no datetime can be read in every zone; offsets there are those of the last that can.
EARLIEST = minutes_from(datetime(2, 1, 1, tzinfo=UTC))
LATEST = minutes_from(datetime(9999, 1, 1, tzinfo=UTC))


class UnknownZone(ValueError):
	"""There is no such IANA zone."""


# ZoneInfo itself keeps eight; visitors come from more.
_zone = lru_cache(maxsize=1024)(ZoneInfo)


def zone(timezone: str) -> ZoneInfo:
	"""The zone of that IANA name.

	Raises: UnknownZone, whatever the text (a path, a folder of zones, empty).
	"""
	try:
		return _zone(timezone)
	except (KeyError, ValueError, OSError, TypeError) as error:
		raise UnknownZone(timezone) from error


def to_utc(day: date, at: time, timezone: str) -> list[datetime]:
	"""The instants (UTC, in order) at which the clocks of `timezone` read `at` on `day`.

	None where the clocks skip it, two where they repeat it; none also outside the years 1 to 9999.
	"""
	place = zone(timezone)
	wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
	instants = []
	for fold in (0, 1):
		try:
			instant = wall.replace(tzinfo=place, fold=fold).astimezone(UTC)
			shown = instant.astimezone(place).replace(tzinfo=None, fold=0)
		except OverflowError:
			continue
		if shown == wall and instant not in instants:
			instants.append(instant)
	return sorted(instants)


def local(instant: datetime, timezone: str) -> datetime:
	"""What the clocks of `timezone` read at an aware `instant`: aware, at the zone's offset there and then."""
	return fixed(instant.astimezone(zone(timezone)))


def fixed(shown: datetime) -> datetime:
	"""The same reading and instant, with its offset alone instead of a zone."""
	return at_offset(shown, shown.utcoffset() // MINUTE)


def at_offset(shown: datetime, offset: int) -> datetime:
	"""A reading of a clock that is `offset` minutes ahead of UTC."""
	return shown.replace(tzinfo=_fixed_zone(offset), fold=0)


@lru_cache(maxsize=256)
def _fixed_zone(offset: int) -> fixed_offset:
	return fixed_offset(offset * MINUTE)


def exists(instant: datetime) -> bool:
	"""Is this reading of a clock one that happens? False only inside the gap of a zone's clock change.

	A fixed offset has no gaps: what was posted with an offset is an instant and exists.
	"""
	try:
		back = instant.astimezone(UTC).astimezone(instant.tzinfo)
	except OverflowError:
		return True
	return back.replace(tzinfo=None, fold=0) == instant.replace(tzinfo=None, fold=0)


def stretches(timezone: str, start: int, end: int) -> list[tuple[int, int, int]]:
	"""The times between two minutes during which the zone's offset stays the same.

	Returns (start, end, offset in minutes), in order, without holes.
	"""
	whole_days = _stretches(timezone, start // DAY, -(-end // DAY))
	return [
		(max(start, begin), min(end, stop), offset)
		for begin, stop, offset in whole_days
		if begin < end and start < stop
	]


@lru_cache(maxsize=512)
def _stretches(timezone: str, first: int, last: int) -> tuple[tuple[int, int, int], ...]:
	"""The same between two midnights of UTC. Kept: looking at the clocks of 60 days takes 50 microseconds.

	They are looked at once a day: no zone has changed twice within one since 2000 (tested for all).
	"""
	place = zone(timezone)

	def offset(minute: int) -> int:
		minute = min(max(minute, EARLIEST), LATEST)
		return datetime.fromtimestamp(minute * 60, place).utcoffset() // MINUTE

	found = []
	begun, current = first * DAY, offset(first * DAY)
	for day in range(first, last):
		there = offset((day + 1) * DAY)
		if there == current:
			continue
		before, after = day * DAY, (day + 1) * DAY
		while after - before > 1:
			middle = (before + after) // 2
			if offset(middle) == current:
				before = middle
			else:
				after = middle
		found.append((begun, after, current))
		begun, current = after, there
	if begun < last * DAY:
		found.append((begun, last * DAY, current))
	return tuple(found)


def midnight(ordinal: int) -> int:
	"""The minute that would be midnight of a date (its proleptic ordinal) if its zone had no offset."""
	return (ordinal - EPOCH.toordinal()) * DAY
