"""Which visits lose their open time when hours change (AV-11)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from clinic_booking.scheduling import cells
from clinic_booking.scheduling.calendar import Calendar
from clinic_booking.scheduling.interval import Interval, minutes_from, minutes_until
from clinic_booking.scheduling.open_time import open_cells


@dataclass(frozen=True)
class Booked:
	"""A visit that somebody counts on: when, without buffers, and at which clinic."""

	name: str
	clinic: str
	interval: Interval


def closed_by(before: Calendar, after: Calendar, visits: Iterable[Booked]) -> list[str]:
	"""The names of visits of which a part was open `before` and is no longer `after`, earliest first.

	What lay outside opening hours already, since somebody wanted it there, is hit by nothing.
	"""
	at_clinics = defaultdict(list)
	for visit in visits:
		at_clinics[visit.clinic].append(visit)
	hit = []
	for clinic, there in at_clinics.items():
		first = min(_cells(visit)[0] for visit in there)
		last = max(_cells(visit)[1] for visit in there)
		closed = _open(before, clinic, first, last) & ~_open(after, clinic, first, last)
		for visit in there:
			begin, end = _cells(visit)
			if cells.cut(closed, begin - first, end - first):
				hit.append(visit)
	return [visit.name for visit in sorted(hit, key=lambda visit: (visit.interval, visit.name))]


def _open(calendar: Calendar, clinic: str, first: int, last: int) -> int:
	"""The open cells at a clinic; none where the doctor doesn't work there."""
	place = calendar.clinic(clinic)
	return open_cells(calendar, place, first, last) if place else 0


def _cells(visit: Booked) -> tuple[int, int]:
	"""The cells that a visit touches: the first, and the one after the last."""
	return (
		cells.cell_of(minutes_from(visit.interval.start)),
		cells.cell_after(minutes_until(visit.interval.end)),
	)
