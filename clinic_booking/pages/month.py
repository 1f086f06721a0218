"""A month of a doctor's days as a calendar (UI-1)."""

from calendar import Calendar
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from clinic_booking.formats import first_weekday, weekdays


def first_of(wanted: date | None, today: date, horizon: date) -> date:
	"""The first day to show of the month of `wanted`: never before today, never beyond the horizon."""
	day = min(max(wanted or today, today), horizon)
	return today if same_month(day, today) else day.replace(day=1)


def last_of(day: date) -> date:
	return following(day) - timedelta(days=1)


def following(day: date) -> date:
	"""The first of the next month."""
	return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def same_month(one: date, other: date) -> bool:
	return (one.year, one.month) == (other.year, other.month)


class Month:
	"""Weeks of seven places, each a `Day` or None (of another month, or past), and the neighbours.

	`previous` and `next` are first days of months within reach, or None. Weeks begin as the language has it.
	"""

	def __init__(
		self,
		days: Iterable,
		today: date,
		horizon: date,
		language: str,
		address: Callable[[date], str],
	):
		self.by_date = {day.date: day for day in days}
		self.first = min(self.by_date)
		self.address = address
		self.weekdays = weekdays(language)
		calendar = Calendar(first_weekday(language))
		self.weeks = [
			[self.by_date.get(place) for place in week]
			for week in calendar.monthdatescalendar(self.first.year, self.first.month)
			if any(place in self.by_date for place in week)
		]
		before = self.first.replace(day=1) - timedelta(days=1)
		self.previous = None if same_month(self.first, today) else max(before.replace(day=1), today)
		self.next = following(self.first) if following(self.first) <= horizon else None
