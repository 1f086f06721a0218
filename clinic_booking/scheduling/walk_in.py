"""When a doctor has time for somebody who is here without an appointment (DY-1). Standard library only."""

from datetime import datetime, timedelta, timezone
from math import ceil

from clinic_booking.scheduling.calendar import Calendar, Visit
from clinic_booking.scheduling.claims import Claims
from clinic_booking.scheduling.free import Rooms
from clinic_booking.scheduling.refusal import NOTICE, OFF_GRID, OFFLINE, why_not

GRID = timedelta(minutes=5)
REACH = timedelta(hours=4)
# Whoever is here asks for neither notice nor grid, and not for what is offered online.
NOT_ASKED = frozenset({NOTICE, OFF_GRID, OFFLINE})


def now_or_soon(now: datetime) -> datetime:
	"""The next multiple of five minutes, in UTC."""
	return datetime.fromtimestamp(
		ceil(now.timestamp() / GRID.total_seconds()) * GRID.total_seconds(), timezone.utc
	)


def starts(
	calendar: Calendar,
	visit: Visit,
	busy: Claims,
	now: datetime,
	clinic: str,
	rooms: Rooms | None = None,
	count: int = 3,
) -> list[datetime]:
	"""The first starts in the next four hours that lie in opening hours and meet nothing, a visit's length apart."""
	found = []
	start, end = now_or_soon(now), now + REACH
	while start <= end and len(found) < count:
		if why_not(calendar, visit, busy, start, now, clinic, rooms, overriding=NOT_ASKED) is None:
			found.append(start)
			start += max(GRID, timedelta(minutes=visit.length_minutes))
		else:
			start += GRID
	return found
