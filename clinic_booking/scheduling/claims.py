"""Time that is taken: what is booked or held (buffers included), and what is busy outside.

It comes as pairs of minutes since 1970, half-open, or as one text of them, "start,end;start,end", the
quickest way out of a database (GROUP_CONCAT; one query, no rows of datetimes).
"""

from collections.abc import Iterable
from typing import NamedTuple

from clinic_booking.scheduling.calendar import Visit
from clinic_booking.scheduling.cells import CELL


class Claim(NamedTuple):
	"""Claimed time from `start` up to `end`, in minutes since 1970, with the buffers that are part of it.

	Outside busy time is the same without buffers. Only `why_not` looks at the buffers.
	"""

	start: int
	end: int
	buffer_before: int = 0
	buffer_after: int = 0


Claims = str | bytes | Iterable[tuple[int, ...]] | None


def parse(claims: Claims) -> list[Claim]:
	"""Claims in any of their forms, as a list.

	Raises: ValueError for a text that isn't whole pairs of numbers, so one cut short is not taken for fewer.
	"""
	return [Claim(*claim) for claim in _each(claims)]


def blocked(claims: Claims, visit: Visit, first: int, count: int) -> int:
	"""Of `count` cells from cell `first` on, those at which `visit` can't start because of `claims`.

	A visit's padded time must not meet a claim (AV-5, AV-7). Claims that don't lie on the 5 minutes block
	every cell they touch.
	"""
	# A start s is lost if s - before < claim's end and s + length + after > claim's start.
	ahead = -(-(visit.length_minutes + visit.buffer_after_minutes) // CELL) + first - 1
	behind = -(-visit.buffer_before_minutes // CELL) - first
	cells = 0
	for start, end, *_ in _each(claims):
		if end <= start:
			continue
		low = max(start // CELL - ahead, 0)
		high = min(behind - (-end // CELL), count)
		if low < high:
			cells |= ((1 << (high - low)) - 1) << low
	return cells


def _each(claims: Claims) -> Iterable[tuple[int, ...]]:
	if not claims:
		return ()
	if isinstance(claims, bytes):
		claims = claims.decode()
	if not isinstance(claims, str):
		return claims
	if claims.count(",") != claims.count(";") + 1:
		raise ValueError("claims are pairs of minutes: start,end;start,end")
	numbers = list(map(int, claims.replace(";", ",").split(",")))
	return zip(numbers[::2], numbers[1::2], strict=True)
