"""When a doctor is open at a clinic, and where on the clock visits may start (AV-1 to AV-3, AV-6, AV-8, AV-10).

Hours are first painted on the wall, as if the clocks never changed; then each stretch of one offset is
taken over to UTC. So what the clocks skip falls out and what they repeat comes twice, by itself.
"""

from collections.abc import Iterator
from datetime import date, time

from clinic_booking.scheduling import cells, walltime
from clinic_booking.scheduling.calendar import Calendar, Clinic
from clinic_booking.scheduling.cells import CELL, CELLS_A_DAY
from clinic_booking.scheduling.interval import EPOCH, Interval, instant_at, minutes_from, minutes_until

DAY = 24 * 60


def open_time(calendar: Calendar, start, end) -> dict[str, list[Interval]]:
	"""Per clinic, the open time between two aware instants, as intervals in UTC, in order.

	Reckoned in 5-minute cells: a cell that isn't open throughout, or is cut by `start` or `end`, is left out.
	"""
	first, last = cells.cell_after(minutes_until(start)), cells.cell_of(minutes_from(end))
	return {
		clinic.name: [
			Interval(instant_at((first + begin) * CELL), instant_at((first + stop) * CELL))
			for begin, stop in cells.runs(open_cells(calendar, clinic, first, last))
		]
		for clinic in calendar.clinics
	}


def open_cells(calendar: Calendar, clinic: Clinic, first: int, last: int) -> int:
	"""The open cells at `clinic` from cell `first` up to `last` (since 1970), counted from `first`.

	A cell is open if all its minutes are.
	"""
	return open_and_on_grid(calendar, clinic, first, last, CELL)[0]


def open_and_on_grid(
	calendar: Calendar, clinic: Clinic, first: int, last: int, grid_minutes: int
) -> tuple[int, int]:
	"""The same, and those of them on the grid.

	They begin at a block's start (on the wall) plus a multiple of `grid_minutes`, within that block.
	"""
	if last <= first:
		return 0, 0
	# A zone is less than a day off UTC, and a block that began the evening before may still run.
	origin = first // CELLS_A_DAY - 2
	days = (last - 1) // CELLS_A_DAY + 2 - origin
	wall_open, wall_grid = _painted(calendar, clinic, origin + EPOCH.toordinal(), days, grid_minutes)
	is_open, on_grid = cells.run(last - first), 0
	for start, end, offset in walltime.stretches(clinic.timezone, first * CELL, last * CELL):
		shift = offset // CELL - origin * CELLS_A_DAY
		# A cell that a clock change cuts (some came a minute past midnight) needs both readings open.
		low, high = start // CELL, cells.cell_after(end)
		shut = cells.run(high - low) & ~cells.cut(wall_open, low + shift, high + shift)
		is_open &= ~(shut << (low - first))
		low = cells.cell_after(start)
		on_grid |= cells.cut(wall_grid, low + shift, high + shift) << (low - first)
	return is_open, on_grid & is_open


def _painted(
	calendar: Calendar, clinic: Clinic, ordinal: int, days: int, grid_minutes: int
) -> tuple[int, int]:
	"""The open cells, and those on the grid, of `days` dates from `ordinal` on, by the clock on the wall."""
	opened = on_grid = closed = 0
	step = max(grid_minutes // CELL, 1)
	for day, start, end in _opening(calendar, clinic, ordinal, days):
		low = cells.cell_after(start)
		count = cells.cell_of(end) - low
		low += day * CELLS_A_DAY
		opened |= cells.run(count) << low
		on_grid |= cells.comb(count, step) << low
	for day, start, end in _closing(calendar, clinic, ordinal, days):
		low = cells.cell_of(start)
		closed |= cells.run(cells.cell_after(end) - low) << (low + day * CELLS_A_DAY)
	return opened & ~closed, on_grid & ~closed


def _opening(calendar: Calendar, clinic: Clinic, ordinal: int, days: int) -> Iterator[tuple[int, int, int]]:
	"""What opens the clinic: (day, start, end), the day counted from `ordinal`, in minutes of its wall clock."""
	hours = [block for block in calendar.blocks if block.clinic == clinic.name]
	for block in hours:
		start, end = span(block.start, block.end)
		lowest = max(0, block.valid_from.toordinal() - ordinal) if block.valid_from else 0
		highest = min(days, block.valid_to.toordinal() - ordinal + 1) if block.valid_to else days
		# date.toordinal() 1 is a Monday.
		lowest += (block.weekday - (ordinal - 1 + lowest)) % 7
		for day in range(lowest, highest, 7):
			yield day, start, end
	if not calendar.blocks and clinic.default_hours:
		start, end = span(*clinic.default_hours)
		for day in range(days):
			yield day, start, end
	for override in calendar.overrides:
		if override.kind == "open" and override.clinic == clinic.name:
			start, end = span(override.start, override.end)
			for day in _dates(override.from_date, override.to_date, ordinal, days):
				yield day, start, end


def _closing(calendar: Calendar, clinic: Clinic, ordinal: int, days: int) -> Iterator[tuple[int, int, int]]:
	"""What closes it, in the same form."""
	for override in calendar.overrides:
		if override.kind == "closed" and override.clinic in (None, clinic.name):
			start, end = span_within(override.start, override.end)
			for day in _dates(override.from_date, override.to_date, ordinal, days):
				yield day, start, end
	for holiday in clinic.holidays:
		for day in _dates(holiday, holiday, ordinal, days):
			yield day, 0, DAY


def _dates(first: date, last: date, ordinal: int, days: int) -> range:
	return range(max(0, first.toordinal() - ordinal), min(days, last.toordinal() - ordinal + 1))


def span(start: time | None, end: time | None) -> tuple[int, int]:
	"""The minutes of opening hours from midnight on; past 1440 where they end on the next day (AV-2)."""
	if start is None or end is None:
		return 0, DAY
	begin, stop = minute_of(start), minute_of(end)
	return begin, stop if stop >= begin else stop + DAY


def span_within(start: time | None, end: time | None) -> tuple[int, int]:
	"""The minutes of a closed range, which lies within its date: an end at or before the start is midnight."""
	if start is None or end is None:
		return 0, DAY
	begin, stop = minute_of(start), minute_of(end)
	return begin, stop if stop > begin else DAY


def minute_of(at: time) -> int:
	"""Minutes of the wall clock since its midnight."""
	return at.hour * 60 + at.minute
