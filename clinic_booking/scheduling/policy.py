"""What the policy of a booking allows, and what a cancellation gives back (PO-1 to PO-3, PO-5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal

ALLOW, REFUSE = "allow", "refuse"


@dataclass(frozen=True)
class Policy:
	"""The rules in force when a booking was made. Minutes count back from the start of the visit.

	`max_moves` is per appointment, `max_moves_per_month` per patient, 0 of the latter being no limit.
	`late_cancel`: a patient later than `cancel_minutes` may cancel without refund ("allow") or not ("refuse").
	"""

	move_minutes: int = 60
	max_moves: int = 2
	max_moves_per_month: int = 0
	cancel_minutes: int = 60
	late_cancel: str = ALLOW
	compensation_minutes: int = 60


@dataclass(frozen=True)
class Answer:
	"""Allowed, or why not: `reason` is started, too_late, max_moves or max_moves_per_month."""

	allowed: bool
	reason: str | None = None

	def __bool__(self) -> bool:
		return self.allowed


@dataclass(frozen=True)
class Terms:
	"""What is shown before a patient confirms (PO-5). Instants are UTC."""

	cancel_until: datetime
	move_until: datetime
	moves_left: int
	refund_if_cancelled_now: Decimal


def terms(
	policy: Policy,
	start: datetime,
	now: datetime,
	moves: int = 0,
	paid: Decimal = Decimal(0),
	moves_this_month: int = 0,
) -> Terms:
	"""The terms of an appointment that starts at `start`, moved `moves` times, with `paid` so far.

	`cancel_until` and `move_until` are the last instants at which it is allowed (cancelling: with everything
	back, or at all where late cancellation is refused).
	"""
	return Terms(
		cancel_until=_minutes_before(start, policy.cancel_minutes),
		move_until=_minutes_before(start, policy.move_minutes),
		moves_left=_moves_left(policy, moves, moves_this_month),
		refund_if_cancelled_now=refund(policy, start, now, paid),
	)


def can_reschedule(
	policy: Policy, start: datetime, now: datetime, moves: int = 0, moves_this_month: int = 0
) -> Answer:
	"""May the patient move it (PO-1)? Moves by staff are not counted in `moves`, nor asked here."""
	if now >= _minutes_before(start, 0):
		return Answer(False, "started")
	if now > _minutes_before(start, policy.move_minutes):
		return Answer(False, "too_late")
	if moves >= policy.max_moves:
		return Answer(False, "max_moves")
	if 0 < policy.max_moves_per_month <= moves_this_month:
		return Answer(False, "max_moves_per_month")
	return Answer(True)


def can_cancel(policy: Policy, start: datetime, now: datetime, by_patient: bool = True) -> Answer:
	"""May it be cancelled (PO-2)? Before the start by staff and doctor; by the patient too, in time or if late is allowed."""
	if now >= _minutes_before(start, 0):
		return Answer(False, "started")
	if by_patient and policy.late_cancel == REFUSE and now > _minutes_before(start, policy.cancel_minutes):
		return Answer(False, "too_late")
	return Answer(True)


def refund(policy: Policy, start: datetime, now: datetime, paid: Decimal, by_patient: bool = True) -> Decimal:
	"""What of `paid` comes back if it is cancelled now (PO-3): all of it or nothing.

	To a patient in time, and whenever doctor or clinic cancel before the start, everything.
	"""
	if not can_cancel(policy, start, now, by_patient):
		return paid * 0
	if by_patient and now > _minutes_before(start, policy.cancel_minutes):
		return paid * 0
	return paid


def compensation(policy: Policy, start: datetime, now: datetime, paid: Decimal, credit: Decimal) -> Decimal:
	"""The credit on top when doctor or clinic cancel late and something had been paid (PO-3).

	`credit` is the clinic's own amount, in its currency.
	"""
	late = _minutes_before(start, policy.compensation_minutes) < now < _minutes_before(start, 0)
	return credit if late and paid > 0 else credit * 0


def _minutes_before(start: datetime, minutes: int) -> datetime:
	"""That many elapsed minutes before, whatever the clocks do meanwhile (MO-17)."""
	return start.astimezone(timezone.utc) - timedelta(minutes=minutes)


def _moves_left(policy: Policy, moves: int, moves_this_month: int) -> int:
	left = policy.max_moves - moves
	if policy.max_moves_per_month:
		left = min(left, policy.max_moves_per_month - moves_this_month)
	return max(0, left)
