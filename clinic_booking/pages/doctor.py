"""`/book/<slug>`: who a doctor is, what they offer, and their next seven days (UI-1)."""

from datetime import date, timedelta

from clinic_booking.pages import addresses
from clinic_booking.pages.month import Month, first_of, last_of
from clinic_booking.pages.page import Asked, Page

STRIP_DAYS = 7


def show(asked: Asked, read, slug: str) -> Page:
	doctor = read.doctor(slug)
	services = doctor["services"]
	clinic = asked.one_of("clinic", {clinic["name"] for clinic in doctor["clinics"]})
	chosen = _chosen(services, asked.text("service"), clinic)
	times = _Times(asked, read, doctor, chosen, clinic) if chosen else None
	return Page(
		"doctor.html",
		{
			"doctor": doctor,
			"clinics": doctor["clinics"],
			"clinics_by_name": {clinic["name"]: clinic for clinic in doctor["clinics"]},
			"chosen": chosen,
			"chosen_clinic": clinic,
			"strip": times and times.strip(),
			"month": times and times.month(),
			"texts": read.texts(),
			"now": asked.now,
		},
	)


def _chosen(services: list[dict], wanted: str, clinic: str | None) -> dict | None:
	"""The service asked for; else the first one, if there is one at the clinic asked for the first there."""
	at_clinic = [service for service in services if clinic in _offering(service)]
	named = [service for service in services if service["service"] == wanted]
	return next(iter((*named, *at_clinic, *services)), None)


def _offering(service: dict) -> list[str]:
	return [price["clinic"] for price in service["prices"]]


class _Times:
	"""When one service is free, at the clinic asked for or the first that offers it, in that clinic's zone."""

	def __init__(self, asked: Asked, read, doctor: dict, service: dict, clinic: str | None):
		self.asked, self.read, self.doctor, self.service = asked, read, doctor, service
		offering = _offering(service)
		self.wanted = clinic
		self.clinic = clinic if clinic in offering else offering[0]
		self.zone = next(known["timezone"] for known in doctor["clinics"] if known["name"] == self.clinic)
		self.today = asked.today(self.zone)
		self.horizon = self.today + timedelta(days=doctor["horizon_days"])
		self.first = first_of(asked.month("month"), self.today, self.horizon)
		# What is left of this month and the coming week are one question.
		last_of_week = self.today + timedelta(days=STRIP_DAYS - 1)
		self.soon = self._free(
			self.today, max(last_of_week, last_of(self.today)) if self._is_now() else last_of_week
		)

	def strip(self) -> dict:
		days = self.soon["days"][:STRIP_DAYS]
		return {
			"clinic": self.clinic,
			"zone": self.zone,
			"days": days,
			"next_free": self._next_after(days),
		}

	def month(self) -> Month:
		last = last_of(self.first)
		days = self.soon["days"] if self._is_now() else self._free(self.first, last)["days"]
		return Month(
			[day for day in days if day.date <= last],
			self.today,
			self.horizon,
			self.asked.language,
			self._address,
		)

	def _is_now(self) -> bool:
		return self.first == self.today

	def _next_after(self, days):
		"""The first time after the strip where that has none."""
		later = (slot for day in self.soon["days"] for slot in day.slots)
		return None if any(day.slots for day in days) else next(later, self.soon["next_free"])

	def _address(self, month: date) -> str:
		services = self.doctor["services"]
		service = None if self.service is services[0] else self.service["service"]
		query = {"service": service, "clinic": self.wanted, "month": f"{month:%Y-%m}"}
		return addresses.doctor(self.doctor["slug"], **query) + "#month"

	def _free(self, first: date, last: date) -> dict:
		return self.read.availability(
			doctor=self.doctor["doctor"],
			service=self.service["service"],
			from_date=first,
			to_date=last,
			clinic=self.clinic,
			timezone=self.zone,
		)
