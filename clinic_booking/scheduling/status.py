"""The states of an appointment and the moves between them (BK-6, PO-2). Standard library only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

REQUESTED = "Requested"
CONFIRMED = "Confirmed"
CHECKED_IN = "Checked In"
COMPLETED = "Completed"
NO_SHOW = "No Show"
CANCELLED = "Cancelled"

# From each state, where it may go. Cancelled is final.
MOVES: dict[str, frozenset[str]] = {
	REQUESTED: frozenset({CONFIRMED, CANCELLED}),
	CONFIRMED: frozenset({CHECKED_IN, COMPLETED, NO_SHOW, CANCELLED}),
	CHECKED_IN: frozenset({COMPLETED, CONFIRMED}),
	COMPLETED: frozenset({CONFIRMED}),
	NO_SHOW: frozenset({CONFIRMED}),
	CANCELLED: frozenset(),
}

# States in which an appointment claims its time.
LIVE = frozenset({REQUESTED, CONFIRMED, CHECKED_IN})
# States that only a visit whose time has come can have.
OVER = frozenset({COMPLETED, NO_SHOW})
# Who comes to a visit soon after midnight may be there on the day before.
EARLY = timedelta(hours=2)

NO_SUCH_MOVE = "no_such_move"
STARTED = "started"
NOT_STARTED = "not_started"
NOT_TODAY = "not_today"
NEEDS_REASON = "needs_reason"
NEEDS_MANAGER = "needs_manager"


@dataclass(frozen=True)
class Move:
	"""One change of state: when it is asked for, of a visit that starts when, by whom and why.

	`days_since`: what the clinic's calendar shows now, counted from the date of the visit (0 that day, negative
	before it). `by_manager`: whoever asks manages the clinic (or the site).
	"""

	before: str
	after: str
	now: datetime
	start: datetime
	days_since: int
	by_manager: bool
	reason: str | None


def can_move(before: str, after: str) -> bool:
	"""Whether the table knows the move; staying is always allowed."""
	return before == after or after in MOVES[before]


def why_not(move: Move) -> str | None:
	"""The first rule that speaks against a move, None when it is allowed."""
	return next((code for rule, code in RULES if rule(move)), None)


def _is_unknown(move: Move) -> bool:
	return not can_move(move.before, move.after)


def _is_cancelled_late(move: Move) -> bool:
	"""After the start staff mark No Show or Completed instead (PO-2); what was never confirmed just ends."""
	return move.after == CANCELLED and move.before != REQUESTED and move.now >= move.start


def _is_before_the_day(move: Move) -> bool:
	"""Nobody is here, or done, days ahead; early on the day itself is fine."""
	comes = move.after in (CHECKED_IN, COMPLETED)
	return comes and move.days_since < 0 and move.start - move.now > EARLY


def _is_over_early(move: Move) -> bool:
	"""A patient who is checked in may be done before the hour; one who is awaited can't have stayed away."""
	return move.after in OVER and move.before != CHECKED_IN and move.now < move.start


def _is_unexplained(move: Move) -> bool:
	return (move.after == CANCELLED or move.before in OVER) and not (move.reason or "").strip()


def _is_reopened_late(move: Move) -> bool:
	"""What is over a manager reopens, or reception on the same day."""
	return move.before in OVER and not (move.by_manager or move.days_since == 0)


RULES = (
	(lambda move: move.before == move.after, None),
	(_is_unknown, NO_SUCH_MOVE),
	(_is_cancelled_late, STARTED),
	(_is_before_the_day, NOT_TODAY),
	(_is_over_early, NOT_STARTED),
	(_is_unexplained, NEEDS_REASON),
	(_is_reopened_late, NEEDS_MANAGER),
)
