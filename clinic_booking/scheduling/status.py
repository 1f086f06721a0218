"""The states of an appointment and the moves between them (BK-6). Standard library only."""

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


def can_move(before: str, after: str) -> bool:
	"""Whether an appointment may go from one state to the other; staying is always allowed."""
	return before == after or after in MOVES[before]
