"""What is wrong with a doctor's hours before they are saved (AV-1, AV-3, AV-11). Facts, no prose."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import combinations

from clinic_booking.scheduling import cells, walltime
from clinic_booking.scheduling.calendar import Block, Calendar, Clinic, Override, Visit
from clinic_booking.scheduling.cells import CELL
from clinic_booking.scheduling.open_time import open_and_on_grid, open_cells, span

SHORTEST_BLOCK = 30
SHORTEST_VISIT = 10
LONGEST_VISIT = 240

EMPTY = "empty"
TOO_SHORT = "too_short"
TOO_LONG = "too_long"
NOT_FIVES = "not_fives"
NEGATIVE = "negative"
DATES_REVERSED = "dates_reversed"
OVERLAP = "overlap"
NO_CLINIC = "no_clinic"
NO_TIMES = "no_times"
NOT_WITHIN_A_DAY = "not_within_a_day"

# Two zones can drift apart and together within a year (clocks that change on different days, and by the
# moon in Morocco); two years of every week show every combination there is for now.
WEEKS_OF_ONE_ZONE = timedelta(days=15)
WEEKS_OF_TWO_ZONES = timedelta(days=800)

TEN_YEARS = 3660
A_FEW_MONTHS = 100


@dataclass(frozen=True)
class Problem:
	"""What is wrong: one of the codes above, the row it is wrong with, and the one it is in conflict with.

	`row` and `other` are places (from 0) in the list that was checked; `field` is the name of a number or
	time; `clinic` is the clinic that an exception is in conflict with.
	"""

	code: str
	row: int | None = None
	other: int | None = None
	field: str | None = None
	clinic: str | None = None


def week_problems(blocks: tuple[Block, ...], clinics: tuple[Clinic, ...], today: date) -> list[Problem]:
	"""What is wrong with a doctor's weekly availability (AV-1), one `Problem` per block and pair of blocks.

	Blocks overlap if there is an instant in both, in whatever zones, across midnight and the week's end, on
	dates that are valid for both. Different zones are looked at for two years from `today` and from the
	first common date on. Blocks at clinics that aren't given are not compared.
	"""
	problems = []
	for row, block in enumerate(blocks):
		problems += [replace(problem, row=row) for problem in _block_problems(block)]
	places = {clinic.name: replace(clinic, holidays=frozenset(), default_hours=None) for clinic in clinics}
	for (row, block), (other, second) in combinations(enumerate(blocks), 2):
		if block.clinic in places and second.clinic in places and _overlap(block, second, places, today):
			problems.append(Problem(OVERLAP, row, other))
	return problems


def override_problems(override: Override, calendar: Calendar, today: date) -> list[Problem]:
	"""What is wrong with an availability exception (AV-3), beside the doctor's other hours in `calendar`.

	Extra hours must not meet open time at another clinic; what a closed exception or holiday closes there
	isn't open. An old version of the same exception must not be in the calendar any more. Of one that lasts
	longer than ten years, as many are looked at from its first date and from `today` on.
	"""
	problems = list(_override_problems(override))
	if problems or override.kind != "open":
		return problems
	closing = tuple(other for other in calendar.overrides if other.kind == "closed")
	extra = Calendar(calendar.clinics, (), (override, *closing))
	clinics = {clinic.name: replace(clinic, default_hours=None) for clinic in calendar.clinics}
	if override.clinic not in clinics:
		return [Problem(NO_CLINIC)]
	return [
		Problem(OVERLAP, clinic=name)
		for name, clinic in clinics.items()
		if name != override.clinic
		and any(
			open_cells(extra, clinics[override.clinic], first, last)
			& open_cells(calendar, clinic, first, last)
			for first, last in _months(override.from_date, override.to_date, today)
		)
	]


def visit_problems(visit: Visit, grid_minutes: int = 0) -> list[Problem]:
	"""What is wrong with a length (10 to 240), its buffers and a grid, all multiples of 5 (AV-1, AV-4)."""
	problems = []
	if visit.length_minutes < SHORTEST_VISIT:
		problems.append(Problem(TOO_SHORT, field="length_minutes"))
	if visit.length_minutes > LONGEST_VISIT:
		problems.append(Problem(TOO_LONG, field="length_minutes"))
	for field, minutes in {**vars(visit), "grid_minutes": grid_minutes}.items():
		if minutes % CELL:
			problems.append(Problem(NOT_FIVES, field=field))
		if minutes < 0:
			problems.append(Problem(NEGATIVE, field=field))
	return problems


def fits_no_block(visit: Visit, calendar: Calendar, today: date, clinic: str | None = None) -> bool:
	"""Is there no weekly time, at `clinic` or at any, that is long enough for the visit (AV-11)?

	Blocks that are over don't count, touching ones join, default hours stand in where there are no blocks.
	"""
	hours = tuple(
		replace(block, valid_from=None, valid_to=None)
		for block in calendar.blocks
		if block.valid_to is None or block.valid_to >= today
	)
	if calendar.blocks and not hours:
		return True
	week = Calendar(calendar.clinics, hours)
	first = walltime.midnight(today.toordinal()) // CELL
	last = walltime.midnight(today.toordinal() + 15) // CELL
	grid = visit.grid(calendar.grid_minutes)
	for place in calendar.clinics:
		if clinic not in (None, place.name):
			continue
		# A week without clock changes and holidays.
		plain = replace(place, timezone="UTC", holidays=frozenset())
		is_open, on_grid = open_and_on_grid(week, plain, first, last, grid)
		if on_grid & cells.starts_of_runs(is_open, cells.cell_after(visit.length_minutes)):
			return False
	return True


def _block_problems(block: Block) -> Iterator[Problem]:
	yield from _times_off_fives(block.start, block.end)
	start, end = span(block.start, block.end)
	if start == end:
		yield Problem(EMPTY)
	elif end - start < SHORTEST_BLOCK:
		yield Problem(TOO_SHORT)
	if block.valid_from and block.valid_to and block.valid_to < block.valid_from:
		yield Problem(DATES_REVERSED)


def _override_problems(override: Override) -> Iterator[Problem]:
	if override.to_date < override.from_date:
		yield Problem(DATES_REVERSED)
	if override.kind == "open" and not override.clinic:
		yield Problem(NO_CLINIC)
	if (override.start is None) != (override.end is None):
		yield Problem(NO_TIMES)
	if override.start is None or override.end is None:
		return
	yield from _times_off_fives(override.start, override.end)
	start, end = span(override.start, override.end)
	if start == end:
		yield Problem(EMPTY)
	elif override.kind == "closed" and end > 24 * 60:
		yield Problem(NOT_WITHIN_A_DAY)


def _times_off_fives(start: time, end: time) -> Iterator[Problem]:
	for field, at in (("start", start), ("end", end)):
		if at.minute % CELL or at.second or at.microsecond:
			yield Problem(NOT_FIVES, field=field)


def _overlap(block: Block, second: Block, places: dict[str, Clinic], today: date) -> bool:
	"""Is there an instant in both?"""
	one_zone = places[block.clinic].timezone == places[second.clinic].timezone
	weeks = WEEKS_OF_ONE_ZONE if one_zone else WEEKS_OF_TWO_ZONES
	latest_from = max(filter(None, (block.valid_from, second.valid_from)), default=None)
	earliest_to = min(filter(None, (block.valid_to, second.valid_to)), default=None)
	for first, last in _windows(latest_from, earliest_to, weeks, today):
		mine, theirs = (
			open_cells(Calendar((), (each,)), places[each.clinic], first, last) for each in (block, second)
		)
		if mine & theirs:
			return True
	return False


def _windows(
	from_date: date | None, to_date: date | None, weeks: timedelta, today: date
) -> Iterator[tuple[int, int]]:
	"""The cells to look at of hours that are valid between two dates: at the beginning, now, and at the end."""
	length = weeks.days
	begins = {today.toordinal()}
	if from_date:
		begins.add(from_date.toordinal())
	if to_date:
		begins.add(to_date.toordinal() - length)
	for begin in begins:
		# Zones and nights reach into the neighbouring dates.
		yield walltime.midnight(begin - 2) // CELL, walltime.midnight(begin + length + 2) // CELL


def _months(from_date: date, to_date: date, today: date) -> Iterator[tuple[int, int]]:
	"""The cells of a range of dates, in parts of some months, the nights and zones around them included."""
	first, last = from_date.toordinal() - 2, to_date.toordinal() + 3
	for begin in (first, max(first, today.toordinal())):
		for day in range(begin, min(last, begin + TEN_YEARS), A_FEW_MONTHS):
			end = min(day + A_FEW_MONTHS, last)
			yield walltime.midnight(day) // CELL, walltime.midnight(end) // CELL
