"""A stretch of time between two instants."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

UTC = timezone.utc
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, order=True)
class Interval:
	"""From `start` up to, not including, `end`; both aware, in UTC."""

	start: datetime
	end: datetime

	def overlaps(self, other: "Interval") -> bool:
		"""Do both have a moment in common? Touching ones don't."""
		return self.start < other.end and other.start < self.end


def minutes_from(instant: datetime) -> int:
	"""Whole minutes from 1970 to an aware `instant`, rounded down. Any year that a datetime can hold."""
	return (instant - EPOCH) // MINUTE


def minutes_until(instant: datetime) -> int:
	"""The same, rounded up."""
	return -((EPOCH - instant) // MINUTE)


def instant_at(minutes: int) -> datetime:
	"""The instant in UTC that lies `minutes` after 1970 began."""
	return EPOCH + minutes * MINUTE
