"""Whatever the calendar: the engine's answer is the reference's, which goes minute by minute."""

import json

from hypothesis import given
from hypothesis import strategies as st

from clinic_booking.scheduling.free import free, free_starts
from clinic_booking.scheduling.interval import minutes_from
from clinic_booking.scheduling.offer import make_offer
from clinic_booking.scheduling.open_time import open_time

from . import reference
from .strategies import ZONES, claims, examples, questions


def told(days):
	return [(d.date, d.state, [(minutes_from(s.start), s.clinic) for s in d.slots]) for d in days]


@examples(80)
@given(questions(), st.sampled_from(ZONES))
def test_any_calendar_offers_what_the_reference_offers(question, zone):
	"""AV-1 to AV-8, AV-10: blocks, exceptions, holidays, grid, notice, horizon, buffers, claims, any zones."""
	assert told(free_starts(*question, zone)) == reference.days(*question, zone)


@examples(60)
@given(questions(clinics=1), st.sampled_from(ZONES), st.data())
def test_any_rooms_offer_what_the_reference_offers(question, zone, data):
	"""AV-15: a start counts only while one of the clinic's rooms is free for the padded time."""
	around = minutes_from(question[3])
	rooms = {
		clinic.name: data.draw(st.lists(claims(around, count=8), max_size=3))
		for clinic in question[0].clinics
	}
	expected = reference.days(*question, zone, rooms=rooms)
	assert told(free_starts(*question, zone, rooms=rooms)) == expected


@examples(60)
@given(questions(), st.sampled_from(ZONES))
def test_any_answer_as_text_says_the_same(question, zone):
	"""AV-7: the JSON text joined for speed is the plain days, written down."""
	calendar, visit, busy, now, from_date, to_date = question
	plain = [
		{"date": day.date.isoformat(), "state": day.state, "slots": [slot.as_dict() for slot in day.slots]}
		for day in free_starts(*question, zone)
	]
	text = ";".join(f"{start},{end}" for start, end in busy)
	kept = free(make_offer(calendar, visit, now), text, now).days_text(from_date, to_date, zone)
	assert json.loads(kept) == plain
	assert kept == json.dumps(plain, separators=(",", ":"))


@examples(60)
@given(questions())
def test_any_open_time_is_the_reference_s(question):
	"""AV-3: an instant is open if its wall clock lies in a block or open exception, and in nothing closed."""
	calendar, visit, _, _, from_date, to_date = question
	for clinic in calendar.clinics:
		hours = reference.Hours(calendar, clinic, visit, from_date, to_date)
		expected = {m for m in hours.range if m % 5 == 0 and all(m + n in hours.open for n in range(5))}
		start, end = reference.instant(hours.range[0]), reference.instant(hours.range[-1] + 1)
		intervals = open_time(calendar, start, end)[clinic.name]
		found = [m for i in intervals for m in range(minutes_from(i.start), minutes_from(i.end), 5)]
		assert found == sorted(expected)
