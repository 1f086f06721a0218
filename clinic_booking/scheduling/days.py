"""Free starts shown as the days of any zone: as objects, or as the text of the answer at once.

A day is the instants whose clock shows its date. Most are one piece of 24 hours; where the clocks change
a day has 23 or 25, may be missing (Samoa, 30 December 2011), or come in two pieces (Newfoundland until
2011, one minute past midnight).
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from clinic_booking.scheduling import cells, walltime
from clinic_booking.scheduling.cells import CELL, CELLS_A_DAY
from clinic_booking.scheduling.interval import EPOCH
from clinic_booking.scheduling.offer import Offer
from clinic_booking.scheduling.slots import Slot, Starts, in_order, slot

EPOCH_ORDINAL = EPOCH.toordinal()
OPEN, FULL, CLOSED = "open", "full", "closed"
CELLS = tuple(timedelta(minutes=CELL * cell) for cell in range(CELLS_A_DAY))
"""How far into its date each cell begins."""


@dataclass(frozen=True)
class Day:
	"""A date: *open* has a slot, *full* has open time in reach but none, *closed* has neither."""

	date: date
	state: str
	slots: tuple[Slot, ...] = ()


@dataclass(frozen=True)
class Piece:
	"""Cells from `low` up to `high` of one date, all at one `offset` (minutes), the first being `cell` of it.

	`whole`: visits that start in it also end at that offset, on the 5 minutes, on the same or the next date.
	"""

	low: int
	high: int
	offset: int
	cell: int
	whole: bool


def days(offer: Offer, starts: Starts, from_date: date, to_date: date, timezone: str) -> list[Day]:
	"""Each date of `timezone` from `from_date` to `to_date`, both included, with its slots in order.

	Dates out of reach are closed. A reversed range has no days. Raises UnknownZone.
	"""
	pieces = _pieces(offer, timezone)
	place = walltime.zone(timezone)
	answer = []
	for ordinal in range(from_date.toordinal(), to_date.toordinal() + 1):
		of_day = pieces.get(ordinal, ())
		slots = tuple(each for piece in of_day for each in _slots(offer, starts, piece, ordinal, place))
		answer.append(Day(date.fromordinal(ordinal), OPEN if slots else _state_without(offer, of_day), slots))
	return answer


def days_text(offer: Offer, starts: Starts, from_date: date, to_date: date, timezone: str) -> str:
	"""The same as JSON, `[{"date", "state", "slots": [{"start", "end", "clinic"}]}]`, without spaces.

	Joined from ready texts: a dict for each of thousands of slots costs ten times as much.
	"""
	pieces = _pieces(offer, timezone)
	place = walltime.zone(timezone)
	patterns: dict = {}
	answer = []
	for ordinal in range(from_date.toordinal(), to_date.toordinal() + 1):
		shown = date.fromordinal(ordinal).isoformat()
		of_day = pieces.get(ordinal, ())
		if len(of_day) == 1 and of_day[0].whole:
			slots = _whole_text(offer, starts, of_day[0], ordinal, shown, patterns)
		else:
			slots = ",".join(
				json.dumps(each.as_dict(), separators=(",", ":"))
				for piece in of_day
				for each in _slots(offer, starts, piece, ordinal, place)
			)
		state = OPEN if slots else _state_without(offer, of_day)
		answer.append(f'{{"date":"{shown}","state":"{state}","slots":[{slots}]}}')
	return f"[{','.join(answer)}]"


def _slots(offer: Offer, starts: Starts, piece: Piece, ordinal: int, place: tzinfo) -> list[Slot]:
	"""The slots that start in a piece of a date. Where no clock changes, counting on is four times as quick."""
	found = in_order([cells.cut(bits, piece.low, piece.high) for bits in starts])
	if not piece.whole:
		return [slot(offer, piece.low + cell, n, place) for cell, n in found]
	midnight = walltime.at_offset(datetime.fromordinal(ordinal), piece.offset)
	length = timedelta(minutes=offer.visit.length_minutes)
	clinics = [at.clinic for at in offer.places]
	begins = [(midnight + CELLS[piece.cell + cell], n) for cell, n in found]
	return [Slot(begin, begin + length, clinics[n]) for begin, n in begins]


def _whole_text(offer: Offer, starts: Starts, piece: Piece, ordinal: int, shown: str, patterns: dict) -> str:
	"""The slots of an ordinary day. Days with the same times share one pattern, and differ by the date."""
	mask = cells.run(piece.high - piece.low)
	times = tuple(bits >> piece.low & mask for bits in starts)
	if not any(times):
		return ""
	key = (piece.offset, piece.cell, times)
	pattern = patterns.get(key)
	if pattern is None:
		length = offer.visit.length_minutes // CELL
		texts = [_slot_texts(place.clinic, piece.offset, length) for place in offer.places]
		pattern = patterns[key] = ",".join(texts[n][piece.cell + cell] for cell, n in in_order(times))
	# The second date is only there where a visit ends on the next day.
	text = pattern.replace("\0", shown)
	return text.replace("\1", date.fromordinal(ordinal + 1).isoformat()) if "\1" in text else text


@lru_cache(maxsize=128)
def _slot_texts(clinic: str, offset: int, length: int) -> tuple[str, ...]:
	"""For each cell of a day, the JSON of the slot that starts there; \\0 stands for the date, \\1 for the next."""
	sign, (hours, minutes) = "-" if offset < 0 else "+", divmod(abs(offset), 60)
	zone = f"{sign}{hours:02}:{minutes:02}"
	name = json.dumps(clinic)
	clock = [f"{cell * CELL // 60:02}:{cell * CELL % 60:02}:00{zone}" for cell in range(CELLS_A_DAY)]
	clock = [f"\0T{at}" for at in clock] + [f"\1T{at}" for at in clock]
	return tuple(
		f'{{"start":"{clock[cell]}","end":"{clock[cell + length]}","clinic":{name}}}'
		for cell in range(CELLS_A_DAY)
	)


def _state_without(offer: Offer, pieces) -> str:
	"""The state of a date that has no slot."""
	is_open = any(cells.cut(place.open, piece.low, piece.high) for piece in pieces for place in offer.places)
	return FULL if is_open else CLOSED


def _pieces(offer: Offer, timezone: str) -> dict[int, list[Piece]]:
	"""The dates (ordinals) of `timezone` within the offer, and the cells that belong to each."""
	found: dict[int, list[Piece]] = {}
	if offer.first == offer.last:
		return found
	length = cells.cell_after(offer.visit.length_minutes)
	until = (offer.last + length + 1) * CELL
	ordinary = length * CELL == offer.visit.length_minutes and length <= CELLS_A_DAY
	for start, end, offset in walltime.stretches(timezone, offer.first * CELL, until):
		shift = offset // CELL
		low = cells.cell_after(start) + shift
		high = min(cells.cell_after(end), offer.last) + shift
		while low < high:
			day = low // CELLS_A_DAY
			stop = min(high, (day + 1) * CELLS_A_DAY)
			whole = ordinary and (stop - 1 - shift + length) * CELL < end
			back = shift + offer.first
			piece = Piece(low - back, stop - back, offset, low - day * CELLS_A_DAY, whole)
			found.setdefault(day + EPOCH_ORDINAL, []).append(piece)
			low = stop
	return found
