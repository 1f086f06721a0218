"""When a doctor has time for somebody who is here (DY-1)."""

from datetime import timedelta

import pytest

from clinic_booking.scheduling.walk_in import now_or_soon, starts

from .builders import at, calendar, claim, hours, place, visit

CALENDAR = calendar(hours("8-12"), (place(timezone="UTC"),), notice_minutes=120, online=False)


def found(now, busy="", **more):
	return [
		f"{start:%H:%M}"
		for start in starts(CALENDAR, visit(30), busy, at(f"2026-03-02 {now}"), "north", **more)
	]


@pytest.mark.parametrize(
	("now", "then"), [("10:00", "10:00"), ("10:01", "10:05"), ("10:04", "10:05"), ("23:58", "00:00")]
)
def test_from_the_next_five_minutes_on(now, then):
	"""DY-1: a round time, never one that is over."""
	assert f"{now_or_soon(at(f'2026-03-02 {now}')):%H:%M}" == then


def test_free_now_whatever_notice_grid_and_switch():
	"""DY-1, AV-9: who is here needs none of them."""
	assert found("10:02") == ["10:05", "10:35", "11:05"]


def test_behind_what_is_booked():
	"""DY-1: the next times, a visit apart, as far as there are any."""
	assert found("10:02", (claim(at("2026-03-02 09:30"), 80),)) == ["10:50", "11:20"]


def test_only_in_opening_hours_and_soon():
	"""DY-1: nothing after closing, nothing tomorrow; what opens in the next hours is there."""
	assert found("11:31") == []
	assert found("20:00") == []
	assert found("07:00") == ["08:00", "08:30", "09:00"]
	assert found("03:59") == []


def test_with_a_room():
	"""AV-15: while one of the rooms is free."""
	taken = (claim(at("2026-03-02 10:00"), 60),)
	assert found("10:02", rooms={"north": [taken]}) == ["11:00", "11:30"]
	assert found("10:02", rooms={"north": [taken, ""]}, count=1) == ["10:05"]
	assert starts(CALENDAR, visit(30), "", at("2026-03-02 10:02") + timedelta(days=1), "east") == []
