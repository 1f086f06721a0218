"""What is free: an offer less the time that is taken (AV-5, AV-7, AV-12, AV-15)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from clinic_booking.scheduling import cells, days, walltime
from clinic_booking.scheduling.calendar import Calendar, Visit
from clinic_booking.scheduling.claims import Claims, blocked
from clinic_booking.scheduling.days import Day
from clinic_booking.scheduling.interval import minutes_from, minutes_until
from clinic_booking.scheduling.offer import Offer, make_offer
from clinic_booking.scheduling.slots import Slot, Starts, in_order, slot

Rooms = Mapping[str, Iterable[Claims]]
"""For each clinic, the claims of each room there that suits the visit."""


@dataclass(frozen=True)
class Free:
	"""The free starts of an offer: for each of its places the cells, counted from the offer's first."""

	offer: Offer
	starts: Starts

	def __bool__(self) -> bool:
		"""Is there any?"""
		return any(self.starts)

	def days(self, from_date: date, to_date: date, timezone: str) -> list[Day]:
		"""The dates of `timezone`, both included, with their slots in order (`days.days`)."""
		return days.days(self.offer, self.starts, from_date, to_date, timezone)

	def days_text(self, from_date: date, to_date: date, timezone: str) -> str:
		"""The same as the JSON text of the answer (`days.days_text`)."""
		return days.days_text(self.offer, self.starts, from_date, to_date, timezone)

	def next(self, after: datetime, timezone: str, count: int = 1) -> list[Slot]:
		"""The first free slots that start at or after an instant, `count` at most, in order."""
		low = max(0, cells.cell_after(minutes_until(after)) - self.offer.first)
		ahead = [cells.lowest(starts >> low << low, count) for starts in self.starts]
		return self._slots(ahead, timezone)[:count]

	def nearest(self, start: datetime, timezone: str, count: int = 3) -> list[Slot]:
		"""The free slots that start closest to an instant, `count` at most, in order (BK-3)."""
		here = (
			min(max(cells.cell_of(minutes_from(start)), self.offer.first), self.offer.last) - self.offer.first
		)
		# Only the closest on either side can be among them.
		around = [
			cells.highest(starts & cells.run(here), count) | cells.lowest(starts >> here << here, count)
			for starts in self.starts
		]
		slots = self._slots(around, timezone)
		closest = sorted(slots, key=lambda slot: abs(slot.start - start))[:count]
		return [slot for slot in slots if slot in closest]

	def _slots(self, starts: Iterable[int], timezone: str) -> list[Slot]:
		place = walltime.zone(timezone)
		return [slot(self.offer, cell, n, place) for cell, n in in_order(starts)]


def free(
	offer: Offer,
	claims: Claims,
	now: datetime,
	clinic: str | None = None,
	rooms: Rooms | None = None,
	outside: Claims = None,
) -> Free:
	"""What `claims` of the doctor and `outside` busy time leave of an offer, within reach of `now`.

	`clinic` leaves the others out. `rooms` None: the visit needs none; else a start counts only while one
	of that clinic's rooms is free for the padded visit (AV-15), so a clinic without rooms has none.
	"""
	offer = offer.cut(*offer.reach(now))
	if clinic is not None:
		offer = offer.at(clinic)
	count = offer.last - offer.first
	taken = blocked(claims, offer.visit, offer.first, count) | blocked(
		outside, offer.visit, offer.first, count
	)
	starts = []
	for place in offer.places:
		left = place.starts & ~taken
		if rooms is not None and left:
			no_room = left
			for room in rooms.get(place.clinic, ()):
				no_room &= blocked(room, offer.visit, offer.first, count)
			left &= ~no_room
		starts.append(left)
	return Free(offer, tuple(starts))


def free_starts(
	calendar: Calendar,
	visit: Visit,
	busy: Claims,
	now: datetime,
	from_date: date,
	to_date: date,
	timezone: str,
	clinic: str | None = None,
	rooms: Rooms | None = None,
	outside: Claims = None,
) -> list[Day]:
	"""The days of `timezone` from `from_date` to `to_date`, both included, with what is free on them.

	For one answer; who asks often keeps the `Offer` (`make_offer`) and asks `free` of it.
	"""
	offer = make_offer(calendar, visit, now).between(from_date, to_date, now)
	return free(offer, busy, now, clinic, rooms, outside).days(from_date, to_date, timezone)


def next_free(
	calendar: Calendar,
	visit: Visit,
	busy: Claims,
	now: datetime,
	after: datetime,
	timezone: str,
	clinic: str | None = None,
	rooms: Rooms | None = None,
	outside: Claims = None,
	count: int = 1,
) -> list[Slot]:
	"""The first free slots that start at or after an instant, `count` at most, none if none is in reach."""
	offer = make_offer(calendar, visit, now)
	return free(offer, busy, now, clinic, rooms, outside).next(after, timezone, count)
