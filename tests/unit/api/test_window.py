"""The sliding hour (SE-2)."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from clinic_booking.api.window import HOUR, retry_after, used


class Counter:
	"""What Redis counts, by window."""

	def __init__(self, limit):
		self.limit, self.windows = limit, defaultdict(int)

	def call(self, now):
		window, elapsed = divmod(now, HOUR)
		wait = retry_after(self.windows[window - 1], self.windows[window], elapsed, self.limit)
		if not wait:
			self.windows[window] += 1
		return wait


def test_a_fresh_caller_has_exactly_the_limit():
	"""SE-2: 300 calls pass, the next is refused."""
	counter = Counter(300)
	assert [counter.call(1000.5) for _ in range(300)] == [0] * 300
	assert counter.call(1000.5) > 0


def test_the_full_hour_gives_no_second_helping():
	"""SE-2: the limit just before the hour and again just after it is twice the limit in a minute."""
	counter = Counter(60)
	for _ in range(60):
		counter.call(HOUR - 1)
	assert sum(counter.call(HOUR + 1) == 0 for _ in range(60)) == 0
	assert sum(counter.call(HOUR * 1.5) == 0 for _ in range(60)) == 30


@given(st.integers(0, 2000), st.integers(0, 2000), st.floats(0, HOUR - 1), st.integers(1, 1500))
def test_waiting_as_told_is_enough_and_not_much_too_long(before, current, elapsed, limit):
	"""SE-2: after `retry_after` seconds one call fits, two seconds earlier none did."""
	wait = retry_after(before, current, elapsed, limit)

	def fits(at):
		windows, at = divmod(elapsed + at, HOUR)
		then = [(before, current), (current, 0), (0, 0)][int(min(windows, 2))]
		return used(*then, at) + 1 <= limit + 1e-6

	assert fits(wait)
	assert wait <= 2 * HOUR
	if wait > 2:
		assert not fits(wait - 2)


@given(st.integers(1, 50), st.lists(st.floats(0, 5 * HOUR), max_size=300))
def test_no_sixty_minutes_hold_much_more_than_the_limit(limit, moments):
	"""SE-2: whatever the rhythm, any hour has less than twice the limit, and a quiet caller is never refused."""
	counter = Counter(limit)
	passed = [moment for moment in sorted(moments) if not counter.call(moment)]
	for moment in passed:
		assert sum(moment <= other < moment + HOUR for other in passed) <= 2 * limit
	if len(moments) <= limit:
		assert len(passed) == len(moments)
