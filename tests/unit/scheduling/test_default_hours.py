"""A clinic's hours for doctors without their own: AV-10."""

from datetime import time

from clinic_booking.scheduling.free import free_starts

from .builders import MONDAY, at, calendar, closed, day_after, hours, opened, place, starts, visit

NOW = at("2026-03-01 00:00")
DEFAULT = (time(10), time(13))


def offered(blocks=(), clinics=None, day=MONDAY, **more):
	clinics = clinics or (place(timezone="UTC", default_hours=DEFAULT),)
	facts = calendar(blocks, clinics, grid_minutes=60, **more)
	return starts(free_starts(facts, visit(), "", NOW, day, day, "UTC"))


def test_no_hours_and_no_default_offer_nothing():
	"""AV-10: a doctor without weekly availability is never open by themselves."""
	assert offered(clinics=(place(timezone="UTC"),)) == []


def test_default_hours_stand_in_daily():
	"""AV-10: every day of the week, on the grid from their own start."""
	for n in range(7):
		assert offered(day=day_after(MONDAY, n)) == ["10:00", "11:00", "12:00"]


def test_any_weekly_hours_take_their_place():
	"""AV-10: one block, at any clinic, even one that is over, and the default counts nowhere."""
	assert offered(hours("8-9", [0])) == ["08:00"]
	assert offered(hours("8-9", [0]), day=day_after(MONDAY)) == []
	assert offered(hours("8-9", [0], "elsewhere")) == []
	assert offered(hours("8-9", [0], valid_to=day_after(MONDAY, -30))) == []


def test_exceptions_count_as_ever():
	"""AV-10: extra hours add to the default, closed ones and holidays take from it."""
	assert offered(overrides=(opened(MONDAY, "14-15"),)) == ["10:00", "11:00", "12:00", "14:00"]
	assert offered(overrides=(closed(MONDAY, "11-12"),)) == ["10:00", "12:00"]
	holiday = (place(timezone="UTC", default_hours=DEFAULT, holidays=frozenset({MONDAY})),)
	assert offered(clinics=holiday) == []


def test_only_clinics_that_switched_it_on():
	"""AV-10: it is the clinic's choice; hours past midnight run into the next day."""
	clinics = (place("north", "UTC"), place("south", "UTC", default_hours=(time(22), time(2))))
	facts = calendar((), clinics, grid_minutes=120)
	(day,) = free_starts(facts, visit(), "", NOW, MONDAY, MONDAY, "UTC")
	assert [(slot.start.hour, slot.clinic) for slot in day.slots] == [(0, "south"), (22, "south")]
