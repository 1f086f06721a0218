"""When reminders go out (NT-2)."""

from datetime import datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_booking.messaging import due
from clinic_booking.messaging.due import Night
from clinic_booking.scheduling import walltime

UTC = timezone.utc
MADRID = Night(time(21), time(8), "Europe/Madrid")
NOW = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ZONES = ("Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata", "UTC")


def madrid(day, hour, minute=0, month=11):
	(instant,) = walltime.to_utc(datetime(2026, month, day).date(), time(hour, minute), "Europe/Madrid")
	return instant


def test_by_day_it_comes_exactly_so_long_before():
	"""NT-2: 24 hours."""
	assert due.before(madrid(24, 10), DAY, NOW, MADRID) == madrid(23, 10)


@pytest.mark.parametrize("hour, minute", [(21, 0), (23, 30), (2, 0), (7, 59)])
def test_what_would_come_at_night_comes_before_it(hour, minute):
	"""NT-2: of the evening before, whichever side of midnight it was."""
	start = madrid(24, hour, minute)
	assert due.before(start, DAY, NOW, MADRID) == madrid(22 if hour < 12 else 23, 20, 45)


@pytest.mark.parametrize("hour, minute", [(8, 0), (20, 59)])
def test_edges_of_the_day_belong_to_it(hour, minute):
	"""NT-2: from 8:00 on, and to 20:59."""
	assert due.before(madrid(24, hour, minute), DAY, NOW, MADRID) == madrid(23, hour, minute)


def test_overdue_at_booking_is_not_sent():
	"""NT-2: neither what is over nor what is just now."""
	start = madrid(24, 10)
	assert due.before(start, DAY, madrid(23, 10), MADRID) is None
	assert due.before(start, DAY, madrid(23, 11), MADRID) is None
	assert due.before(start, DAY, madrid(23, 9, 59), MADRID) == madrid(23, 10)


def test_without_a_night_it_comes_at_any_hour():
	"""NT-2: the link to a video visit; and where both ends of the night are the same."""
	start = madrid(24, 3)
	assert due.before(start, timedelta(minutes=15), NOW) == madrid(24, 2, 45)
	assert due.before(start, DAY, NOW, Night(time(0), time(0), "Europe/Madrid")) == madrid(23, 3)


@pytest.mark.parametrize("day, month", [(25, 10), (29, 3)])
def test_clocks_that_change_in_the_night_leave_it_quiet(day, month):
	"""ME-13: it begins at 21:00 on the clock before the change and ends at 8:00 on the one after."""
	evening, morning = madrid(day - 1, 21, month=month), madrid(day, 8, month=month)
	assert morning - evening in (timedelta(hours=12), timedelta(hours=10))
	begin = datetime(2026, 1, 1, tzinfo=UTC)
	for instant in (evening, evening + timedelta(hours=6), morning - timedelta(minutes=1)):
		found = due.before(instant + DAY, DAY, begin, MADRID)
		assert found == evening - due.BEFORE_NIGHT
	assert due.before(morning + DAY, DAY, begin, MADRID) == morning


@given(
	st.sampled_from(ZONES),
	st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
	st.times().map(lambda at: at.replace(second=0, microsecond=0)),
	st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_never_at_night_and_never_late(zone, start, begins, ends):
	"""ME-13: whatever the zone, the night and the visit: outside the night, at or before its hour."""
	night = Night(begins, ends, zone)
	found = due.before(start, DAY, datetime(2020, 1, 1, tzinfo=UTC), night)
	assert found <= start - DAY
	if begins == ends:
		assert found == start - DAY
		return
	read = (start - DAY).astimezone(walltime.zone(zone)).time()
	at_night = begins <= read < ends if begins < ends else (read >= begins or read < ends)
	change = _clock_changes_near(start - DAY, zone)
	if not change:
		assert (found != start - DAY) == at_night


def _clock_changes_near(instant, zone):
	there = walltime.zone(zone)
	offsets = {(instant + timedelta(hours=hour)).astimezone(there).utcoffset() for hour in range(-48, 49)}
	return len(offsets) > 1
