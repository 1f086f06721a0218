"""What a doctor offers before anything is booked: the part of an answer that can be kept (AV-6).

An `Offer` belongs to one calendar and one visit, and is good for `covers(now)`. It holds numbers and names
only: it can be pickled, and takes some 5 kB for 60 days at one clinic.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from clinic_booking.scheduling import cells, walltime
from clinic_booking.scheduling.calendar import Calendar, Visit
from clinic_booking.scheduling.cells import CELL, CELLS_A_DAY
from clinic_booking.scheduling.interval import minutes_from, minutes_until
from clinic_booking.scheduling.open_time import open_and_on_grid

KEPT_DAYS = 2
"""How much longer than the horizon an offer reaches, so that it can be kept for that time."""


@dataclass(frozen=True)
class Place:
	"""One clinic's part: its open cells, and the starts at which the whole visit is open time there."""

	clinic: str
	timezone: str
	open: int
	starts: int


@dataclass(frozen=True)
class Offer:
	"""Cells from `first` up to `last` (5 minutes each, counted from 1970), at each of a doctor's clinics.

	An offer of an offline doctor has no places (AV-9).
	"""

	visit: Visit
	notice_minutes: int
	horizon_days: int
	first: int
	last: int
	places: tuple[Place, ...]

	def reach(self, now: datetime) -> tuple[int, int]:
		"""The cells at which a visit may start: from the first up to the last + 1 (AV-6)."""
		return _reach(self.notice_minutes, self.horizon_days, now)

	def covers(self, now: datetime) -> bool:
		"""Can it still be asked at `now`? If not, make a new one."""
		low, high = self.reach(now)
		return self.first <= low and high <= self.last

	def between(self, from_date: date, to_date: date, now: datetime) -> "Offer":
		"""The part of it that these dates (both included, of any zone) and `now` leave; it may be empty.

		Cheaper to read claims for and to ask than the whole.
		"""
		low, high = self.reach(now)
		if to_date < from_date:
			high = low
		# Whatever its offset, a zone's date lies within a day of the same date in UTC.
		start = walltime.midnight(from_date.toordinal() - 1) // CELL
		end = walltime.midnight(to_date.toordinal() + 2) // CELL
		return self.cut(max(low, start), min(high, end))

	def cut(self, first: int, last: int) -> "Offer":
		"""The part of it from cell `first` up to `last`; of what lies outside it, it knows nothing."""
		first = min(max(first, self.first), self.last)
		last = max(first, min(last, self.last))
		low, high = first - self.first, last - self.first
		places = tuple(
			replace(place, open=cells.cut(place.open, low, high), starts=cells.cut(place.starts, low, high))
			for place in self.places
		)
		return replace(self, first=first, last=last, places=places)

	def at(self, clinic: str) -> "Offer":
		"""The part of it at one clinic; nothing if the doctor doesn't work there."""
		return replace(self, places=tuple(place for place in self.places if place.clinic == clinic))

	@property
	def claims_matter(self) -> tuple[int, int]:
		"""The minutes (since 1970) from, up to which a claim can take one of its starts."""
		visit = self.visit
		start = self.first * CELL - visit.buffer_before_minutes
		return start, self.last * CELL + visit.length_minutes + visit.buffer_after_minutes


def make_offer(calendar: Calendar, visit: Visit, now: datetime) -> Offer:
	"""The offer for everything in reach of `now`, and `KEPT_DAYS` more."""
	low, high = _reach(calendar.notice_minutes, calendar.horizon_days, now)
	return offer_between(calendar, visit, low, max(low, high) + KEPT_DAYS * CELLS_A_DAY)


def offer_between(calendar: Calendar, visit: Visit, first: int, last: int) -> Offer:
	"""The offer for the cells from `first` up to `last`, in reach or not."""
	length = cells.cell_after(visit.length_minutes)
	grid = visit.grid(calendar.grid_minutes)
	places = []
	for clinic in calendar.clinics if calendar.online else ():
		# A visit that begins in the last cell must be seen to its end.
		is_open, on_grid = open_and_on_grid(calendar, clinic, first, last + length, grid)
		starts = on_grid & cells.starts_of_runs(is_open, length)
		within = cells.run(last - first)
		places.append(Place(clinic.name, clinic.timezone, is_open & within, starts & within))
	return Offer(visit, calendar.notice_minutes, calendar.horizon_days, first, last, tuple(places))


def _reach(notice_minutes: int, horizon_days: int, now: datetime) -> tuple[int, int]:
	earliest = cells.cell_after(minutes_until(now) + notice_minutes)
	latest = cells.cell_of(minutes_from(now) + horizon_days * 24 * 60)
	return earliest, latest + 1
