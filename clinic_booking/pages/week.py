"""Seven days of free times, as the booking page and a move show them (BK-1, PO-1)."""

from collections.abc import Callable
from datetime import date, timedelta

from markupsafe import Markup, escape

from clinic_booking.pages.month import following, same_month

WEEK = timedelta(days=7)


class Week:
	"""Seven days from `wanted`, never before today nor beyond the horizon, and its neighbours."""

	def __init__(self, today: date, wanted: date | None, horizon_days: int):
		self.today = today
		self.horizon = today + timedelta(days=horizon_days)
		self.first = min(max(wanted or today, today), self.horizon)
		self.last = self.first + WEEK - timedelta(days=1)

	@property
	def previous(self) -> date | None:
		return max(self.first - WEEK, self.today) if self.first > self.today else None

	@property
	def next(self) -> date | None:
		return self.first + WEEK if self.first + WEEK <= self.horizon else None

	@property
	def months(self) -> list[date]:
		"""The first day to show of every month within the horizon: today, then each first."""
		days = [self.today]
		while (day := following(days[-1])) <= self.horizon:
			days.append(day)
		return days

	def shows(self, month: date) -> bool:
		return same_month(month, self.first)


class Times:
	"""The free times of a day as list items: each a link to the same page with the time in its address.

	Written here and not in the template: a week may have hundreds, which cost ten times as much there.
	The address is made once per clinic, relative to the page's; only its last parameter, the start, is each
	time's own. `fragment` is the place on that page to begin at.
	"""

	def __init__(self, address: Callable[..., str], fragment: str = ""):
		self.address = address
		self.fragment = fragment
		self.beginnings: dict[str, str] = {}

	def __call__(self, day) -> Markup:
		starts = [(slot.clinic, slot.start.isoformat()) for slot in day.slots]
		return Markup(
			"".join(
				[
					f'<li><a class="clinic-time" href="{self._beginning(clinic)}{start.replace("+", "%2B")}{self.fragment}">'
					f"{start[11:16]}</a></li>"
					for clinic, start in starts
				]
			)
		)

	def _beginning(self, clinic: str) -> str:
		if clinic not in self.beginnings:
			_path, _mark, query = self.address(clinic=clinic, start="-").partition("?")
			self.beginnings[clinic] = str(escape(f"?{query[:-1]}"))
		return self.beginnings[clinic]
