"""What one doctor offers: services with their prices, rooms and ways to pay, and the calendar to fit them in."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import cached_property

from clinic_booking.booking import ways_to_pay
from clinic_booking.booking.names import comparable
from clinic_booking.booking.ways_to_pay import Way
from clinic_booking.errors import Validation, _
from clinic_booking.scheduling.calendar import Calendar, Visit
from clinic_booking.scheduling.offer import Offer, make_offer


@dataclass(frozen=True)
class Price:
	"""What a visit costs at one clinic; `deposit` is the part due when booking."""

	amount: Decimal
	deposit: Decimal
	currency: str


@dataclass(frozen=True)
class OfferedService:
	"""A service as one doctor gives it. `clinics` are those where everything it needs is set up.

	`lead_minutes`: how long before it starts it must be booked at least, whatever the doctor's own notice.
	"""

	name: str
	title: str
	description: str
	payment: str
	video: bool
	online: bool
	visit: Visit
	room_kind: str
	prices: dict[str, Price]
	rooms: dict[str, tuple[str, ...]]
	lead_minutes: int = 0

	@property
	def clinics(self) -> tuple[str, ...]:
		return tuple(self.prices)

	def is_at(self, clinic: str | None) -> bool:
		"""Whether it is offered at a clinic (None: anywhere)."""
		return clinic is None or clinic in self.prices

	def all_rooms(self, clinic: str | None = None) -> list[str]:
		"""The rooms that suit it, at one clinic or at all of them."""
		return [room for place, rooms in self.rooms.items() if clinic in (None, place) for room in rooms]

	def as_booked(self, booking) -> "OfferedService":
		"""With a booking's own length and buffers."""
		length = booking.ends_at_utc - booking.starts_at_utc
		visit = Visit(
			length_minutes=length // timedelta(minutes=1),
			buffer_before_minutes=booking.buffer_before_minutes,
			buffer_after_minutes=booking.buffer_after_minutes,
		)
		return replace(self, visit=visit)


@dataclass(frozen=True)
class Practice:
	"""All that a doctor offers, and where, and how it can be paid at each clinic.

	`calendars` and `made` keep what was made of it: the calendar of each service, and `scheduling`'s offer.
	"""

	doctor: str
	version: str
	row: dict
	calendar: Calendar
	clinics: dict[str, dict]
	services: dict[str, OfferedService]
	ways: dict[str, tuple[Way, ...]]
	calendars: dict = field(default_factory=dict, repr=False, compare=False)
	made: dict = field(default_factory=dict, repr=False, compare=False)

	@property
	def search_text(self) -> str:
		"""What a search by words looks in: the doctor's name and specialties, in comparable form."""
		titles = (specialty["title"] for specialty in self.row["specialties"])
		return comparable(" ".join((self.row["doctor_name"], *titles)))

	def online_services(self) -> tuple[OfferedService, ...]:
		"""The services a patient may book by themselves, in the doctor's order, where they can be paid."""
		return self._online

	def online_service(self, name: str, clinic: str | None = None) -> OfferedService:
		"""One of them; `Validation` for any other service, or a clinic where it is not offered."""
		return _one_of(self._online, name, clinic)

	def booked_service(self, name: str, clinic: str | None = None) -> OfferedService:
		"""The same for a visit that is booked already: how it is paid is settled, wherever it moves."""
		return _one_of(self._bookable, name, clinic)

	def calendar_of(self, service: OfferedService) -> Calendar:
		"""The calendar as far as it lies where the service is offered, with the notice that it needs; kept."""
		key = (service.clinics, service.lead_minutes)
		if key not in self.calendars:
			calendar = _only_at(self.calendar, service.prices)
			notice = max(calendar.notice_minutes, service.lead_minutes)
			self.calendars[key] = replace(calendar, notice_minutes=notice)
		return self.calendars[key]

	def offer(self, service: OfferedService, now: datetime | None = None) -> Offer:
		"""What `scheduling` makes of the calendar for this service: kept, and made anew every other day."""
		now = now or datetime.now(timezone.utc)
		key = (service.name, service.clinics, service.lead_minutes)
		offer = self.made.get(key)
		if offer is None or not offer.covers(now):
			offer = self.made[key] = make_offer(self.calendar_of(service), service.visit, now)
		return offer

	@property
	def _bookable(self) -> list[OfferedService]:
		services = self.services.values() if self.row["enabled"] else ()
		return [service for service in services if service.online and service.prices]

	@cached_property
	def _online(self) -> tuple[OfferedService, ...]:
		return tuple(service for service in map(self._payable, self._bookable) if service.prices)

	def _payable(self, service: OfferedService) -> OfferedService:
		"""The service where patients can pay what is due when booking, and early enough to do so (PY-3).

		Where it differs from clinic to clinic how early that is, the earliest counts at all of them.
		"""
		prices, leads = {}, [0]
		for clinic, price in service.prices.items():
			due = ways_to_pay.due_first(service.payment, price.amount, price.deposit)
			ways = ways_to_pay.that_take(self.ways[clinic], due, price.currency)
			if due and not ways:
				continue
			prices[clinic] = price
			leads.append(min((way.lead_minutes(self.calendar.notice_minutes) for way in ways), default=0))
		return replace(service, prices=prices, lead_minutes=max(leads))


def _one_of(services: Iterable[OfferedService], name: str, clinic: str | None) -> OfferedService:
	service = next((service for service in services if service.name == name), None)
	if service is None:
		raise Validation(fields={"service": _("This doctor does not offer this.")})
	if not service.is_at(clinic):
		raise Validation(fields={"clinic": _("This is not offered at this clinic.")})
	return service


def _only_at(calendar: Calendar, clinics: Iterable[str]) -> Calendar:
	"""The calendar as far as it lies at `clinics`. Default hours stand in only for a doctor with none."""
	return replace(
		calendar,
		clinics=tuple(
			clinic if not calendar.blocks else replace(clinic, default_hours=None)
			for clinic in calendar.clinics
			if clinic.name in clinics
		),
		blocks=tuple(block for block in calendar.blocks if block.clinic in clinics),
	)
