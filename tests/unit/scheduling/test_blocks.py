"""Blocks of opening hours: AV-1, AV-2, AV-6, TI-2 to TI-4."""

from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from clinic_booking.scheduling.free import free_starts
from clinic_booking.scheduling.open_time import open_time

from .builders import (
	MONDAY,
	at,
	calendar,
	day_after,
	hours,
	opened,
	place,
	starts,
	visit,
)
from .strategies import examples, grids, visits

UTC_PLACE = (place(timezone="UTC"),)


def offered(blocks, day, length=60, zone="UTC", **more):
	facts = calendar(blocks, UTC_PLACE, **more)
	now = at(f"{day_after(day, -3)} 00:00")
	return starts(free_starts(facts, visit(length), "", now, day, day, zone))


def test_block_past_midnight_belongs_to_the_weekday_it_starts_on():
	"""TI-2: Monday 22:00–02:00 opens Monday's evening and Tuesday's first hours, nothing else (AV-2)."""
	blocks = hours("22-2", [0])
	assert offered(blocks, MONDAY, grid_minutes=60) == ["22:00", "23:00"]
	assert offered(blocks, day_after(MONDAY), grid_minutes=60) == ["00:00", "01:00"]
	assert offered(blocks, day_after(MONDAY, 2), grid_minutes=60) == []


def test_visit_across_midnight_is_one_visit():
	"""TI-2: two hours from 23:00 end on the next date."""
	assert offered(hours("22-2", [0]), MONDAY, 120, grid_minutes=60) == ["22:00", "23:00"]
	assert offered(hours("22-2", [0]), day_after(MONDAY), 120, grid_minutes=60) == ["00:00"]


def test_block_to_24_ends_at_midnight():
	"""TI-2: 22:00–24:00 is two hours, and joins with the next day's 00:00–02:00."""
	assert offered(hours("22-24", [0]), MONDAY, grid_minutes=30) == ["22:00", "22:30", "23:00"]
	joined = hours("22-24", [0]) + hours("0-2", [1])
	assert offered(joined, MONDAY, grid_minutes=30) == ["22:00", "22:30", "23:00", "23:30"]


def test_29_february():
	"""TI-2: a Thursday like any other in 2024; in 2026 the next day is 1 March."""
	leap = date(2024, 2, 29)
	assert offered(hours("8-9", [3]), leap) == ["08:00"]
	assert offered(hours("8-9", valid_from=leap, valid_to=leap), leap) == ["08:00"]
	for day in (date(2024, 2, 28), date(2024, 3, 1)):
		assert offered(hours("8-9", valid_from=leap, valid_to=leap), day) == []
	assert offered(hours("22-2", [5]), date(2026, 3, 1), grid_minutes=60) == ["00:00", "01:00"]


def test_night_over_new_year():
	"""TI-2: a block of 31 December runs into 1 January, valid or not on that date."""
	eve = date(2026, 12, 31)
	blocks = hours("22-2", valid_from=eve, valid_to=eve)
	assert offered(blocks, eve, grid_minutes=60) == ["22:00", "23:00"]
	assert offered(blocks, date(2027, 1, 1), grid_minutes=60) == ["00:00", "01:00"]
	assert offered(blocks, date(2027, 1, 2), grid_minutes=60) == []


def test_valid_dates_are_both_included():
	"""AV-1: a block counts on its first and its last valid date and not beside them."""
	blocks = hours("8-9", valid_from=day_after(MONDAY), valid_to=day_after(MONDAY, 2))
	found = [offered(blocks, day_after(MONDAY, n)) for n in range(4)]
	assert found == [[], ["08:00"], ["08:00"], []]


def test_length_that_does_not_divide_the_block():
	"""TI-3: of 100 minutes, visits of 45 on a grid of 15 start up to 55 minutes in, none beyond."""
	assert offered(hours("8-9:40"), MONDAY, 45) == ["08:00", "08:15", "08:30", "08:45"]
	assert offered(hours("8-9:40"), MONDAY, 45, grid_minutes=0) == ["08:00", "08:45"]
	assert offered(hours("8-9:40"), MONDAY, 100) == ["08:00"]
	assert offered(hours("8-9:40"), MONDAY, 105) == []


@examples(60)
@given(visits, grids, st.integers(6, 100), st.integers(0, 287))
def test_any_length_and_grid_in_any_block(asked, grid, cells, begin):
	"""TI-3: starts are the block's start plus multiples of the grid, as long as the whole visit fits."""
	assume(begin + cells <= 288)
	block = hours(f"{begin // 12}:{begin % 12 * 5}-{(begin + cells) // 12}:{(begin + cells) % 12 * 5}", [0])
	facts = calendar(block, UTC_PLACE, grid_minutes=grid)
	day = free_starts(facts, asked, "", at("2026-03-01 00:00"), MONDAY, MONDAY, "UTC")[0]
	step = grid or asked.length_minutes + asked.buffer_before_minutes + asked.buffer_after_minutes
	found = [(slot.start - at("2026-03-02 00:00")).seconds // 60 - begin * 5 for slot in day.slots]
	assert found == list(range(0, cells * 5 - asked.length_minutes + 1, step))
	assert day.state == ("open" if found else "full")


def test_grid_of_length_plus_buffers():
	"""AV-6: grid 0 puts visits of 40 with 5 before and 15 after an hour apart."""
	facts = calendar(hours("8-12"), UTC_PLACE, grid_minutes=0)
	days = free_starts(facts, visit(40, 5, 15), "", at("2026-03-01 00:00"), MONDAY, MONDAY, "UTC")
	assert starts(days) == ["08:00", "09:00", "10:00", "11:00"]


def test_touching_blocks_join_and_each_has_its_own_grid():
	"""TI-4: 8:00–9:40 and 9:40–11:00 are open without a break; starts lie on either's grid (AV-6)."""
	blocks = hours("8-9:40") + hours("9:40-11")
	assert offered(blocks, MONDAY, 60, grid_minutes=30) == ["08:00", "08:30", "09:00", "09:30", "09:40"]


def test_overlapping_blocks_offer_any_of_their_grids_once():
	"""TI-4: where two cover a time either grid will do; the same start is offered once."""
	blocks = hours("8-10") + hours("8:20-10") + hours("8-10")
	found = offered(blocks, MONDAY, 60, grid_minutes=30)
	assert found == ["08:00", "08:20", "08:30", "08:50", "09:00"]


def test_a_block_s_grid_ends_with_it():
	"""TI-4: 8:00–9:00's grid of 40 says nothing about the block that touches it."""
	assert offered(hours("8-9 9-11"), MONDAY, 30, grid_minutes=40) == [
		"08:00",
		"08:40",
		"09:00",
		"09:40",
		"10:20",
	]


def test_touching_blocks_of_two_clinics_do_not_join():
	"""AV-7: a visit is open time of one clinic, wholly."""
	clinics = (place("north", "UTC"), place("south", "UTC"))
	facts = calendar(hours("8-9", clinic="north") + hours("9-10", clinic="south"), clinics)
	now = at("2026-03-01 00:00")
	assert starts(free_starts(facts, visit(60), "", now, MONDAY, MONDAY, "UTC")) == ["08:00", "09:00"]
	assert starts(free_starts(facts, visit(65), "", now, MONDAY, MONDAY, "UTC")) == []


def test_empty_block_opens_nothing():
	"""TI-4: an end equal to the start leaves no time, not a whole day."""
	assert offered(hours("8-8"), MONDAY, 10) == []
	assert offered(hours("0-0"), MONDAY, 10) == []


def test_reversed_block_is_a_night():
	"""TI-4: 12:00–8:00 runs from noon to the next morning."""
	assert offered(hours("12-8", [0]), MONDAY, 60, grid_minutes=240) == ["12:00", "16:00", "20:00"]
	assert offered(hours("12-8", [0]), day_after(MONDAY), 60, grid_minutes=240) == ["00:00", "04:00"]


def test_reversed_valid_dates_open_nothing():
	"""TI-4: a block that ends being valid before it begins is never open."""
	blocks = hours("8-12", valid_from=day_after(MONDAY), valid_to=MONDAY)
	assert [offered(blocks, day_after(MONDAY, n)) for n in (-1, 0, 1, 2)] == [[], [], [], []]


def test_open_exception_is_a_block_with_its_own_start():
	"""AV-6: an opened 12:10–13:10 joins the morning; its grid starts at 12:10."""
	facts = calendar(
		hours("11:10-12:10"), UTC_PLACE, grid_minutes=30, overrides=(opened(MONDAY, "12:10-13:10"),)
	)
	days = free_starts(facts, visit(60), "", at("2026-03-01 00:00"), MONDAY, MONDAY, "UTC")
	assert starts(days) == ["11:10", "11:40", "12:10"]


def test_nights_far_from_utc():
	"""TI-2, TI-11: in the westernmost zone UTC's midnight is noon of the day before, in a night begun before that."""
	west = calendar(hours("13-12:30"), (place(timezone="Etc/GMT+12"),))
	found = open_time(west, at("2026-03-02 00:00"), at("2026-03-03 00:00"))["north"]
	assert [(interval.start, interval.end) for interval in found] == [
		(at("2026-03-02 00:00"), at("2026-03-02 00:30")),
		(at("2026-03-02 01:00"), at("2026-03-03 00:00")),
	]


def test_no_time_at_all():
	"""TI-4: between an instant and itself, or an earlier one, nothing is open."""
	facts = calendar(hours("0-12 12-24"))
	for end in ("2026-03-02 10:00", "2026-03-02 09:00", "2026-03-02 10:04"):
		assert open_time(facts, at("2026-03-02 10:00"), at(end)) == {"north": []}


def test_hours_stay_local_when_the_clocks_change():
	"""AV-8: 8:00–12:00 is the same on the wall before, on and after the day of 23 hours; 22:00–6:00 then has 7."""
	facts = calendar(hours("8-10"), grid_minutes=60)
	days = free_starts(
		facts, visit(60), "", at("2026-03-27 00:00"), date(2026, 3, 28), date(2026, 3, 30), "Europe/Bucharest"
	)
	assert [[slot.start.isoformat()[11:] for slot in day.slots] for day in days] == [
		["08:00:00+02:00", "09:00:00+02:00"],
		["08:00:00+03:00", "09:00:00+03:00"],
		["08:00:00+03:00", "09:00:00+03:00"],
	]
	night = calendar(hours("22-6", [5]), grid_minutes=60)
	spring = free_starts(
		night, visit(60), "", at("2026-03-27 00:00"), date(2026, 3, 28), date(2026, 3, 29), "Europe/Bucharest"
	)
	assert starts(spring)[2:] == [f"03-29 0{hour}:00" for hour in (0, 1, 2, 4, 5)]
	autumn = free_starts(
		night,
		visit(60),
		"",
		at("2026-10-23 00:00"),
		date(2026, 10, 24),
		date(2026, 10, 25),
		"Europe/Bucharest",
	)
	assert starts(autumn)[2:] == [f"10-25 0{hour}:00" for hour in (0, 1, 2, 3, 3, 4, 5)]
