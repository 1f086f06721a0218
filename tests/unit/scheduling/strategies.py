"""Calendars, visits and claims made by hypothesis, around days on which clocks change."""

from datetime import date, datetime, time, timedelta, timezone
from functools import cache

from hypothesis import settings
from hypothesis import strategies as st

from clinic_booking.scheduling.calendar import Block, Calendar, Clinic, Override, Visit

from . import reference


def examples(count):
	"""Settings for `count` examples."""
	return settings(max_examples=count)


ZONES = (
	"UTC",
	"Europe/Bucharest",
	"America/New_York",
	"Australia/Lord_Howe",  # half an hour
	"America/Havana",  # at midnight
	"America/Santiago",  # at 24:00
	"America/St_Johns",  # a minute past midnight, until 2011
	"Pacific/Apia",  # a day that is missing
	"Asia/Kathmandu",  # 5:45
	"Pacific/Chatham",  # 12:45
	"Africa/Casablanca",  # by the moon
)


@cache
def changes(zone):
	return reference.clock_changes(zone, 2009, 2027)


@st.composite
def days_in(draw, zone):
	"""A date; mostly one on which the zone's clock changes, or next to it."""
	if changes(zone) and draw(st.integers(0, 3)):
		minute = draw(st.sampled_from(changes(zone)))[0]
		return reference.date_of(minute, zone) - timedelta(days=draw(st.integers(0, 1)))
	return draw(st.dates(date(2010, 1, 1), date(2027, 12, 31)))


times = st.integers(0, 287).map(lambda cell: time(cell // 12, cell % 12 * 5))
# Clocks mostly change between midnight and four.
early = st.integers(0, 60).map(lambda cell: time(cell // 12, cell % 12 * 5))
any_time = times | early
grids = st.sampled_from([0, 5, 10, 15, 20, 30, 45, 60, 75])
buffers = st.sampled_from([0, 0, 5, 10, 30])
visits = st.builds(Visit, st.sampled_from([10, 15, 25, 45, 60, 120, 240]), buffers, buffers)


@st.composite
def near(draw, day):
	return day + timedelta(days=draw(st.integers(-2, 3)))


@st.composite
def blocks(draw, clinic, day):
	from_date, to_date = draw(st.none() | near(day)), draw(st.none() | near(day))
	return Block(clinic, draw(st.integers(0, 6)), draw(any_time), draw(any_time), from_date, to_date)


@st.composite
def overrides(draw, clinics, day):
	kind = draw(st.sampled_from(["open", "open", "closed"]))
	clinic = draw(st.sampled_from(clinics if kind == "open" else [*clinics, None]))
	first, more = draw(near(day)), draw(st.integers(0, 3))
	start, end = draw(st.just((None, None)) | st.tuples(any_time, any_time))
	return Override(kind, first, first + timedelta(days=more), start, end, clinic)


@st.composite
def questions(draw, clinics=2):
	"""A calendar, a visit, claims, now and the two or three dates to ask about: what decides an answer."""
	zones = draw(st.lists(st.sampled_from(ZONES), min_size=1, max_size=clinics))
	day = draw(days_in(zones[0]))
	names = [f"clinic {n}" for n in range(len(zones))]
	default_hours = st.none() | st.tuples(any_time, any_time)
	calendar = Calendar(
		tuple(
			Clinic(name, zone, draw(st.frozensets(near(day), max_size=1)), draw(default_hours))
			for name, zone in zip(names, zones, strict=True)
		),
		tuple(draw(st.lists(st.sampled_from(names).flatmap(lambda n: blocks(n, day)), max_size=8))),
		tuple(draw(st.lists(overrides(names, day), max_size=3))),
		draw(grids),
		draw(st.sampled_from([0, 0, 7, 120, 1440])),
		draw(st.sampled_from([4, 4, 4, 2, 1, 0])),
		draw(st.sampled_from([True] * 19 + [False])),
	)
	midnight = datetime(day.year, day.month, day.day, tzinfo=timezone.utc)
	now = midnight + timedelta(seconds=draw(st.integers(-36 * 3600, 12 * 3600)))
	busy = draw(claims(reference.minute_number(midnight)))
	return calendar, draw(visits), busy, now, day, day + timedelta(days=draw(st.integers(0, 2)))


@st.composite
def claims(draw, around, count=6):
	"""Claims of 5 to 300 minutes within a day before and three days after a minute."""
	cells = st.tuples(st.integers(-288, 3 * 288), st.integers(1, 60))
	found = draw(st.lists(cells, max_size=count))
	return [(around + begin * 5, around + (begin + length) * 5) for begin, length in found]
