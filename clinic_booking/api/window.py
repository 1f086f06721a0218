"""A sliding hour out of two fixed ones. Pure.

The last window's calls are taken as spread evenly, so at no time do much more than the limit pass
within 60 minutes, and a caller costs two numbers.
"""

from math import ceil

HOUR = 3600


def used(before: int, current: int, elapsed: float) -> float:
	"""Calls of the last hour, `elapsed` seconds into the window with `current` calls."""
	return before * (1 - elapsed / HOUR) + current


def retry_after(before: int, current: int, elapsed: float, limit: int) -> int:
	"""Whole seconds until one more call fits under `limit`; 0 when it does now."""
	if used(before, current, elapsed) + 1 <= limit:
		return 0
	if current + 1 <= limit:
		return max(1, ceil(HOUR * (1 - (limit - 1 - current) / before) - elapsed))
	# Not in this window; in the next one its own calls are the ones that fade.
	return max(1, ceil(HOUR - elapsed + HOUR * (1 - (limit - 1) / current)))
