"""The facts of one doctor: where and when they work, and how a visit is fitted in."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from clinic_booking.scheduling.interval import UTC, Interval


@dataclass(frozen=True)
class Clinic:
	"""A place where the doctor works. All wall times at it are in `timezone` (IANA).

	`holidays` are the dates its ERPNext Holiday List closes; `default_hours` (from, to) is what it offers
	daily for doctors without weekly availability, None where that is switched off (AV-10).
	"""

	name: str
	timezone: str
	holidays: frozenset[date] = frozenset()
	default_hours: tuple[time, time] | None = None


@dataclass(frozen=True)
class Block:
	"""Weekly hours at one clinic, on `weekday` (Monday is 0) of every week within the valid dates.

	An `end` before the start is on the next day, 00:00 being midnight (AV-2); an equal one leaves nothing.
	The dates, both included, are those on which the block starts.
	"""

	clinic: str
	weekday: int
	start: time
	end: time
	valid_from: date | None = None
	valid_to: date | None = None


@dataclass(frozen=True)
class Override:
	"""An exception to the week on every date from `from_date` to `to_date`, both included (AV-3).

	`kind` "closed": for `clinic`, or for all where it is None; within each date, an `end` at or before the
	start being midnight. `kind` "open": extra hours at `clinic`; an `end` before the start is on the next
	day. Without `start` and `end` it is whole dates. `name` is handed back with refusals.
	"""

	kind: str
	from_date: date
	to_date: date
	start: time | None = None
	end: time | None = None
	clinic: str | None = None
	name: str | None = None


@dataclass(frozen=True)
class Calendar:
	"""Everything that decides when a doctor can be booked, but what is booked.

	`grid_minutes` 0 stands for the visit's length plus its buffers. A visit starts at the earliest
	`notice_minutes` and at the latest `horizon_days` times 24 hours from now (AV-6).
	"""

	clinics: tuple[Clinic, ...]
	blocks: tuple[Block, ...] = ()
	overrides: tuple[Override, ...] = ()
	grid_minutes: int = 15
	notice_minutes: int = 120
	horizon_days: int = 60
	online: bool = True

	def clinic(self, name: str) -> Clinic | None:
		"""The clinic of that name, None if the doctor doesn't work there."""
		return next((clinic for clinic in self.clinics if clinic.name == name), None)

	def earliest(self, now: datetime) -> datetime:
		"""The first instant (UTC) at which a visit may start."""
		return now.astimezone(UTC) + timedelta(minutes=self.notice_minutes)

	def latest(self, now: datetime) -> datetime:
		"""The last instant (UTC) at which a visit may start."""
		return now.astimezone(UTC) + timedelta(days=self.horizon_days)


@dataclass(frozen=True)
class Visit:
	"""What is asked for: its length, and the distance it keeps from everything else (AV-4, AV-5)."""

	length_minutes: int
	buffer_before_minutes: int = 0
	buffer_after_minutes: int = 0

	def at(self, start: datetime) -> Interval:
		"""The visit itself, if it starts then."""
		start = start.astimezone(UTC)
		return Interval(start, start + timedelta(minutes=self.length_minutes))

	def grid(self, grid_minutes: int) -> int:
		"""The distance of starts on a grid of that many minutes, 0 being the visit with its buffers (AV-6)."""
		return grid_minutes or self.length_minutes + self.buffer_before_minutes + self.buffer_after_minutes

	def padded(self, start: datetime) -> Interval:
		"""What it claims of the doctor's and the room's time: itself and its buffers."""
		visit = self.at(start)
		return Interval(
			visit.start - timedelta(minutes=self.buffer_before_minutes),
			visit.end + timedelta(minutes=self.buffer_after_minutes),
		)
