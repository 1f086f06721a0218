"""TI-1: every zone there is, every change of its clock from 2000 to 2039."""

import zoneinfo
from datetime import datetime, time, timedelta, timezone
from functools import cache
from itertools import pairwise

import pytest

from clinic_booking.scheduling import walltime
from clinic_booking.scheduling.calendar import Calendar, Clinic, Override, Visit
from clinic_booking.scheduling.free import free_starts
from clinic_booking.scheduling.interval import minutes_from
from clinic_booking.scheduling.offer import offer_between
from clinic_booking.scheduling.refusal import NO_SUCH_TIME, why_not

from . import reference, zone_files

FIRST, LAST = 2000, 2039
DAY = 24 * 60
YEAR_2000 = datetime(2000, 1, 1, tzinfo=timezone.utc).timestamp()
VISIT = Visit(10)
GRID = 20


@cache
def zones():
	"""[(name, its changes)], one name for each file."""
	files = zone_files.names_by_file()
	return [(names[0], reference.clock_changes(names[0], FIRST, LAST)) for names in files.values()]


def naive(minute):
	return datetime(1970, 1, 1) + timedelta(minutes=minute)


def around(before, after, change):
	"""The wall minutes that a change skips or repeats, half an hour before and after included, in 20s."""
	low, high = change + min(before, after), change + max(before, after)
	return (low - 30) // GRID * GRID, (high + 30) // GRID * GRID


def calendar(zone, low, high):
	"""Open, by the wall clock, from minute `low` up to minute `high`, on every date between them."""
	overrides = []
	for day in range(low // DAY, (high - 1) // DAY + 1):
		begin, end = max(low - day * DAY, 0), min(high - day * DAY, DAY)
		date = naive(day * DAY).date()
		overrides.append(Override("open", date, date, clock(begin), clock(end), "here"))
	return Calendar((Clinic("here", zone),), (), tuple(overrides), GRID, 0, 5)


def clock(minute):
	return time(minute // 60 % 24, minute % 60)


def test_every_zone_is_looked_at():
	"""TI-1: no zone is left out, hundreds change their clocks, thousands of times."""
	files = zone_files.names_by_file()
	assert {name for names in files.values() for name in names} == zoneinfo.available_timezones()
	assert len(zones()) > 150
	assert sum(len(changes) for _, changes in zones()) > 5000


def test_no_zone_changes_twice_in_four_days():
	"""TI-1: looking at a clock once a day misses no change, neither the engine nor the reference."""
	files = {names[0]: file for file, names in zone_files.names_by_file().items()}
	end = datetime(LAST + 1, 1, 1, tzinfo=timezone.utc).timestamp()
	for zone, changes in zones():
		written = [
			change for change in zone_files.written_changes(files[zone]) if YEAR_2000 < change[0] < end
		]
		assert all(b[0] - a[0] > 4 * 86_400 for a, b in pairwise(written)), zone
		assert {second / 60 for second, _, _ in written} <= {minute for minute, _, _ in changes}, zone


def test_offsets_are_whole_cells():
	"""TI-1: a multiple of 5 minutes on the wall is one in UTC, in every zone since 2000."""
	for zone, changes in zones():
		assert all(before % 5 == after % 5 == 0 for _, before, after in changes), zone
		now = datetime(FIRST, 1, 1, tzinfo=timezone.utc).astimezone(zoneinfo.ZoneInfo(zone))
		assert now.utcoffset() % timedelta(minutes=5) == timedelta(0), zone


def test_engine_finds_every_change():
	"""TI-1: the stretches of one offset that the engine sees begin and end with every change."""
	for zone, changes in zones():
		for change, before, after in changes:
			start, end = change - DAY - 7, change + DAY + 7
			expected = [(start, change, before), (change, end, after)]
			assert walltime.stretches(zone, start, end) == expected, zone
			assert walltime.stretches(zone, start, change) == expected[:1]
			assert walltime.stretches(zone, change, end) == expected[1:]


def test_wall_times_of_every_change():
	"""TI-1: a skipped wall time is no instant, a repeated one is two, those beside it are one."""
	for zone, changes in zones():
		for change, before, after in changes:
			low, high = change + min(before, after), change + max(before, after)
			for wall in (low - 5, low, (low + high) // 2, high - 1, high):
				shown = naive(wall)
				expected = sorted(
					minute
					for minute in {wall - before, wall - after}
					if (minute < change) == (minute == wall - before)
				)
				instants = walltime.to_utc(shown.date(), shown.time(), zone)
				assert [minutes_from(instant) for instant in instants] == expected, (zone, shown)


def test_open_time_and_starts_of_every_change():
	"""TI-1: what the wall clock skips is not offered, what it repeats is offered twice, nothing else changes."""
	for zone, changes in zones():
		for change, before, after in changes:
			low, high = around(before, after, change)
			first, last = (change - 4 * 60) // 5, (change + 4 * 60) // 5
			if high - low > 8 * 60:
				first, last = first - 288, last + 288
			place = offer_between(calendar(zone, low, high), VISIT, first, last).places[0]
			walls = [m + (before if m < change else after) for m in range(first * 5, last * 5 + 10)]
			inside = [low <= wall < high for wall in walls]
			expected = sum(
				1 << cell
				for cell in range(last - first)
				if _on_grid(walls[cell * 5], low) and all(inside[cell * 5 : cell * 5 + 10])
			)
			assert place.starts == expected, (zone, reference.instant(change))


def _on_grid(wall, low):
	"""Each date of the opening has its own start."""
	begin = max(low, wall // DAY * DAY)
	return (wall - begin) % GRID == 0


# One zone for each way of changing: an hour, half an hour, two, three, midnight, 24:00, 00:01, a whole day.
KINDS = (
	"Europe/Bucharest",
	"America/New_York",
	"Australia/Lord_Howe",
	"Antarctica/Troll",
	"Antarctica/Casey",
	"America/Havana",
	"America/Santiago",
	"America/St_Johns",
	"Asia/Pyongyang",
	"Pacific/Apia",
	"Africa/Casablanca",
)


@pytest.mark.parametrize("zone", KINDS)
def test_shown_starts_of_a_change_can_be_booked_and_skipped_ones_not(zone):
	"""TI-1, TI-12: of every change, each start shown is accepted once as its own instant; a skipped one never."""
	for change, before, after in reference.clock_changes(zone, 2009, 2020):
		low, high = around(before, after, change)
		facts = calendar(zone, low, high)
		now = reference.instant(change) - timedelta(days=2)
		dates = naive(change + before - DAY).date(), naive(change + after + DAY).date()
		days = free_starts(facts, VISIT, "", now, *dates, zone)
		slots = [slot for day in days for slot in day.slots]
		assert len({slot.start for slot in slots}) == len(slots)
		assert all(why_not(facts, VISIT, "", slot.start, now) is None for slot in slots)
		shown = [slot.start.replace(tzinfo=None, fold=0) for slot in slots]
		for wall in range(low, high - VISIT.length_minutes + 1, GRID):
			times = len(walltime.to_utc(naive(wall).date(), naive(wall).time(), zone))
			assert shown.count(naive(wall)) <= times
		if after > before:
			gap = naive(change + before).replace(tzinfo=zoneinfo.ZoneInfo(zone))
			assert why_not(facts, VISIT, "", gap, now).code == NO_SUCH_TIME


@pytest.mark.parametrize("zone", ["Europe/Bucharest", "Australia/Lord_Howe", "America/Havana"])
def test_each_of_two_equal_wall_times_is_booked_for_itself(zone):
	"""TI-1: claiming one of the two instants leaves the other free."""
	change, before, after = next(c for c in reference.clock_changes(zone, 2025, 2026) if c[2] < c[1])
	low, high = around(before, after, change)
	facts = calendar(zone, low, high)
	now = reference.instant(change) - timedelta(days=2)
	wall = next(naive(m) for m in range(low, high, GRID) if m >= change + after)
	first, second = walltime.to_utc(wall.date(), wall.time(), zone)
	taken = [(minutes_from(first), minutes_from(first) + 10)]
	assert why_not(facts, VISIT, taken, first, now).code == "taken"
	assert why_not(facts, VISIT, taken, second, now) is None
