"""The engine beside `slotify-scheduling` from the registry: the same answer first, then what it costs.

One doctor, 30 days, 300 busy intervals; what both can express: no buffers, visits as long as the grid.
Needs no bench: `python -m pytest --noconftest tests/load/test_engine.py -s`.
"""

import random
import time
from datetime import date, datetime, timedelta, timezone

from slotify import AvailabilityEngine, Booking, BookingPolicy, Slot, SlotGenerator

from clinic_booking.scheduling.calendar import Block, Calendar, Clinic, Visit
from clinic_booking.scheduling.free import free
from clinic_booking.scheduling.interval import minutes_from
from clinic_booking.scheduling.offer import make_offer

ZONE = "Europe/Bucharest"
# The clocks go forward on the 29th.
FROM, TO = date(2026, 3, 9), date(2026, 4, 7)
NOW = datetime(2026, 3, 8, 12, 0, tzinfo=timezone.utc)
HOURS = (("08:00", "12:00"), ("14:00", "18:00"))
LENGTH = 15
BUSY = 300
FASTER = 1_000


def busy_intervals():
	"""300 intervals of 5 to 30 minutes, ten a day, as pairs of instants that don't overlap."""
	chosen = random.Random(300)
	midnight = datetime(FROM.year, FROM.month, FROM.day, tzinfo=timezone.utc)
	found = []
	for day in range(BUSY // 10):
		for place in chosen.sample(range(30), 10):
			start = midnight + timedelta(days=day, hours=3, minutes=30 * place)
			found.append((start, start + timedelta(minutes=5 * chosen.randint(1, 6))))
	return sorted(found)


def slotify_engine(busy):
	windows = SlotGenerator(
		windows=HOURS, duration=LENGTH, timezone=ZONE, dst_ambiguous="both", dst_nonexistent="skip"
	)
	engine = AvailabilityEngine(windows, resource_id="doctor", policy=BookingPolicy())
	for start, end in busy:
		engine.store.reserve(Booking(slot=Slot(start, end), resource_id="doctor"))
	return engine


def our_calendar():
	hours = [tuple(datetime.strptime(at, "%H:%M").time() for at in window) for window in HOURS]
	blocks = tuple(Block("clinic", weekday, *window) for window in hours for weekday in range(7))
	return Calendar((Clinic("clinic", ZONE),), blocks, grid_minutes=LENGTH, notice_minutes=0)


def test_a_thousand_times_faster_than_slotify(capsys):
	"""AV-7: the same free times from the same facts, a thousand times sooner."""
	busy = busy_intervals()
	claims = ";".join(f"{minutes_from(start)},{minutes_from(end)}" for start, end in busy)
	calendar, visit = our_calendar(), Visit(LENGTH)
	offer = make_offer(calendar, visit, NOW)
	theirs = slotify_engine(busy)

	def as_text():
		return free(offer.between(FROM, TO, NOW), claims, NOW).days_text(FROM, TO, ZONE)

	def as_objects():
		return free(offer.between(FROM, TO, NOW), claims, NOW).days(FROM, TO, ZONE)

	def from_scratch():
		return free(make_offer(calendar, visit, NOW), claims, NOW).days(FROM, TO, ZONE)

	their_time, their_slots = _timed(lambda: theirs.available_slots(FROM, TO, now=NOW), 2)
	_, days = _timed(from_scratch, 1)
	ours = [(slot.start, slot.end) for day in days for slot in day.slots]
	assert ours == [(slot.start_utc, slot.end_utc) for slot in their_slots]
	assert 500 < len(ours) < 960

	lines = [
		f"{len(ours)} free times of 30 days beside {BUSY} busy intervals: slotify {their_time * 1e3:,.0f} ms"
	]
	ratios = []
	for name, call in (("as JSON text", as_text), ("as objects", as_objects), ("nothing kept", from_scratch)):
		our_time, _ = _timed(call, 100)
		ratios.append(their_time / our_time)
		lines.append(f"ours, {name}: {our_time * 1e6:,.0f} µs, {ratios[-1]:,.0f} times faster")
	with capsys.disabled():
		print("\n" + "\n".join(lines))
	assert min(ratios) >= FASTER


def _timed(call, rounds):
	"""The best of several rounds, in seconds, and the last answer."""
	best = float("inf")
	for _ in range(rounds):
		begun = time.perf_counter()
		answer = call()
		best = min(best, time.perf_counter() - begun)
	return best, answer
