"""Half-open intervals and minutes: AV-7, TI-8."""

from datetime import timedelta

from clinic_booking.scheduling.interval import Interval, instant_at, minutes_from, minutes_until

from .builders import at, visit

NINE, TEN, ELEVEN = (at(f"2026-03-02 {hour}:00") for hour in ("09", "10", "11"))


def test_touching_intervals_do_not_overlap():
	"""TI-5: one ends where the other begins."""
	assert not Interval(NINE, TEN).overlaps(Interval(TEN, ELEVEN))
	assert not Interval(TEN, ELEVEN).overlaps(Interval(NINE, TEN))
	assert Interval(NINE, TEN).overlaps(Interval(TEN - timedelta(seconds=1), ELEVEN))
	assert Interval(NINE, ELEVEN).overlaps(Interval(TEN, TEN + timedelta(minutes=1)))


def test_minutes_round_down_or_up():
	"""TI-8: a second past is the same minute, or the next; before 1970 as after."""
	for year in ("2026", "1901"):
		start = at(f"{year}-03-02 09:00")
		minute = minutes_from(start)
		assert minutes_until(start) == minute and instant_at(minute) == start
		assert minutes_from(start + timedelta(seconds=1)) == minute
		assert minutes_until(start + timedelta(microseconds=1)) == minute + 1
		assert minutes_from(start - timedelta(microseconds=1)) == minute - 1


def test_padded_visit():
	"""AV-5: itself and its buffers, in UTC, elapsed minutes from whatever zone."""
	shifted = NINE.astimezone(at("2026-03-02 09:00").tzinfo)
	assert visit(45, 5, 10).at(shifted) == Interval(NINE, NINE + timedelta(minutes=45))
	assert visit(45, 5, 10).padded(shifted) == Interval(
		NINE - timedelta(minutes=5), NINE + timedelta(minutes=55)
	)
