"""Exceptions and holidays over the week: AV-3, TI-6."""

from dataclasses import replace

import pytest

from clinic_booking.scheduling.calendar import Override
from clinic_booking.scheduling.free import free_starts

from .builders import (
	BUCHAREST,
	MONDAY,
	at,
	calendar,
	clock,
	closed,
	day_after,
	hours,
	opened,
	place,
	starts,
	visit,
)

NOW = at("2026-02-28 00:00")
HOLIDAY = frozenset({MONDAY})


def offered(*overrides, blocks=None, holidays=frozenset(), day=MONDAY, clinics=None, **more):
	clinics = clinics or (place(holidays=holidays),)
	facts = calendar(
		hours("8-12") if blocks is None else blocks, clinics, grid_minutes=60, overrides=overrides, **more
	)
	return starts(free_starts(facts, visit(60), "", NOW, day, day, BUCHAREST))


def test_closed_range_of_a_day():
	"""AV-3: 9:30–10:30 closed leaves 8:00 and 11:00; it moves no grid (AV-6)."""
	assert offered(closed(MONDAY, "9:30-10:30")) == ["08:00", "11:00"]


def test_closed_until_midnight():
	"""AV-3: a closed range that ends at 00:00 closes the rest of its date, not the next one."""
	blocks = hours("22-2", [0])
	assert offered(closed(MONDAY, "23-24"), blocks=blocks) == ["22:00"]
	assert offered(closed(MONDAY, "23-24"), blocks=blocks, day=day_after(MONDAY)) == ["00:00", "01:00"]


def test_closed_range_that_says_nothing_clear_closes_more():
	"""AV-3: ending when it starts it closes until midnight; with one time only, the whole date."""
	assert offered(closed(MONDAY, "10-10")) == ["08:00", "09:00"]
	for times in ({"start": clock("10")}, {"end": clock("10")}):
		assert offered(Override("closed", MONDAY, MONDAY, **times)) == []


def test_closed_dates_are_all_included():
	"""AV-3: closed from Monday to Tuesday: open again on Wednesday."""
	both = closed(MONDAY, to_date=day_after(MONDAY))
	assert [offered(both, day=day_after(MONDAY, n), blocks=hours("8-9")) for n in (-1, 0, 1, 2)] == [
		["08:00"],
		[],
		[],
		["08:00"],
	]


def test_closed_date_closes_its_own_hours_after_midnight_only():
	"""AV-3: a night block loses the closed date's hours and keeps those of the date it runs into."""
	blocks = hours("22-2", [0])
	assert offered(closed(MONDAY), blocks=blocks) == []
	assert offered(closed(MONDAY), blocks=blocks, day=day_after(MONDAY)) == ["00:00", "01:00"]
	assert offered(closed(day_after(MONDAY)), blocks=blocks) == ["22:00", "23:00"]
	assert offered(closed(day_after(MONDAY)), blocks=blocks, day=day_after(MONDAY)) == []


def test_holiday_closes_its_own_date_only():
	"""AV-3: like a closed date."""
	blocks = hours("22-2", [0])
	assert offered(blocks=blocks, holidays=HOLIDAY) == []
	assert offered(blocks=blocks, holidays=HOLIDAY, day=day_after(MONDAY)) == ["00:00", "01:00"]


def test_visit_that_runs_into_a_holiday_is_not_offered():
	"""AV-7: the whole visit is open time: at 23:30 it isn't, if the next date is a holiday."""
	blocks = hours("22:30-2", [0])
	tomorrow = frozenset({day_after(MONDAY)})
	assert offered(blocks=blocks) == ["22:30", "23:30"]
	assert offered(blocks=blocks, holidays=tomorrow) == ["22:30"]


def test_extra_hours():
	"""AV-3: an open exception adds to the week, on each of its dates."""
	extra = opened(MONDAY, "14-16", to_date=day_after(MONDAY))
	assert offered(extra) == ["08:00", "09:00", "10:00", "11:00", "14:00", "15:00"]
	assert offered(extra, day=day_after(MONDAY), blocks=()) == ["14:00", "15:00"]
	assert offered(extra, day=day_after(MONDAY, 2), blocks=()) == []


def test_extra_hours_past_midnight_and_whole_dates():
	"""AV-3: 22:00–02:00 ends on the next date; without times it is the whole date, from midnight."""
	night = opened(MONDAY, "22-2")
	assert offered(night, blocks=()) == ["22:00", "23:00"]
	assert offered(night, blocks=(), day=day_after(MONDAY)) == ["00:00", "01:00"]
	assert offered(opened(MONDAY), blocks=()) == [f"{hour:02}:00" for hour in range(24)]
	assert offered(opened(MONDAY), blocks=(), day=day_after(MONDAY)) == []


def test_closed_beats_open_and_so_does_a_holiday():
	"""TI-6: open and closed exception and holiday on one day, in any order."""
	extra, shut = opened(MONDAY, "14-17"), closed(MONDAY, "9-15")
	for overrides in ((extra, shut), (shut, extra)):
		assert offered(*overrides) == ["08:00", "15:00", "16:00"]
		assert offered(*overrides, holidays=HOLIDAY) == []


@pytest.mark.parametrize("name", ["north", "south"])
def test_closed_exception_of_one_clinic_leaves_the_other(name):
	"""AV-3: closed for one clinic or, without one, for all."""
	clinics = (place("north"), place("south"))
	blocks = hours("8-9", clinic="north") + hours("9-10", clinic="south")
	left = {"north": ["09:00"], "south": ["08:00"]}[name]
	assert offered(closed(MONDAY, clinic=name), blocks=blocks, clinics=clinics) == left
	assert offered(closed(MONDAY), blocks=blocks, clinics=clinics) == []


def test_holiday_of_one_clinic_leaves_the_other():
	"""TI-6: each clinic has its own list."""
	clinics = (place("north", holidays=HOLIDAY), place("south"))
	blocks = hours("8-9", clinic="north") + hours("9-10", clinic="south")
	assert offered(blocks=blocks, clinics=clinics) == ["09:00"]


def test_closed_date_is_the_clinic_s_own():
	"""AV-3: Monday in Auckland begins at 11:00 UTC on Sunday and ends at 11:00 on Monday."""
	auckland = (place(timezone="Pacific/Auckland"),)
	facts = calendar(hours("0-12 12-24"), auckland, grid_minutes=360, overrides=(closed(MONDAY),))
	days = free_starts(facts, visit(60), "", NOW, day_after(MONDAY, -1), MONDAY, "UTC")
	assert starts(days) == ["03-01 05:00", "03-02 11:00", "03-02 17:00", "03-02 23:00"]


def test_changed_holiday_list_counts_at_once():
	"""TI-6: a date added to or taken from the list closes or opens it; what is booked there is not looked at."""
	facts = calendar(hours("8-10"), grid_minutes=60)
	closed_then = replace(facts, clinics=(replace(facts.clinics[0], holidays=HOLIDAY),))
	claims = [(29_541_000, 29_541_060)]
	assert starts(free_starts(facts, visit(60), claims, NOW, MONDAY, MONDAY, BUCHAREST)) == ["08:00", "09:00"]
	day = free_starts(closed_then, visit(60), claims, NOW, MONDAY, MONDAY, BUCHAREST)[0]
	assert (day.state, day.slots) == ("closed", ())
