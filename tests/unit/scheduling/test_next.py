"""The next free starts, and those nearby: AV-12, BK-3."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinic_booking.scheduling.free import free, free_starts, next_free
from clinic_booking.scheduling.interval import minutes_from
from clinic_booking.scheduling.offer import make_offer

from .builders import at, calendar, claim, day_after, hours, place, visit
from .strategies import examples, questions

NOW = at("2026-03-01 00:00")
FACTS = calendar(hours("8-10", [0]), (place(timezone="UTC"),), grid_minutes=30)


def following(after, claims="", count=1, facts=FACTS, **more):
	slots = next_free(facts, visit(30), claims, NOW, at(after), "UTC", count=count, **more)
	return [slot.start.strftime("%m-%d %H:%M") for slot in slots]


def nearby(start, claims="", count=3):
	slots = free(make_offer(FACTS, visit(30), NOW), claims, NOW).nearest(at(start), "UTC", count)
	return [slot.start.strftime("%m-%d %H:%M") for slot in slots]


def test_next_free_after_a_range_without_any():
	"""AV-12: after Monday's hours it is next Monday's first; at a start, that start itself."""
	assert following("2026-03-02 12:00") == ["03-09 08:00"]
	assert following("2026-03-02 09:30") == ["03-02 09:30"]
	assert following("2026-03-02 09:30:01") == ["03-09 08:00"]


def test_next_free_skips_what_is_taken():
	"""AV-12: a whole Monday claimed: a week later."""
	assert following("2026-03-02 00:00", [claim(at("2026-03-02 08:00"), 120)]) == ["03-09 08:00"]


def test_several_next_ones():
	"""AV-12: the next two, over days, fewer when there are no more."""
	assert following("2026-03-02 09:30", count=2) == ["03-02 09:30", "03-09 08:00"]
	assert following("2026-03-30 09:00", count=5) == ["03-30 09:00", "03-30 09:30"]
	assert following("2026-03-30 09:31", count=5) == []


def test_next_free_before_and_beyond_what_is_in_reach():
	"""AV-12, TI-9: asked from long ago it is the first in reach; asked beyond the horizon there is none."""
	assert following("2001-01-01 00:00") == ["03-02 08:00"]
	assert following("0001-01-01 00:00") == ["03-02 08:00"]
	assert following("2026-04-01 00:00") == []
	assert following("9999-12-31 00:00") == []


def test_next_free_at_one_clinic_and_over_several():
	"""AV-12: the earliest of all clinics, or of the one asked for; in the zone asked for."""
	clinics = (place("north", "UTC"), place("south", "UTC"))
	facts = calendar(hours("10-11", clinic="north") + hours("8-9", clinic="south"), clinics)
	assert following("2026-03-02 00:00", facts=facts, count=3) == [
		"03-02 08:00",
		"03-02 08:15",
		"03-02 08:30",
	]
	assert following("2026-03-02 00:00", facts=facts, clinic="north") == ["03-02 10:00"]
	(slot,) = next_free(facts, visit(30), "", NOW, at("2026-03-02 00:00"), "Asia/Tokyo")
	assert (slot.start.isoformat(), slot.clinic) == ("2026-03-02T17:00:00+09:00", "south")


def test_nearest_on_both_sides():
	"""BK-3: up to three nearby, in order of time; of two equally far the earlier."""
	taken = [claim(at("2026-03-02 09:00"), 30)]
	assert nearby("2026-03-02 09:00", taken) == ["03-02 08:00", "03-02 08:30", "03-02 09:30"]
	assert nearby("2026-03-02 09:00", taken, count=1) == ["03-02 08:30"]
	assert nearby("2026-03-02 09:00", count=1) == ["03-02 09:00"]


def test_nearest_over_days():
	"""BK-3: the next week where the day has no more; none at all where nothing is free."""
	taken = [claim(at("2026-03-02 08:00"), 90)]
	assert nearby("2026-03-02 08:30", taken) == ["03-02 09:30", "03-09 08:00", "03-09 08:30"]
	assert nearby("2026-03-02 08:30", [(0, 10**9)]) == []
	assert nearby("2020-01-01 00:00", count=2) == ["03-02 08:00", "03-02 08:30"]
	for year in (2030, 9999):
		assert nearby(f"{year}-01-01 00:00", count=2) == ["03-30 09:00", "03-30 09:30"]


def test_whether_anything_is_free():
	"""AV-12: a `Free` without any start is false."""
	offer = make_offer(FACTS, visit(30), NOW)
	assert free(offer, "", NOW)
	assert not free(offer, [(0, 10**9)], NOW)
	one_of_two = calendar(hours("8-10"), (place("south"), place()))
	assert free(make_offer(one_of_two, visit(30), NOW), "", NOW)


def test_one_next_and_three_nearby_unless_told():
	"""AV-12, BK-3: how many, if nothing is said."""
	left = free(make_offer(FACTS, visit(30), NOW), "", NOW)
	assert (len(left.next(NOW, "UTC")), len(left.nearest(NOW, "UTC"))) == (1, 3)
	assert len(next_free(FACTS, visit(30), "", NOW, NOW, "UTC")) == 1


@examples(40)
@given(questions(), st.integers(-300, 1200), st.integers(1, 4))
def test_any_next_and_nearest_are_those_of_the_days(question, cells, count):
	"""AV-12, BK-3: the first from an instant on and the closest around it, of all the days in reach."""
	calendar_, asked, busy, now, from_date, _ = question
	days = free_starts(calendar_, asked, busy, now, day_after(from_date, -3), day_after(from_date, 9), "UTC")
	slots = [slot for day in days for slot in day.slots]
	instant = at(f"{from_date} 00:00") + timedelta(minutes=5 * cells)
	after = [slot for slot in slots if slot.start >= instant]
	assert next_free(calendar_, asked, busy, now, instant, "UTC", count=count) == after[:count]
	closest = sorted(
		slots, key=lambda slot: (abs(minutes_from(slot.start) - minutes_from(instant)), slot.start)
	)
	found = free(make_offer(calendar_, asked, now), busy, now).nearest(instant, "UTC", count)
	assert found == sorted(closest[:count], key=slots.index)
