"""Which visits lose their open time when hours change."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinic_booking.scheduling.affected import Booked, closed_by
from clinic_booking.scheduling.interval import Interval

from . import reference
from .builders import MONDAY, at, calendar, closed, hours, opened, place
from .strategies import examples, questions


def visit(start, minutes=30, clinic="north"):
	"""Told in UTC; Bucharest is two hours ahead in winter."""
	begin = at(f"2026-03-02 {start}")
	return Booked(start, clinic, Interval(begin, begin + timedelta(minutes=minutes)))


# Monday, 2 March: 8 to 12 and 14 to 18 in Bucharest.
DAY = [visit("06:00"), visit("09:30"), visit("12:00"), visit("15:30")]


def test_a_closed_day_hits_every_visit_of_it():
	"""AV-11: earliest first."""
	after = calendar(overrides=(closed(MONDAY),))
	assert closed_by(calendar(), after, reversed(DAY)) == ["06:00", "09:30", "12:00", "15:30"]


def test_what_is_cut_by_five_minutes_is_hit():
	"""AV-11: touching is not."""
	after = calendar(overrides=(closed(MONDAY, "10:00-11:55"),))
	touching, cut = visit("07:30"), visit("09:50", 10)
	assert closed_by(calendar(), after, [touching, cut]) == ["09:50"]


def test_what_was_outside_hours_already_is_not_hit():
	"""AV-9, AV-11: somebody wanted it there."""
	after = calendar(overrides=(closed(MONDAY),))
	assert closed_by(calendar(), after, [visit("03:00")]) == []
	half_outside = visit("05:45")
	assert closed_by(calendar(), after, [half_outside]) == ["05:45"]


def test_hours_that_open_elsewhere_do_not_help():
	"""AV-11: a visit is at its clinic; a clinic given up takes its visits along."""
	before = calendar(clinics=(place(), place("south")))
	moved = calendar(hours("8-12 14-18", clinic="south"), clinics=(place(), place("south")))
	assert closed_by(before, moved, DAY[:1]) == ["06:00"]
	assert closed_by(before, calendar(clinics=(place("south"),)), DAY[:1]) == ["06:00"]


def test_closed_and_open_and_holiday_on_one_day():
	"""TI-6: closed beats open, a holiday beats both, and taking one of two reasons away changes nothing."""
	extra = calendar((), overrides=(opened(MONDAY, "8-12"),))
	both = calendar((), overrides=(opened(MONDAY, "8-12"), closed(MONDAY, "9-10")))
	holiday = calendar((), (place(holidays=frozenset({MONDAY})),), overrides=extra.overrides)
	visits = [visit("06:00"), visit("07:00"), visit("08:00")]
	assert closed_by(extra, both, visits) == ["07:00"]
	assert closed_by(extra, holiday, visits) == ["06:00", "07:00", "08:00"]
	assert closed_by(both, holiday, visits) == ["06:00", "08:00"]
	assert closed_by(holiday, calendar((), holiday.clinics), visits) == []
	assert closed_by(extra, calendar(()), visits) == ["06:00", "07:00", "08:00"]


def test_nothing_booked_is_nothing_hit():
	"""AV-11: no visits, no work."""
	assert closed_by(calendar(), calendar(()), []) == []


@examples(80)
@given(questions(clinics=2), st.data())
def test_any_change_hits_what_the_reference_says(question, data):
	"""AV-11, AV-3: minute by minute, a part was open and no longer is; one that only opens hits nothing."""
	more, asked, _busy, _now, from_date, to_date = question
	fewer = replace(more, blocks=more.blocks[1:], overrides=more.overrides[1:])
	before, after = data.draw(st.sampled_from([(more, fewer), (fewer, more)]))
	clinic = data.draw(st.sampled_from(more.clinics))
	was, is_open = (reference.Hours(each, clinic, asked, from_date, to_date) for each in (before, after))
	begin = data.draw(st.integers(was.range[0], was.range[-1] - 30)) // 5 * 5
	booked = Booked("it", clinic.name, Interval(reference.instant(begin), reference.instant(begin + 30)))

	def cells(hours):
		return {m for m in range(begin, begin + 30, 5) if all(m + n in hours.open for n in range(5))}

	expected = ["it"] if cells(was) - cells(is_open) else []
	assert closed_by(before, after, [booked]) == expected
