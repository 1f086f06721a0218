"""When a reminder goes out: so long before the visit, and never at night (NT-2). Standard library only."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from clinic_booking.scheduling import walltime

UTC = timezone.utc
DAY = timedelta(days=1)
# What would come at night comes so long before it begins: a queue takes its time.
BEFORE_NIGHT = timedelta(minutes=15)


@dataclass(frozen=True)
class Night:
	"""From `begins` to `ends`, on the wall clock of `zone` (IANA); it may go past midnight. None if both are equal."""

	begins: time
	ends: time
	zone: str

	def around(self, instant: datetime) -> tuple[datetime, datetime] | None:
		"""The night that an aware instant lies in, as two instants (UTC); None by day."""
		if self.begins == self.ends:
			return None
		today = walltime.local(instant, self.zone).date()
		for day in (today - DAY, today):
			begin = _instant(day, self.begins, self.zone)
			end = _instant(day + DAY * (self.ends < self.begins), self.ends, self.zone)
			if begin <= instant < end:
				return begin, end
		return None


def before(start: datetime, ahead: timedelta, now: datetime, night: Night | None = None) -> datetime | None:
	"""When to remind of a visit at `start`, `ahead` of it; None if that is over at `now`. All aware.

	What would fall into `night` comes before it.
	"""
	due = start - ahead
	if night and (found := night.around(due)):
		due = found[0] - BEFORE_NIGHT
	return due if due > now else None


def _instant(day: date, at: time, zone: str) -> datetime:
	"""The first instant at which the clocks there show it; where they skip it, as long after the jump."""
	found = walltime.to_utc(day, at, zone)
	if found:
		return found[0]
	# Read on the clock before the jump (TI-1).
	return datetime.combine(day, at, walltime.zone(zone)).astimezone(UTC)
