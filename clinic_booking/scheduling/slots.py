"""Times on offer, as a client sees them, out of the cells of an offer."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import NamedTuple

from clinic_booking.scheduling import cells, walltime
from clinic_booking.scheduling.cells import CELL
from clinic_booking.scheduling.interval import instant_at
from clinic_booking.scheduling.offer import Offer

Starts = tuple[int, ...]
"""For each place of an offer the cells, counted from the offer's first, at which a visit may start."""


class Slot(NamedTuple):
	"""A time on offer at a clinic: `start` up to `end`, aware, at the offset of the zone that was asked for."""

	start: datetime
	end: datetime
	clinic: str

	def as_dict(self) -> dict[str, str]:
		"""As the API gives it, ISO 8601 with offset."""
		return {"start": self.start.isoformat(), "end": self.end.isoformat(), "clinic": self.clinic}


def slot(offer: Offer, cell: int, n: int, place: tzinfo) -> Slot:
	"""The slot that starts in a cell at the n-th place of an offer, shown in a zone."""
	begin = (offer.first + cell) * CELL
	start = instant_at(begin).astimezone(place)
	end = instant_at(begin + offer.visit.length_minutes).astimezone(place)
	return Slot(walltime.fixed(start), walltime.fixed(end), offer.places[n].clinic)


def in_order(starts: Iterable[int]) -> list[tuple[int, int]]:
	"""The cells of several places' sets, each with the number of its place, by time, then by place."""
	found = [(cell, n) for n, bits in enumerate(starts) for cell in cells.each(bits)]
	found.sort()
	return found
