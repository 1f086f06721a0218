"""What is wrong with hours before they are saved: AV-1, AV-3, AV-4, AV-11."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_booking.scheduling.calendar import Block, Calendar, Clinic, Override
from clinic_booking.scheduling.checks import (
	Problem,
	fits_no_block,
	override_problems,
	visit_problems,
	week_problems,
)

from . import reference
from .builders import MONDAY, calendar, closed, day_after, hours, opened, place, visit
from .strategies import ZONES, any_time, days_in, examples, near

TODAY = date(2026, 2, 1)
UTC_PLACE = (place(timezone="UTC"),)


def found(blocks, clinics=UTC_PLACE, today=TODAY):
	return week_problems(tuple(blocks), clinics, today)


def overlap(first, second, clinics=UTC_PLACE, today=TODAY):
	"""Do two blocks overlap? The order of the two must not matter."""
	answers = [found(pair, clinics, today) for pair in ((first, second), (second, first))]
	assert answers[0] == answers[1]
	assert answers[0] in ([], [Problem("overlap", 0, 1)])
	return bool(answers[0])


def test_hours_without_a_problem():
	"""AV-1: mornings and afternoons of a week, a night, and different weekdays."""
	assert found(hours("8-12 12-18 22-2")) == []
	assert found(hours("8-12", [0]) + hours("8-12", [1])) == []


@pytest.mark.parametrize(
	("text", "codes"),
	[
		("8-8:30", []),
		("8-8:25", ["too_short"]),
		("23:45-0:10", ["too_short"]),
		("23:30-24", []),
		("8-8", ["empty"]),
		("0-24", ["empty"]),
		("8:01-9", ["not_fives"]),
		("8-9:59", ["not_fives"]),
		("8:02-8:12", ["not_fives", "not_fives", "too_short"]),
		("12-8", []),
	],
)
def test_times_of_a_block(text, codes):
	"""AV-1: at least 30 long, multiples of 5, end not the start; reversed is a night (AV-2)."""
	problems = found(hours(text, [2]))
	assert [problem.code for problem in problems] == codes
	assert all(problem.row == 0 for problem in problems)


def test_seconds_are_not_multiples_of_5():
	"""AV-1: nor are microseconds; the field is told."""
	for start, end, fields in (
		(time(8, 0, 1), time(9), ["start"]),
		(time(8), time(9, 0, 0, 1), ["end"]),
		(time(8, 1), time(9, 0, 5), ["start", "end"]),
	):
		problems = found([Block("north", 0, start, end)])
		assert [(problem.code, problem.field) for problem in problems] == [("not_fives", f) for f in fields]


def test_reversed_valid_dates():
	"""AV-1: the last valid date before the first; the same date is right."""
	(block,) = hours("8-9", [0], valid_from=MONDAY, valid_to=day_after(MONDAY, -1))
	assert found([block]) == [Problem("dates_reversed", 0)]
	assert found(hours("8-9", [0], valid_from=MONDAY, valid_to=MONDAY)) == []


def test_every_row_with_a_problem_is_told():
	"""AV-1: rows from 0, each pair once."""
	blocks = hours("8-9", [0]) + hours("8-8:10", [1]) + hours("8:30-10 9:30-11", [0])
	assert found(blocks) == [Problem("too_short", 1), Problem("overlap", 0, 2), Problem("overlap", 2, 3)]


@pytest.mark.parametrize(
	("first", "second", "expected"),
	[
		(("8-12", 0), ("12-18", 0), False),
		(("8-12", 0), ("11:55-18", 0), True),
		(("8-12", 0), ("8-12", 0), True),
		(("8-18", 0), ("10-11", 0), True),
		(("8-12", 0), ("8-12", 1), False),
		(("22-2", 0), ("1-3", 1), True),
		(("22-2", 0), ("2-3", 1), False),
		(("22-2", 6), ("1-3", 0), True),
		(("22-24", 6), ("0-3", 0), False),
		(("22-21", 6), ("20-23", 0), True),
		(("22-2", 0), ("1-3", 0), False),
	],
)
def test_overlapping_blocks(first, second, expected):
	"""AV-1, TI-4: touching ones don't overlap; nights reach into the next day, and from Sunday into Monday."""
	(one,), (other,) = (hours(text, [weekday]) for text, weekday in (first, second))
	assert overlap(one, other) == expected


def test_valid_dates_keep_blocks_apart():
	"""AV-1: the old hours until Sunday, the new ones from Monday; a night before the first date still counts."""
	sunday = day_after(MONDAY, -1)
	old = hours("8-12", valid_to=sunday)
	assert found(old + hours("8-12", valid_from=MONDAY)) == []
	assert len(found(old + hours("8-12", valid_from=sunday))) == 1
	assert len(found(old + hours("8-12", valid_from=day_after(sunday, -7)))) == 7
	(night,) = hours("22-2", [6], valid_to=sunday)
	(morning,) = hours("1-3", [0], valid_from=MONDAY)
	assert overlap(night, morning)
	(morning,) = hours("1-3", [0], valid_from=day_after(MONDAY))
	assert not overlap(night, morning)


@pytest.mark.parametrize("year", [1, 1999, 2015, 2030, 2999, 9999])
def test_valid_dates_far_from_today(year):
	"""AV-1: a common valid week is found however long ago or ahead it is; for ever is a date like any other."""
	first, last = date(year, 6, 1), date(year, 12, 31)
	for valid in ({"valid_from": first}, {"valid_to": last}, {"valid_from": first, "valid_to": last}):
		(one,), (other,) = hours("8-12", [0], **valid), hours("10-11", [0])
		assert overlap(one, other)
		(other,) = hours("10-11", [1])
		assert not overlap(one, other)


def test_common_dates_far_from_today():
	"""AV-1: of two first dates the later counts, of two last ones the earlier."""
	for one, other in (
		({"valid_from": date(2013, 1, 1)}, {"valid_from": date(2015, 1, 1), "valid_to": date(2016, 1, 1)}),
		({"valid_to": date(2016, 1, 1)}, {"valid_to": date(2015, 1, 1)}),
		({"valid_from": date(2040, 1, 1)}, {"valid_from": date(2035, 1, 1)}),
	):
		(first,), (second,) = hours("8-12", [0], **one), hours("10-11", [0], **other)
		assert overlap(first, second)


def test_blocks_of_two_clinics():
	"""AV-1: one doctor can't be at two places; touching is right."""
	clinics = (place("north", "UTC"), place("south", "UTC"))
	(north,) = hours("8-12", [0], "north")
	for text, expected in (("11-13", True), ("12-13", False)):
		(south,) = hours(text, [0], "south")
		assert overlap(north, south, clinics) == expected


def test_blocks_in_two_zones():
	"""AV-1, TI-11: 8–12 in Bucharest and 8–12 in London are two hours apart, and meet for two hours."""
	clinics = (place("north"), place("south", "Europe/London"))
	(north,) = hours("8-12", [0], "north")
	for text, expected in (
		("8-12", True),
		("10-12", False),
		("9:55-12", True),
		("4-6", False),
		("4-6:30", True),
	):
		(south,) = hours(text, [0], "south")
		assert overlap(north, south, clinics) == expected, text


def test_blocks_in_two_zones_over_the_week_s_end():
	"""AV-1, TI-11: Monday morning in Auckland is Sunday evening in London."""
	clinics = (place("north", "Pacific/Auckland"), place("south", "Europe/London"))
	(north,) = hours("8-12", [0], "north")
	(sunday,), (monday,) = hours("20-22", [6], "south"), hours("20-22", [0], "south")
	assert overlap(north, sunday, clinics)
	assert not overlap(north, monday, clinics)


def test_two_zones_that_meet_for_some_weeks_only():
	"""AV-1, TI-11: New York's clocks change three weeks before Berlin's; only then do these meet."""
	clinics = (place("north", "America/New_York"), place("south", "Europe/Berlin"))
	(north,) = hours("8-12", [0], "north")
	(south,) = hours("13-14", [0], "south")
	for today in (date(2026, 1, 1), date(2026, 6, 1), date(2026, 11, 15)):
		assert overlap(north, south, clinics, today)
	(summer,) = hours("13-14", [0], "south", valid_from=date(2026, 4, 1), valid_to=date(2026, 10, 1))
	assert not overlap(north, summer, clinics)
	(spring,) = hours("13-14", [0], "south", valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 31))
	assert overlap(north, spring, clinics)


def test_holidays_and_default_hours_are_no_blocks():
	"""AV-1: what is closed once doesn't make room in the week, and default hours take none."""
	every = frozenset(day_after(TODAY, n) for n in range(-40, 1200))
	shut = (place(timezone="UTC", holidays=every, default_hours=(time(0), time(23))),)
	(one,), (other,) = hours("8-12", [0]), hours("11-13", [0])
	assert overlap(one, other, shut)
	(other,) = hours("12-13", [0])
	assert not overlap(one, other, shut)


def test_blocks_at_unknown_clinics_are_not_compared():
	"""AV-1: without a zone there is nothing to compare; their own problems are still told."""
	assert found(hours("8-12", [0]) + hours("8-8:10", [0], "gone")) == [Problem("too_short", 1)]


@st.composite
def two_blocks(draw):
	zones = draw(st.lists(st.sampled_from(ZONES), min_size=2, max_size=2))
	day = draw(days_in(zones[0]))
	clinics = tuple(Clinic(f"clinic {n}", zone) for n, zone in enumerate(zones))
	blocks = [
		Block(
			draw(st.sampled_from(clinics)).name,
			(day.weekday() + draw(st.integers(-1, 1))) % 7,
			draw(any_time),
			draw(any_time),
			day - timedelta(days=draw(st.integers(0, 4))),
			day + timedelta(days=draw(st.integers(0, 4))),
		)
		for _ in range(2)
	]
	return blocks, clinics, draw(near(day))


@examples(40)
@given(two_blocks())
def test_any_two_blocks_overlap_as_the_reference_says(case):
	"""AV-1, TI-1, TI-4: on some dates around a clock change, in any zones, minute by minute."""
	blocks, clinics, day = case
	open_minutes = [
		reference.Hours(
			Calendar(clinics, (block,)), clinic, visit(), day - timedelta(days=8), day + timedelta(days=8)
		).open
		for block in blocks
		for clinic in clinics
		if clinic.name == block.clinic
	]
	expected = not open_minutes[0].isdisjoint(open_minutes[1])
	assert (Problem("overlap", 0, 1) in week_problems(tuple(blocks), clinics, day)) == expected


@pytest.mark.parametrize(
	("override", "codes"),
	[
		(closed(MONDAY), []),
		(closed(MONDAY, "8-24"), []),
		(closed(MONDAY, "22-2"), ["not_within_a_day"]),
		(closed(MONDAY, "22-0:05"), ["not_within_a_day"]),
		(closed(MONDAY, "8-8"), ["empty"]),
		(closed(MONDAY, "8:01-9:03"), ["not_fives", "not_fives"]),
		(closed(MONDAY, to_date=day_after(MONDAY, -1)), ["dates_reversed"]),
		(opened(MONDAY), []),
		(opened(MONDAY, "22-2"), []),
		(opened(MONDAY, "8-8:05"), []),
		(opened(MONDAY, "8-8"), ["empty"]),
		(opened(MONDAY, "8:30-9:31"), ["not_fives"]),
		(opened(MONDAY, clinic=None), ["no_clinic"]),
		(opened(MONDAY, clinic=""), ["no_clinic"]),
		(opened(MONDAY, clinic="elsewhere"), ["no_clinic"]),
		(opened(MONDAY, to_date=day_after(MONDAY, -1), clinic=None), ["dates_reversed", "no_clinic"]),
		(Override("open", MONDAY, MONDAY, time(8), None, "north"), ["no_times"]),
		(Override("closed", MONDAY, MONDAY, None, time(8)), ["no_times"]),
	],
)
def test_problems_of_an_exception(override, codes):
	"""AV-3: dates in order, both times or none, multiples of 5, closed within a day, open at one clinic."""
	problems = override_problems(override, calendar(clinics=UTC_PLACE), TODAY)
	assert [problem.code for problem in problems] == codes


CLINICS = (place("north", "UTC"), place("south", "UTC"))


def clash(override, *others, blocks=(), clinics=CLINICS, today=TODAY):
	problems = override_problems(override, calendar(blocks, clinics, overrides=others), today)
	assert problems in ([], [Problem("overlap", clinic="south")])
	return bool(problems)


def test_extra_hours_over_another_clinic_s():
	"""AV-3: over its blocks or its extra hours, also past midnight; touching them, or one's own, is right."""
	south = hours("8-12", [0], "south")
	assert clash(opened(MONDAY, "11-13"), blocks=south)
	assert not clash(opened(MONDAY, "12-13"), blocks=south)
	assert not clash(opened(day_after(MONDAY), "8-12"), blocks=south)
	assert clash(opened(day_after(MONDAY, -6), to_date=MONDAY), blocks=south)
	assert clash(opened(day_after(MONDAY, -1), "22-9"), blocks=south)
	assert not clash(opened(day_after(MONDAY, -1), "22-8"), blocks=south)
	assert clash(opened(MONDAY, "11-13"), opened(MONDAY, "12-14", clinic="south"))
	assert not clash(opened(MONDAY, "11-13"), opened(MONDAY, "13-14", clinic="south"))
	assert not clash(opened(MONDAY, "11-13"), opened(MONDAY, "12-14"), blocks=hours("8-12"))


def test_extra_hours_where_the_other_clinic_is_closed():
	"""AV-3: a day at north instead of south: south is closed then, and north may open."""
	south = hours("8-12", [0], "south")
	assert not clash(opened(MONDAY, "8-12"), closed(MONDAY, clinic="south"), blocks=south)
	assert clash(opened(MONDAY, "8-12"), closed(MONDAY, clinic="north"), blocks=south) is False
	assert clash(opened(MONDAY, "8-12"), closed(MONDAY, "9-12", clinic="south"), blocks=south)
	holiday = (CLINICS[0], place("south", "UTC", holidays=frozenset({MONDAY})))
	assert not clash(opened(MONDAY, "8-12"), blocks=south, clinics=holiday)


def test_extra_hours_and_default_hours():
	"""AV-3, AV-10: default hours at two clinics stand in for the week and are in nobody's way."""
	both = tuple(place(name, "UTC", default_hours=(time(8), time(20))) for name in ("north", "south"))
	assert not clash(opened(MONDAY, "11-13"), clinics=both)


def test_extra_hours_in_two_zones():
	"""AV-3, TI-11: 22–23 in New York is the next day's 5–6 in Bucharest."""
	clinics = (place("north", "America/New_York"), place("south"))
	for text, expected in (("5-6", True), ("6-7", False)):
		south = hours(text, [1], "south")
		assert clash(opened(MONDAY, "22-23"), blocks=south, clinics=clinics) == expected


@pytest.mark.parametrize("day", [date(2020, 6, 1), date(2026, 2, 1), date(2029, 12, 31), date(2030, 5, 31)])
def test_extra_hours_of_ten_years(day):
	"""AV-3: a clash on any date of a long range is found, the first, the last, a day or an evening beside it not."""
	first, last = date(2020, 6, 1), date(2030, 5, 31)
	long = opened(first, "8-12", to_date=last)
	assert clash(long, opened(day, "11-13", clinic="south"))
	assert not clash(long, opened(day, "12-13", clinic="south"))
	for beside in (day_after(first, -1), day_after(last)):
		assert not clash(long, opened(beside, "8-12", clinic="south"))
	nights = opened(first, "22-2", to_date=last)
	assert clash(nights, opened(day_after(day), "1-3", clinic="south"))
	assert not clash(nights, opened(day_after(day, 3700), "1-3", clinic="south"))


def test_extra_hours_for_ever():
	"""AV-3, TI-9: to the last date there is: ten years from its first date and from today on are looked at."""
	south = opened(date(2035, 1, 1), "8-12", clinic="south")
	assert clash(opened(MONDAY, "8-12", to_date=date.max), south)
	assert clash(opened(date(2001, 1, 1), "8-12", to_date=date.max), south)
	assert not clash(opened(date(2001, 1, 1), "8-12", to_date=date.max), south, today=date(2020, 1, 1))
	assert not clash(opened(date(2001, 1, 1), "8-12", to_date=date(2034, 12, 31)), south)


@pytest.mark.parametrize(
	("asked", "grid", "expected"),
	[
		(visit(10), 0, []),
		(visit(240, 30, 30), 15, []),
		(visit(5), 0, [("too_short", "length_minutes")]),
		(visit(245), 0, [("too_long", "length_minutes")]),
		(visit(241), 0, [("too_long", "length_minutes"), ("not_fives", "length_minutes")]),
		(visit(0), 0, [("too_short", "length_minutes")]),
		(visit(-5), 0, [("too_short", "length_minutes"), ("negative", "length_minutes")]),
		(visit(12), 0, [("not_fives", "length_minutes")]),
		(visit(60, 3, 0), 0, [("not_fives", "buffer_before_minutes")]),
		(visit(60, 0, -5), 0, [("negative", "buffer_after_minutes")]),
		(visit(60), 7, [("not_fives", "grid_minutes")]),
		(visit(60), -15, [("negative", "grid_minutes")]),
	],
)
def test_lengths_buffers_and_grid(asked, grid, expected):
	"""AV-1, AV-4: 10 to 240, multiples of 5, not below 0."""
	assert [(problem.code, problem.field) for problem in visit_problems(asked, grid)] == expected
	assert grid or visit_problems(asked) == visit_problems(asked, 0)


def test_visit_that_fits_no_block():
	"""AV-11: longer than the longest stretch of the week; touching blocks join, nights and week's end too."""
	week = hours("8-10 10-11 14-15", [2])
	for length, none in ((180, False), (185, True)):
		assert fits_no_block(visit(length), calendar(week, UTC_PLACE), TODAY) == none
	over_sunday = hours("23-24", [6]) + hours("0-1", [0])
	for length, none in ((120, False), (125, True)):
		assert fits_no_block(visit(length), calendar(over_sunday, UTC_PLACE), TODAY) == none


def test_visit_fits_wherever_asked():
	"""AV-11: at one clinic or at any; blocks of two clinics don't join."""
	week = hours("8-10", clinic="north") + hours("10-11", clinic="south")
	facts = calendar(week, CLINICS)
	assert fits_no_block(visit(180), facts, TODAY)
	assert not fits_no_block(visit(120), facts, TODAY)
	assert not fits_no_block(visit(120), facts, TODAY, "north")
	assert fits_no_block(visit(120), facts, TODAY, "south")
	assert not fits_no_block(visit(60), facts, TODAY, "south")
	assert fits_no_block(visit(30), facts, TODAY, "west")


def test_hours_that_are_over_or_still_to_come():
	"""AV-11: what was valid until yesterday doesn't count, today and the future do."""
	for valid, none in (
		({"valid_to": day_after(TODAY, -1)}, True),
		({"valid_to": TODAY}, False),
		({"valid_from": day_after(TODAY, 900)}, False),
	):
		assert fits_no_block(visit(60), calendar(hours("8-9", **valid), UTC_PLACE), TODAY) == none


def test_exceptions_holidays_and_clock_changes_are_not_the_week():
	"""AV-11: it is about the hours as they stand; default hours stand in where there are none (AV-10)."""
	every = frozenset(day_after(TODAY, n) for n in range(-40, 400))
	facts = calendar(hours("8-9"), (place(holidays=every),), overrides=(closed(TODAY, to_date=date.max),))
	assert not fits_no_block(visit(60), facts, TODAY)
	assert fits_no_block(visit(60), calendar((), UTC_PLACE, overrides=(opened(TODAY),)), TODAY)
	default = (place(default_hours=(time(10), time(12))),)
	assert not fits_no_block(visit(120), calendar((), default), TODAY)
	assert fits_no_block(visit(125), calendar((), default), TODAY)
	spring = hours("2-4", [6])
	assert not fits_no_block(visit(120), calendar(spring), date(2026, 3, 29))
	over = hours("8-9", valid_to=day_after(TODAY, -1))
	assert fits_no_block(visit(60), calendar(over, default), TODAY)
