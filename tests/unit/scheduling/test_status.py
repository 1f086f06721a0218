"""The states of an appointment and the moves between them: BK-6, PO-2."""

from datetime import timedelta
from itertools import product

import pytest

from clinic_booking.scheduling import status
from clinic_booking.scheduling.status import Move, can_move, why_not

from .builders import at

START = at("2026-03-02 10:00")
BEFORE, AFTER = START - timedelta(seconds=1), START + timedelta(hours=1)
STATES = ("Requested", "Confirmed", "Checked In", "Completed", "No Show", "Cancelled")
ALLOWED = {
	("Requested", "Confirmed"),
	("Requested", "Cancelled"),
	("Confirmed", "Checked In"),
	("Confirmed", "Completed"),
	("Confirmed", "No Show"),
	("Confirmed", "Cancelled"),
	("Checked In", "Completed"),
	("Checked In", "Confirmed"),
	("Completed", "Confirmed"),
	("No Show", "Confirmed"),
}


def asked(before, after, now=AFTER, days_since=0, by_manager=True, reason="why"):
	return why_not(Move(before, after, now, START, days_since, by_manager, reason))


@pytest.mark.parametrize(("before", "after"), product(STATES, STATES))
def test_every_move_between_two_states(before, after):
	"""BK-6: the ten moves of the table and staying where it is; Cancelled is final."""
	allowed = (before, after) in ALLOWED or before == after
	assert can_move(before, after) == allowed
	found = {asked(before, after, now) for now in (BEFORE, AFTER)}
	assert (None in found) == allowed
	assert allowed or found == {"no_such_move"}


def test_live_states_claim_their_time():
	"""BK-6: what is to come and who is there; what is over or cancelled claims nothing."""
	assert {"Requested", "Confirmed", "Checked In"} == status.LIVE
	assert {"Completed", "No Show"} == status.OVER


def test_confirmed_is_cancelled_before_the_start_only():
	"""PO-2: a second before it may be cancelled; from the start on it is No Show or Completed."""
	assert asked("Confirmed", "Cancelled", BEFORE) is None
	assert asked("Confirmed", "Cancelled", START) == "started"
	assert asked("Confirmed", "Cancelled", AFTER) == "started"


def test_request_ends_at_any_time():
	"""BK-5: what was never confirmed just ends, before its start or after it."""
	assert {asked("Requested", "Cancelled", now) for now in (BEFORE, START, AFTER)} == {None}


def test_over_from_the_start_on():
	"""BK-6: nobody has stayed away before the hour; who is checked in may be done early."""
	for after in ("Completed", "No Show"):
		assert asked("Confirmed", after, BEFORE) == "not_started"
		assert asked("Confirmed", after, START) is None
	assert asked("Checked In", "Completed", BEFORE) is None


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_cancelling_and_reopening_need_a_reason(reason):
	"""PO-2, BK-6: blanks are none; other moves need none."""
	assert asked("Confirmed", "Cancelled", BEFORE, reason=reason) == "needs_reason"
	assert asked("Completed", "Confirmed", reason=reason) == "needs_reason"
	assert asked("No Show", "Confirmed", reason=reason) == "needs_reason"
	assert asked("Confirmed", "Checked In", reason=reason) is None
	assert asked("Checked In", "Confirmed", reason=reason) is None
	assert asked("Completed", "Completed", reason=reason) is None


@pytest.mark.parametrize("before", ["Completed", "No Show"])
def test_reopened_by_a_manager_or_on_the_same_day(before):
	"""BK-6: reception on the same day, a manager at any time, reception later not."""
	for days_since, by_manager, code in (
		(0, False, None),
		(1, True, None),
		(0, True, None),
		(1, False, "needs_manager"),
		(-1, False, "needs_manager"),
	):
		assert asked(before, "Confirmed", days_since=days_since, by_manager=by_manager) == code
	assert asked("Checked In", "Confirmed", days_since=1, by_manager=False) is None


@pytest.mark.parametrize("before", ["Confirmed", "Checked In"])
def test_nobody_is_done_days_ahead(before):
	"""BK-6: completed on the day itself or later, not before it."""
	yesterday = START - timedelta(hours=20)
	assert asked(before, "Completed", yesterday, days_since=-1) == "not_today"
	assert asked(before, "Completed", START + timedelta(days=3), days_since=3) is None


@pytest.mark.parametrize(
	("early", "days_since", "code"),
	[
		(timedelta(hours=9), 0, None),
		(timedelta(hours=20), -1, "not_today"),
		(timedelta(days=9), -9, "not_today"),
		(timedelta(hours=2), -1, None),
		(timedelta(hours=2, seconds=1), -1, "not_today"),
		(timedelta(days=-2), 2, None),
	],
)
def test_checked_in_on_the_day(early, days_since, code):
	"""BK-6: as early as one likes that day, late too; on the day before only for a visit soon after midnight."""
	assert asked("Confirmed", "Checked In", START - early, days_since) == code
