"""Facts with good defaults: a doctor in Bucharest, Monday to Friday from 8 to 12 and 14 to 18."""

from datetime import date, datetime, time, timedelta, timezone

from clinic_booking.scheduling.calendar import Block, Calendar, Clinic, Override, Visit
from clinic_booking.scheduling.interval import minutes_from

UTC = timezone.utc
BUCHAREST = "Europe/Bucharest"
MONDAY = date(2026, 3, 2)
EVERY_DAY = tuple(range(7))
WORKDAYS = tuple(range(5))


def clock(text):
	"""A time of the wall clock: "8" or "08:05"; "24" is the midnight at the end."""
	hour, _, minute = text.partition(":")
	return time(int(hour) % 24, int(minute or 0))


def at(text, zone=None):
	"""An instant: "2026-03-02 08:00", in UTC or in a zone."""
	instant = datetime.fromisoformat(text)
	return instant.replace(tzinfo=UTC) if zone is None else instant.replace(tzinfo=zone)


def hours(text, weekdays=EVERY_DAY, clinic="north", **valid):
	"""Blocks "8-12" or "8-12 14-18" on these weekdays."""
	return tuple(
		Block(clinic, weekday, *map(clock, block.split("-")), **valid)
		for block in text.split()
		for weekday in weekdays
	)


def place(name="north", timezone=BUCHAREST, **more):
	return Clinic(name, timezone, **more)


def calendar(blocks=None, clinics=None, **more):
	"""Without notice, with a horizon of 30 days and a grid of 15 minutes."""
	facts = {"notice_minutes": 0, "horizon_days": 30} | more
	blocks = hours("8-12 14-18", WORKDAYS) if blocks is None else blocks
	return Calendar((place(),) if clinics is None else clinics, blocks, **facts)


def closed(from_date, text=None, to_date=None, clinic=None):
	return _override("closed", from_date, to_date, text, clinic)


def opened(from_date, text=None, to_date=None, clinic="north"):
	return _override("open", from_date, to_date, text, clinic)


def _override(kind, from_date, to_date, text, clinic):
	start, end = map(clock, text.split("-")) if text else (None, None)
	return Override(kind, from_date, to_date or from_date, start, end, clinic)


def visit(length=60, before=0, after=0):
	return Visit(length, before, after)


def claim(start, minutes):
	"""Claimed time as a pair of epoch minutes, from an instant on."""
	begin = minutes_from(start)
	return begin, begin + minutes


def starts(days, zone=None):
	"""The starts of days as texts: "08:00", or with the date where there are several days."""
	shape = "%H:%M" if len(days) == 1 else "%m-%d %H:%M"
	return [slot.start.strftime(shape) for day in days for slot in day.slots]


def day_after(day, count=1):
	return day + timedelta(days=count)
