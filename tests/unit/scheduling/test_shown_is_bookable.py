"""TI-12: every start shown is accepted, every other minute of the day is refused."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinic_booking.scheduling.claims import Claim
from clinic_booking.scheduling.free import free_starts
from clinic_booking.scheduling.interval import instant_at, minutes_from
from clinic_booking.scheduling.refusal import CODES, why_not

from .builders import BUCHAREST, MONDAY, at, calendar, claim, hours, place, starts, visit
from .strategies import examples, questions

DAY = 24 * 60


@examples(40)
@given(questions(), st.data())
def test_any_start_shown_is_accepted_and_no_other(question, data):
	"""TI-12: at every clinic of any calendar, every 5 minutes of the dates, and some minutes between them."""
	calendar_, asked, busy, now, from_date, to_date = question
	days = free_starts(*question, "UTC")
	shown = {(minutes_from(slot.start), slot.clinic) for day in days for slot in day.slots}
	midnight = minutes_from(at(f"{from_date} 00:00"))
	end = midnight + ((to_date - from_date).days + 1) * DAY
	between = data.draw(st.lists(st.integers(midnight, end - 1), max_size=20))
	starts_of_visits = [midnight + 5 * cell for cell in data.draw(st.lists(st.integers(0, 287), max_size=80))]
	for minute in {*between, *starts_of_visits, *(minute for minute, _ in shown)}:
		for clinic in calendar_.clinics:
			refusal = why_not(calendar_, asked, busy, instant_at(minute), now, clinic.name)
			assert (refusal is None) == ((minute, clinic.name) in shown), refusal
			assert refusal is None or refusal.code in CODES
		anywhere = why_not(calendar_, asked, busy, instant_at(minute), now)
		assert (anywhere is None) == any((minute, clinic.name) in shown for clinic in calendar_.clinics)


@examples(40)
@given(questions(clinics=1), st.data())
def test_any_start_shown_with_rooms_and_outside_busy_time(question, data):
	"""TI-12: the same where a room is needed and time outside is busy."""
	calendar_, asked, busy, now, from_date, to_date = question
	outside, first, second = busy[:2], busy[2:4], busy[4:]
	rooms = {clinic.name: [first, second] for clinic in calendar_.clinics}
	days = free_starts(calendar_, asked, [], now, from_date, to_date, "UTC", rooms=rooms, outside=outside)
	shown = {minutes_from(slot.start) for day in days for slot in day.slots}
	midnight = minutes_from(at(f"{from_date} 00:00"))
	for minute in {
		*shown,
		*(midnight + 5 * c for c in data.draw(st.lists(st.integers(0, 287), max_size=80))),
	}:
		refusal = why_not(calendar_, asked, [], instant_at(minute), now, rooms=rooms, outside=outside)
		if from_date <= instant_at(minute).date() <= to_date:
			assert (refusal is None) == (minute in shown), refusal


def test_every_minute_of_a_day():
	"""TI-12: of all 1440 minutes exactly the 24 shown are accepted; seconds between them are not."""
	facts = calendar(hours("8-12 14-18"), (place(timezone="UTC"),))
	now = at("2026-03-01 00:00")
	claims = [claim(at("2026-03-02 09:00"), 60)]
	(day,) = free_starts(facts, visit(45, 0, 15), claims, now, MONDAY, MONDAY, "UTC")
	minutes = [at("2026-03-02 00:00") + timedelta(minutes=n) for n in range(DAY)]
	accepted = [minute for minute in minutes if why_not(facts, visit(45, 0, 15), claims, minute, now) is None]
	assert accepted == [slot.start for slot in day.slots]
	assert len(accepted) == 1 + 6 + 14
	for slot in day.slots:
		assert why_not(facts, visit(45, 0, 15), claims, slot.start + timedelta(seconds=30), now)


def test_every_minute_of_a_day_of_25_hours():
	"""TI-12, TI-1: all 1500 minutes of the day the clocks go back."""
	facts = calendar(hours("0-12 12-24"), grid_minutes=45)
	now = at("2026-10-24 00:00")
	day = MONDAY.replace(month=10, day=25)
	(shown,) = free_starts(facts, visit(60), "", now, day, day, BUCHAREST)
	minutes = [at("2026-10-24 21:00") + timedelta(minutes=n) for n in range(25 * 60)]
	accepted = [minute for minute in minutes if why_not(facts, visit(60), "", minute, now) is None]
	assert accepted == [slot.start for slot in shown.slots]
	# 32 wall times, of which 3:00 and 3:45 come twice.
	assert len(accepted) == 32 + 2
	assert starts([shown])[3:9] == ["02:15", "03:00", "03:45", "03:00", "03:45", "04:30"]


def test_claims_that_are_not_whole_cells_are_rounded_outward():
	"""TI-8: a claim 9:02–9:58 blocks 9:00–10:00, in what is shown and in what is accepted."""
	facts = calendar(hours("8-12"), (place(timezone="UTC"),), grid_minutes=5)
	now = at("2026-03-01 00:00")
	odd, whole = [claim(at("2026-03-02 09:02"), 56)], [claim(at("2026-03-02 09:00"), 60)]
	answers = [free_starts(facts, visit(30), claims, now, MONDAY, MONDAY, "UTC") for claims in (odd, whole)]
	assert answers[0] == answers[1]
	for minute in range(0, DAY, 5):
		start = at("2026-03-02 00:00") + timedelta(minutes=minute)
		codes = [why_not(facts, visit(30), claims, start, now) for claims in (odd, whole)]
		assert (codes[0] is None) == (codes[1] is None)


def test_a_claim_of_no_length_takes_nothing():
	"""TI-4: an empty or reversed claim neither hides nor refuses anything."""
	facts = calendar(hours("8-12"), (place(timezone="UTC"),))
	now, start = at("2026-03-01 00:00"), at("2026-03-02 09:00")
	minute = minutes_from(start)
	free = free_starts(facts, visit(30), "", now, MONDAY, MONDAY, "UTC")
	for nothing in ([(minute, minute)], [(minute + 10, minute)], [Claim(minute, minute, 5, 5)]):
		assert free_starts(facts, visit(30), nothing, now, MONDAY, MONDAY, "UTC") == free
		assert why_not(facts, visit(30), nothing, start, now) is None
		taken = [*nothing, (minute, minute + 5)]
		assert free_starts(facts, visit(30), taken, now, MONDAY, MONDAY, "UTC") != free
		assert why_not(facts, visit(30), taken, start, now).code == "taken"
