"""What AV-1 to AV-15 say, told a second time: minute by minute, with naive wall clocks and plain sets.

Imports nothing of `scheduling`; only reads the attributes of the facts it is given. Slow on purpose.
"""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
DAY = 24 * 60


def minute_number(instant):
	"""The whole minute (since 1970) that an instant lies in."""
	return int((instant - EPOCH).total_seconds() // 60)


def instant(minute):
	return EPOCH + timedelta(minutes=minute)


def wall(minute, zone):
	"""What the clock shows at a minute, as minutes since a naive 1970."""
	shown = datetime.fromtimestamp(minute * 60, zone)
	return (shown.toordinal() - EPOCH.toordinal()) * DAY + shown.hour * 60 + shown.minute


def wall_number(day, at):
	return (day.toordinal() - EPOCH.toordinal()) * DAY + (at.hour * 60 + at.minute if at else 0)


def opening(calendar, clinic, days):
	"""Every stretch of wall clock, (start, end) in naive minutes, that a block or open exception opens."""
	for day in days:
		for block in calendar.blocks:
			valid = (block.valid_from is None or block.valid_from <= day) and (
				block.valid_to is None or day <= block.valid_to
			)
			if block.clinic == clinic.name and block.weekday == day.weekday() and valid:
				yield stretch(day, block.start, block.end)
		if not calendar.blocks and clinic.default_hours:
			yield stretch(day, *clinic.default_hours)
		for override in calendar.overrides:
			if override.kind == "open" and override.clinic == clinic.name and on(override, day):
				yield stretch(day, override.start, override.end)


def on(override, day):
	return override.from_date <= day <= override.to_date


def stretch(day, start, end):
	begin = wall_number(day, start)
	if end is None:
		return begin, begin + DAY
	stop = wall_number(day, end)
	return begin, stop + DAY if stop < begin else stop


def closed_minutes(calendar, clinic, days):
	"""Every naive minute that a holiday or closed exception of its own date closes."""
	closed = set()
	for day in days:
		if day in clinic.holidays:
			closed.update(range(wall_number(day, None), wall_number(day, None) + DAY))
		for override in calendar.overrides:
			if override.kind == "closed" and override.clinic in (None, clinic.name) and on(override, day):
				begin = wall_number(day, override.start)
				midnight = wall_number(day, None) + DAY
				end = midnight if override.end is None else wall_number(day, override.end)
				closed.update(range(begin, end if end > begin else midnight))
	return closed


class Hours:
	"""The open minutes of one clinic, and those on the grid, between two dates of any zone."""

	def __init__(self, calendar, clinic, visit, from_date, to_date):
		days = [from_date + timedelta(days=n) for n in range(-4, (to_date - from_date).days + 5)]
		grid = calendar.grid_minutes or (
			visit.length_minutes + visit.buffer_before_minutes + visit.buffer_after_minutes
		)
		closed = closed_minutes(calendar, clinic, days)
		opened, gridded = set(), set()
		for begin, end in opening(calendar, clinic, days):
			opened.update(range(begin, end))
			gridded.update(range(begin, end, grid))
		self.range = range(wall_number(from_date, None) - 14 * 60, wall_number(to_date, None) + DAY + 18 * 60)
		zone = ZoneInfo(clinic.timezone)
		shown = {minute: wall(minute, zone) for minute in self.range}
		self.open = {m for m, w in shown.items() if w in opened and w not in closed}
		self.on_grid = {m for m, w in shown.items() if w in gridded and m in self.open}


def in_reach(calendar, now, minute):
	earliest = now + timedelta(minutes=calendar.notice_minutes)
	return earliest <= instant(minute) <= now + timedelta(days=calendar.horizon_days)


def meets(visit, start, claims):
	"""Does the visit with its buffers, from minute `start`, meet any claim?"""
	begin = start - visit.buffer_before_minutes
	end = start + visit.length_minutes + visit.buffer_after_minutes
	return any(begin < claim[1] and claim[0] < end and claim[0] < claim[1] for claim in claims)


def all_hours(calendar, visit, from_date, to_date):
	"""[(clinic's name, Hours)], none of an offline doctor."""
	clinics = calendar.clinics if calendar.online else ()
	return [(clinic.name, Hours(calendar, clinic, visit, from_date, to_date)) for clinic in clinics]


def offered(calendar, visit, busy, now, hours, rooms=None):
	"""Every (minute, clinic) at which a visit may start, by time, then in the order of the clinics."""
	return sorted(
		(
			(start, clinic)
			for clinic, at_clinic in hours
			for start in at_clinic.on_grid
			if in_reach(calendar, now, start)
			and all(start + n in at_clinic.open for n in range(visit.length_minutes))
			and not meets(visit, start, busy)
			and (rooms is None or any(not meets(visit, start, room) for room in rooms.get(clinic, ())))
		),
		key=lambda slot: (slot[0], [clinic for clinic, _ in hours].index(slot[1])),
	)


def days(calendar, visit, busy, now, from_date, to_date, zone, rooms=None):
	"""[(date, state, [(minute, clinic)])] for the dates of a zone, both included."""
	hours = all_hours(calendar, visit, from_date, to_date)
	slots = offered(calendar, visit, busy, now, hours, rooms)
	reachable = {
		date_of(minute, zone)
		for _, at_clinic in hours
		for minute in at_clinic.range
		if minute % 5 == 0
		and in_reach(calendar, now, minute)
		and all(minute + n in at_clinic.open for n in range(5))
	}
	answer = []
	for n in range((to_date - from_date).days + 1):
		day = from_date + timedelta(days=n)
		of_day = [slot for slot in slots if date_of(slot[0], zone) == day]
		answer.append((day, "open" if of_day else "full" if day in reachable else "closed", of_day))
	return answer


def date_of(minute, zone):
	return instant(minute).astimezone(ZoneInfo(zone)).date()


def clock_changes(zone, first_year, last_year):
	"""[(minute, offset before, offset after)] of every change of a zone's clock, in those years.

	Looks every four days; `test_no_zone_changes_twice_in_four_days` holds that this misses none.
	"""
	place = ZoneInfo(zone)

	def offset(minute):
		return int(datetime.fromtimestamp(minute * 60, place).utcoffset().total_seconds()) // 60

	found = []
	at = minute_number(datetime(first_year, 1, 1, tzinfo=timezone.utc))
	end = minute_number(datetime(last_year + 1, 1, 1, tzinfo=timezone.utc))
	here = offset(at)
	while at < end:
		ahead = at + 4 * DAY
		there = offset(ahead)
		if there != here:
			low, high = at, ahead
			while high - low > 1:
				middle = (low + high) // 2
				low, high = (middle, high) if offset(middle) == here else (low, middle)
			found.append((high, here, there))
		at, here = ahead, there
	return found
