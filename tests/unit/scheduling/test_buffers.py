"""Buffers and what they keep their distance from: AV-5, AV-7, TI-5."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinic_booking.scheduling.free import free_starts
from clinic_booking.scheduling.interval import minutes_from

from .builders import MONDAY, at, calendar, claim, hours, place, starts, visit
from .strategies import examples, visits

FACTS = calendar(hours("8-12"), (place(timezone="UTC"),), grid_minutes=5)
NOW = at("2026-03-01 00:00")


def offered(asked, claims="", **more):
	return starts(free_starts(FACTS, asked, claims, NOW, MONDAY, MONDAY, "UTC", **more))


def test_buffers_reach_beyond_opening_and_closing():
	"""TI-5: with 30 before and after, the first visit is still at opening and the last ends at closing."""
	found = offered(visit(60, 30, 30))
	assert (found[0], found[-1]) == ("08:00", "11:00")


def test_buffer_keeps_its_distance_from_a_claim_before_opening():
	"""TI-5: claimed until 7:55, with 10 before: the first visit is at 8:05."""
	assert offered(visit(60, 10, 0), [claim(at("2026-03-02 07:00"), 55)])[0] == "08:05"


def test_buffer_keeps_its_distance_from_a_claim_after_closing():
	"""TI-5: claimed from 12:05, with 10 after: the last visit ends at 11:55."""
	assert offered(visit(60, 0, 10), [claim(at("2026-03-02 12:05"), 60)])[-1] == "10:55"


def test_both_neighbours_buffers_count():
	"""TI-5: 9–10 padded 15 before and 20 after; a visit with 5 before and 10 after ends 8:35, starts 10:25."""
	found = offered(visit(30, 5, 10), [claim(at("2026-03-02 08:45"), 95)])
	assert "08:05" in found and "08:10" not in found
	assert "10:25" in found and "10:20" not in found


def test_buffers_may_touch():
	"""TI-5: half-open: one ends where the other begins."""
	assert offered(visit(60), [claim(at("2026-03-02 09:00"), 120)]) == ["08:00", "11:00"]


def test_outside_busy_time_keeps_the_visit_s_own_distance():
	"""AV-5: busy 9–10 outside has no buffers; the visit's 5 before and 10 after count."""
	busy = [claim(at("2026-03-02 09:00"), 60)]
	found = offered(visit(30, 5, 10), outside=busy)
	assert [start for start in found if "08:20" <= start <= "10:05"] == ["08:20", "10:05"]
	assert found == offered(visit(30, 5, 10), busy)


def test_claims_and_outside_busy_time_add_up():
	"""AV-7: neither hides the other."""
	found = offered(
		visit(60), [claim(at("2026-03-02 08:00"), 60)], outside=[claim(at("2026-03-02 10:00"), 120)]
	)
	assert found == ["09:00"]


@examples(80)
@given(visits, visits, st.integers(0, 80), st.integers(0, 80))
def test_any_two_visits_keep_both_buffers(first, second, begin, then):
	"""TI-5: the second is free beside the first exactly if after + before lie between them, either way round."""
	start, other = (at("2026-03-02 08:00") + timedelta(minutes=5 * cells) for cells in (begin, then))
	padded = first.padded(start)
	claims = [(minutes_from(padded.start), minutes_from(padded.end))]
	facts = calendar(hours("0-12 12-24"), (place(timezone="UTC"),), grid_minutes=5)
	days = free_starts(facts, second, claims, NOW, MONDAY, MONDAY, "UTC")
	apart = (other - start).total_seconds() / 60
	fits = (
		apart >= first.length_minutes + first.buffer_after_minutes + second.buffer_before_minutes
		or -apart >= second.length_minutes + second.buffer_after_minutes + first.buffer_before_minutes
	)
	assert (other in [slot.start for slot in days[0].slots]) == fits
