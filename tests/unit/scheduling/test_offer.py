"""What is kept between answers: AV-6, AV-7."""

import pickle
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinic_booking.scheduling.cells import CELLS_A_DAY
from clinic_booking.scheduling.free import free, free_starts
from clinic_booking.scheduling.offer import make_offer, offer_between

from .builders import MONDAY, at, calendar, day_after, hours, place, visit
from .strategies import ZONES, examples, questions

NOW = at("2026-03-02 07:03")
FACTS = calendar(hours("8-12"), (place(timezone="UTC"), place("south")), notice_minutes=60, horizon_days=10)


def test_offer_survives_the_cache():
	"""LI-3: it can be pickled, is small, and is the same afterwards."""
	offer = make_offer(replace(FACTS, horizon_days=60), visit(), NOW)
	kept = pickle.dumps(offer)
	assert pickle.loads(kept) == offer
	assert len(kept) < 10_000


def test_offer_covers_two_days_after_it_was_made():
	"""AV-6: within them it answers as a new one does; before and after them it must be made anew."""
	offer = make_offer(FACTS, visit(), NOW)
	for later in (timedelta(0), timedelta(minutes=15), timedelta(days=1, hours=23), timedelta(days=2)):
		then = NOW + later
		assert offer.covers(then)
		fresh = free(make_offer(FACTS, visit(), then), "", then)
		dates = MONDAY, day_after(MONDAY, 14)
		assert free(offer, "", then).days(*dates, "UTC") == fresh.days(*dates, "UTC")
	assert not offer.covers(NOW - timedelta(minutes=5))
	assert not offer.covers(NOW + timedelta(days=2, minutes=5))


def test_offer_without_reach_is_good_as_well():
	"""TI-7: more notice than horizon makes an empty offer, that covers its now."""
	offer = make_offer(replace(FACTS, notice_minutes=60_000), visit(), NOW)
	assert offer.covers(NOW)
	assert not free(offer, "", NOW)


def test_offline_offer_is_empty():
	"""AV-9: no places at all."""
	assert make_offer(replace(FACTS, online=False), visit(), NOW).places == ()


def test_claims_matter_from_before_the_first_to_after_the_last_start():
	"""AV-5: the range to read claims in; one that only touches it takes nothing, one inside may."""
	facts = calendar(hours("0-12 12-24"), (place(timezone="UTC"),), grid_minutes=5)
	asked = visit(45, 10, 20)
	offer = offer_between(facts, asked, 1000 * CELLS_A_DAY, 1000 * CELLS_A_DAY + 4)
	start, end = offer.claims_matter
	assert (start, end) == (1000 * 24 * 60 - 10, 1000 * 24 * 60 + 20 + 45 + 20)
	assert (offer.places[0].open, offer.places[0].starts) == (0b1111, 0b1111)
	now = at("1972-09-26 00:00")
	every = replace(offer, notice_minutes=0, horizon_days=9)
	untouched = free(every, [(start - 60, start), (end, end + 60)], now).starts
	assert untouched == free(every, "", now).starts == (0b1111,)
	assert free(every, [(start, start + 5)], now).starts == (0b1110,)
	# The last start's padded time ends with its own 5 minutes, not with those after it.
	assert free(every, [(end - 10, end - 5)], now).starts == (0b0111,)


def test_offer_between_dates_is_cut_to_them():
	"""AV-7: a week's part holds a week and the days around it that another zone may show; reach limits it."""
	offer = make_offer(FACTS, visit(), NOW)
	part = offer.between(day_after(MONDAY, 2), day_after(MONDAY, 3), NOW)
	assert part.last - part.first == 4 * CELLS_A_DAY
	assert part.first * 5 == at("2026-03-03 00:00").timestamp() // 60
	assert offer.between(MONDAY, MONDAY, NOW).first * 5 == at("2026-03-02 08:05").timestamp() // 60
	for dates in (
		(day_after(MONDAY, 3), day_after(MONDAY, 2)),
		(day_after(MONDAY, -9), day_after(MONDAY, -3)),
		(day_after(MONDAY, 40), day_after(MONDAY, 50)),
	):
		empty = offer.between(*dates, NOW)
		assert empty.first == empty.last
		assert [place.starts for place in empty.places] == [0, 0]


def test_offer_at_one_clinic():
	"""AV-7: the other places are gone; at an unknown clinic nothing is left."""
	offer = make_offer(FACTS, visit(), NOW)
	assert [place.clinic for place in offer.at("south").places] == ["south"]
	assert offer.at("west").places == ()


@examples(40)
@given(questions(), st.sampled_from(ZONES), st.integers(0, 36 * 60))
def test_any_kept_offer_answers_like_a_new_one(question, zone, minutes):
	"""AV-7: an offer made up to 36 hours ago, whole or cut to the dates, gives what is made from scratch."""
	calendar_, asked, busy, now, from_date, to_date = question
	expected = free_starts(*question, zone)
	kept = make_offer(calendar_, asked, now - timedelta(minutes=minutes))
	assert kept.covers(now)
	assert free(kept, busy, now).days(from_date, to_date, zone) == expected
	part = kept.between(from_date, to_date, now)
	assert free(part, busy, now).days(from_date, to_date, zone) == expected
	start, end = part.claims_matter
	read = [claim for claim in busy if claim[1] > start and claim[0] < end]
	assert free(part, read, now).days(from_date, to_date, zone) == expected
