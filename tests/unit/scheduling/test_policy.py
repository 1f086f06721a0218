"""What a policy allows and gives back: PO-1 to PO-3, PO-5, MO-17."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from clinic_booking.scheduling.policy import (
	Policy,
	Terms,
	can_cancel,
	can_reschedule,
	compensation,
	refund,
	terms,
)

from .builders import BUCHAREST, at

START = at("2026-03-02 10:00")
PAID = Decimal("35.00")
NOTHING = Decimal("0.00")
SECOND = timedelta(seconds=1)


def before(minutes=0, seconds=0):
	return START - timedelta(minutes=minutes, seconds=seconds)


def test_defaults():
	"""PO-1, PO-2, PO-3: as the specification gives them."""
	assert Policy() == Policy(60, 2, 0, 60, "allow", 60)


def test_terms_shown_before_confirming():
	"""PO-5: until when, how often, how much."""
	policy = Policy(move_minutes=120, cancel_minutes=90)
	assert terms(policy, START, before(600), 1, PAID) == Terms(before(90), before(120), 1, PAID)
	assert terms(policy, START, before(30), 5, PAID) == Terms(before(90), before(120), 0, NOTHING)
	assert terms(policy, START, before(600)).refund_if_cancelled_now == 0
	assert terms(policy, START, before(600)).moves_left == 2


def test_move_until_exactly_the_limit():
	"""PO-1, MO-17: 60 minutes before is in time, a microsecond later is not, after the start it has started."""
	assert can_reschedule(Policy(), START, before(60))
	late = can_reschedule(Policy(), START, before(60) + timedelta(microseconds=1))
	assert (bool(late), late.reason) == (False, "too_late")
	assert can_reschedule(Policy(), START, START).reason == "started"
	assert can_reschedule(Policy(move_minutes=0), START, before(seconds=1))
	assert can_reschedule(Policy(move_minutes=0), START, START).reason == "started"


def test_moves_are_counted():
	"""PO-1: two at most; where a month has its limit, that too."""
	assert [can_reschedule(Policy(), START, before(600), n).reason for n in range(4)] == [
		None,
		None,
		"max_moves",
		"max_moves",
	]
	assert can_reschedule(Policy(max_moves=0), START, before(600), 0).reason == "max_moves"
	monthly = Policy(max_moves=9, max_moves_per_month=5)
	answers = [can_reschedule(monthly, START, before(600), 0, n).reason for n in (4, 5, 6)]
	assert answers == [None, "max_moves_per_month", "max_moves_per_month"]
	assert can_reschedule(Policy(), START, before(600), 0, 1000)


def test_a_refusal_is_false():
	"""PO-1, PO-2: whatever its reason."""
	once = Policy(max_moves=1, max_moves_per_month=1, late_cancel="refuse")
	assert can_reschedule(once, START, before(600))
	refused = (
		can_reschedule(once, START, START),
		can_reschedule(once, START, before(1)),
		can_reschedule(once, START, before(600), moves=1),
		can_reschedule(once, START, before(600), moves_this_month=1),
		can_cancel(once, START, START),
		can_cancel(once, START, before(1)),
	)
	assert [bool(answer) for answer in refused] == [False] * 6
	assert all(answer.reason for answer in refused)
	assert terms(once, START, before(600)).moves_left == 1


def test_moves_left():
	"""PO-1: what the appointment and the month leave, never below none."""
	monthly = Policy(max_moves=3, max_moves_per_month=5)
	for moves, this_month, left in ((0, 0, 3), (1, 0, 2), (0, 4, 1), (3, 0, 0), (9, 9, 0)):
		assert terms(monthly, START, before(600), moves, PAID, this_month).moves_left == left
	assert terms(Policy(), START, before(600), 0, PAID, 100).moves_left == 2


def test_patient_cancels_in_time_and_late():
	"""PO-2, PO-3: until 60 before everything comes back, later nothing, at the start it is over."""
	for now, back in ((before(60), PAID), (before(60) + SECOND, NOTHING), (before(seconds=1), NOTHING)):
		assert can_cancel(Policy(), START, now)
		assert refund(Policy(), START, now, PAID) == back
	assert can_cancel(Policy(), START, START).reason == "started"
	assert refund(Policy(), START, START, PAID) == NOTHING


def test_late_cancellation_refused():
	"""PO-2: as a setting; in time it is as ever."""
	strict = Policy(late_cancel="refuse")
	assert can_cancel(strict, START, before(60))
	assert can_cancel(strict, START, before(59)).reason == "too_late"
	assert refund(strict, START, before(60), PAID) == PAID
	assert refund(strict, START, before(59), PAID) == NOTHING


def test_clinic_cancels_any_time_before_the_start():
	"""PO-2, PO-3: everything comes back, however late, whatever the setting."""
	for policy in (Policy(), Policy(late_cancel="refuse")):
		for now in (before(600), before(59), before(seconds=1)):
			assert can_cancel(policy, START, now, by_patient=False)
			assert refund(policy, START, now, PAID, by_patient=False) == PAID
		assert can_cancel(policy, START, START, by_patient=False).reason == "started"
		assert refund(policy, START, START, PAID, by_patient=False) == NOTHING


def test_compensation():
	"""PO-3: less than 60 before the start, where something was paid; at exactly 60 and after the start none."""
	ten = Decimal("10.00")
	for now, credit in (
		(before(60), NOTHING),
		(before(60) + SECOND, ten),
		(before(seconds=1), ten),
		(START, NOTHING),
	):
		assert compensation(Policy(), START, now, PAID, ten) == credit
	assert compensation(Policy(), START, before(30), NOTHING, ten) == NOTHING
	assert compensation(Policy(), START, before(30), Decimal("0.01"), ten) == ten
	assert compensation(Policy(compensation_minutes=0), START, before(30), PAID, ten) == NOTHING


@pytest.mark.parametrize("paid", ["0.00", "35.00", "1200", "0.125"])
def test_amounts_keep_their_decimals(paid):
	"""MO-15: of any currency, also when nothing comes back."""
	amount = Decimal(paid)
	late = refund(Policy(), START, before(1), amount)
	assert late == 0 and late.as_tuple().exponent == amount.as_tuple().exponent
	assert str(refund(Policy(), START, before(60), amount)) == paid


def test_limits_over_a_clock_change():
	"""MO-17: 24 hours before 12:00 of the day clocks go forward is 11:00 the day before, in whatever zone."""
	policy = Policy(move_minutes=1440, cancel_minutes=1440, compensation_minutes=1440)
	zone = ZoneInfo(BUCHAREST)
	for place in (zone, at("2026-01-01 00:00").tzinfo):
		start = datetime(2026, 3, 29, 12, 0, tzinfo=zone).astimezone(place)
		limit = datetime(2026, 3, 28, 11, 0, tzinfo=zone).astimezone(place)
		found = terms(policy, start, limit, 0, PAID)
		assert found.cancel_until == found.move_until == limit
		assert found.refund_if_cancelled_now == PAID
		assert can_reschedule(policy, start, limit)
		assert not can_reschedule(policy, start, limit + SECOND)
		assert refund(policy, start, limit + SECOND, PAID) == NOTHING
		assert compensation(policy, start, limit, PAID, PAID) == NOTHING
		assert compensation(policy, start, limit + SECOND, PAID, PAID) == PAID
	twice = [datetime(2026, 10, 25, 3, 30, fold=fold, tzinfo=zone) for fold in (0, 1)]
	assert not can_cancel(Policy(), twice[0], twice[1])
	assert can_cancel(Policy(), twice[1], twice[0])
