"""`/book/<slug>/<service>`: choose a time, give details, review, confirm (BK-1).

The server shows the times; holding one and everything after it is done by the page's modules in
`public/js/booking`, with the steps in the address's fragment. Nothing here holds anything.
"""

from collections.abc import Callable
from datetime import date, timedelta

from markupsafe import Markup, escape

from clinic_booking.errors import NotFound
from clinic_booking.pages import addresses
from clinic_booking.pages.formats import in_zone, place, zone_city
from clinic_booking.pages.page import Asked, Page

WEEK = timedelta(days=7)


def show(asked: Asked, read, slug: str, service: str) -> Page:
	doctor = read.doctor(slug)
	offered = next((each for each in doctor["services"] if each["service"] == service), None)
	if offered is None:
		raise NotFound()
	clinics = {clinic["name"]: clinic for clinic in doctor["clinics"]}
	offering = [price["clinic"] for price in offered["prices"]]
	clinic = clinics[asked.one_of("clinic", offering) or offering[0]]
	wanted_zone = asked.zone("timezone") if offered["video"] else None
	zone = wanted_zone or clinic["timezone"]
	picked = asked.instant("start")
	week = _Week(asked.today(zone), _first_day(asked, zone), doctor["horizon_days"])

	def address(**query) -> str:
		kept = {
			"clinic": clinic["name"] if len(offering) > 1 else None,
			"timezone": wanted_zone,
		}
		return addresses.booking(slug, service, **{**kept, **query})

	free = read.availability(
		doctor=doctor["doctor"],
		service=service,
		from_date=week.first,
		to_date=week.last,
		clinic=clinic["name"],
		timezone=zone,
	)
	return Page(
		"booking.html",
		{
			"doctor": doctor,
			"service": offered,
			"clinic": clinic,
			"clinics": doctor["clinics"],
			"offering": [clinics[name] for name in offering],
			"price": next(each for each in offered["prices"] if each["clinic"] == clinic["name"]),
			"zone": zone,
			"places": {
				name: {"title": place(each), "timezone": each["timezone"]} for name, each in clinics.items()
			},
			"zones": {each: zone_city(each, asked.language) for each in _zones(clinics, zone)},
			"days": free["days"],
			"first_open": next((day.date for day in free["days"] if day.slots), None),
			"next_free": free["next_free"],
			"picked": picked,
			"week": week,
			"address": address,
			"times": _Times(address),
			"texts": read.texts(),
			"now": asked.now,
		},
		personal=True,
	)


class _Times:
	"""The free times of a day as list items: each a link to the same page with the time in its address.

	Written here and not in the template: a week may have hundreds, which cost ten times as much there.
	The address is made once per clinic, relative to the page's; only its last parameter, the start, is each
	time's own.
	"""

	def __init__(self, address: Callable[..., str]):
		self.address = address
		self.beginnings: dict[str, str] = {}

	def __call__(self, day) -> Markup:
		starts = [(slot.clinic, slot.start.isoformat()) for slot in day.slots]
		return Markup(
			"".join(
				[
					f'<li><a class="clinic-time" href="{self._beginning(clinic)}{start.replace("+", "%2B")}">'
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


def _zones(clinics: dict, shown: str) -> set[str]:
	"""Every zone in which a time of this page can stand, an alternative at another clinic included."""
	return {shown, *(clinic["timezone"] for clinic in clinics.values())}


def _first_day(asked: Asked, zone: str) -> date | None:
	"""The day the list starts on: the one asked for, or that of the time in the address."""
	picked = asked.instant("start")
	return asked.date("from") or (picked and in_zone(picked, zone).date())


class _Week:
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
		while (day := (days[-1].replace(day=1) + timedelta(days=32)).replace(day=1)) <= self.horizon:
			days.append(day)
		return days

	def shows(self, month: date) -> bool:
		return (month.year, month.month) == (self.first.year, self.first.month)
