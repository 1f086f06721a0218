"""What of a doctor's practice is still free. Claims are read fresh, everything else is remembered."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import frappe

from clinic_booking.booking import claims, practices
from clinic_booking.booking.clock import UTC, from_database, to_database
from clinic_booking.booking.practices import OfferedService, Practice
from clinic_booking.errors import Validation, _
from clinic_booking.scheduling.cells import CELLS_A_DAY
from clinic_booking.scheduling.days import Slot
from clinic_booking.scheduling.free import Free, free
from clinic_booking.scheduling.interval import instant_at
from clinic_booking.scheduling.offer import Offer

MAX_DAYS = 62
# How far `next_free` looks at first: most doctors have something free within a week.
NEAR_DAYS = 7


@dataclass(frozen=True)
class Claimed:
	"""The live claims of some resources, as text of minutes since 1970, and the clock they are live by."""

	now: datetime | None
	versions: dict[str, str]
	texts: dict[str, str]

	def of_doctor(self, doctor: str) -> str | None:
		return self.texts.get(claims.doctor(doctor))

	def of_rooms(self, service: OfferedService) -> dict[str, list[str | None]] | None:
		"""Per clinic the claims of each suitable room, None for a service that needs no room."""
		if not service.room_kind:
			return None
		return {
			clinic: [self.texts.get(claims.room(room)) for room in rooms]
			for clinic, rooms in service.rooms.items()
		}


@dataclass(frozen=True)
class Answer:
	"""What is free from one date to another, in `timezone`; `next_free` only where that is nothing (AV-12)."""

	free: Free
	from_date: date
	to_date: date
	timezone: str
	next_free: Slot | None

	def days_text(self) -> str:
		"""The days as JSON text, as api.md gives them."""
		return self.free.days_text(self.from_date, self.to_date, self.timezone)

	def text(self) -> str:
		"""`{timezone, days, next_free}` as JSON, the whole answer of api.md `availability`."""
		following = json.dumps(self.next_free and self.next_free.as_dict())
		return f'{{"timezone":"{self.timezone}","days":{self.days_text()},"next_free":{following}}}'

	def days(self) -> list:
		"""The days as objects (`scheduling.days.Day`)."""
		return self.free.days(self.from_date, self.to_date, self.timezone)


def availability(
	doctor: str,
	service: str,
	from_date: date,
	to_date: date,
	clinic: str | None = None,
	timezone: str | None = None,
	without: str | None = None,
	offering: Callable[..., tuple[Practice, OfferedService]] = practices.offering,
) -> Answer:
	"""What is free with `doctor` for `service`, both dates included (AV-7).

	Dates are in `timezone`, else in the zone of the clinic, else of the doctor's first. `without` names a
	hold whose own time counts as free, `offering` finds what is offered and to whom (patients, unless the desk
	asks). Raises `NotFound` for an unknown doctor, `Validation` for a service
	or clinic that is not offered and for a range that is reversed or longer than 62 days.
	"""
	_check_range(from_date, to_date)
	for _attempt in range(3):
		practice, offered = offering(doctor, service, clinic)
		zone = timezone or practice.clinics[clinic or offered.clinics[0]].timezone
		whole = practice.offer(offered)
		part = whole.between(from_date, to_date, datetime.now(UTC))
		read = read_claims([doctor], offered.all_rooms(clinic), *_period(part), without=without)
		if read.versions.get(doctor) == practice.version:
			break
		practices.forget(doctor)
	left = free(part, read.of_doctor(doctor), read.now, clinic, read.of_rooms(offered))
	following = None
	if not left:
		following = _first_after(practice, offered, clinic, to_date, zone, without)
	return Answer(left, from_date, to_date, zone, following)


def to_whom(booking) -> dict:
	"""What `availability` takes to tell whoever has the token of `booking` (None: nobody has) what they can pick.

	Their own time counts as free, and what they have booked can move wherever it was paid.
	"""
	if booking is None:
		return {}
	is_booked = booking.doctype == "Clinic Appointment"
	offering = practices.offering_booked if is_booked else practices.offering
	return {"without": booking.name, "offering": offering}


def next_free(
	doctors: Iterable[str], service: str | None = None, clinic: str | None = None, count: int = 2
) -> dict[str, list[tuple[Slot, str]]]:
	"""For each doctor the first free starts of `service`, or of their first service: (slot, service).

	Constant number of queries: one for the coming days of all, one more for those whose days were full.
	"""
	answer: dict[str, list[tuple[Slot, str]]] = {doctor: [] for doctor in doctors}
	known = practices.as_remembered(answer)
	left = list(known)
	now = datetime.now(UTC)
	for days in (NEAR_DAYS, None):
		if not left:
			break
		asked = {}
		for doctor in left:
			practice = known[doctor]
			services = practice.online_services()
			offered = next((s for s in services if service in (None, s.name) and s.is_at(clinic)), None)
			if offered:
				offer = practice.offer(offered)
				low, high = offer.reach(now)
				asked[doctor] = (
					practice,
					offered,
					offer.cut(low, high if days is None else low + days * CELLS_A_DAY),
				)
		if not asked:
			break
		periods = [_period(offer) for _practice, _offered, offer in asked.values()]
		read = read_claims(
			list(asked),
			{room for _practice, offered, _offer in asked.values() for room in offered.all_rooms(clinic)},
			min(start for start, _end in periods),
			max(end for _start, end in periods),
		)
		for doctor, (practice, offered, offer) in asked.items():
			slots = free(offer, read.of_doctor(doctor), read.now, clinic, read.of_rooms(offered))
			zone = practice.clinics[clinic or offered.clinics[0]].timezone
			answer[doctor] = [(slot, offered.name) for slot in slots.next(read.now, zone, count)]
		left = [doctor for doctor in asked if len(answer[doctor]) < count]
	return answer


def nearby(doctor: str, service: str, start: datetime, clinic: str | None, count: int = 3) -> list[Slot]:
	"""Free starts closest to one that was lost, earliest first (BK-3); none where nothing is offered."""
	practice = practices.of(doctor)
	try:
		offered = practice.online_service(service, clinic)
	except Validation:
		return []
	offer = practice.offer(offered)
	read = read_claims([doctor], offered.all_rooms(clinic), *_period(offer))
	left = free(offer, read.of_doctor(doctor), read.now, clinic, read.of_rooms(offered))
	return left.nearest(start, practice.clinics[clinic or offered.clinics[0]].timezone, count)


def read_claims(
	doctors: Iterable[str],
	rooms: Iterable[str],
	start: datetime,
	end: datetime,
	without: str | None = None,
	now: datetime | None = None,
) -> Claimed:
	"""One query: the clock, the doctors' offer versions, and all live claims between `start` and `end`.

	`without` names the reference (a hold) whose own claims count as free. The texts are
	"start,end;start,end", every seat, buffers included. Rows of datetimes would cost more than all the rest.
	"""
	doctors = tuple(doctors)
	rows = frappe.db.sql(
		"""SELECT 'version', name, offer_version, UTC_TIMESTAMP(6) FROM `tabDoctor` WHERE name IN %(doctors)s
		UNION ALL
		SELECT 'claims', resource, GROUP_CONCAT(
			TIMESTAMPDIFF(MINUTE, '1970-01-01', starts_at), ',', TIMESTAMPDIFF(MINUTE, '1970-01-01', ends_at)
			SEPARATOR ';'), NULL
		FROM `tabBooked Slot`
		WHERE resource IN %(resources)s AND seat IN %(seats)s
		AND ends_at > %(start)s AND ends_at <= %(latest)s AND starts_at < %(end)s
		AND (expires_at IS NULL OR expires_at > COALESCE(%(now)s, UTC_TIMESTAMP(6)))
		AND reference <> %(without)s
		GROUP BY resource""",
		{
			"doctors": doctors,
			"resources": (*map(claims.doctor, doctors), *map(claims.room, rooms)),
			# Not "every seat" by leaving it out: the key is ordered (resource, seat, ends_at), and without a
			# seat all that a resource ever had is read (30 ms at 10,000 claims of one doctor).
			"seats": claims.SEATS,
			"start": to_database(start),
			"end": to_database(end),
			"latest": to_database(end + claims.LONGEST),
			"without": without or "",
			"now": to_database(now),
		},
	)
	versions = {name: version for kind, name, version, _clock in rows if kind == "version"}
	texts = {name: text for kind, name, text, _clock in rows if kind == "claims"}
	clock = next((from_database(clock) for kind, _name, _text, clock in rows if kind == "version"), None)
	return Claimed(now or clock, versions, texts)


def _first_after(
	practice: Practice,
	offered: OfferedService,
	clinic: str | None,
	to_date: date,
	zone: str,
	without: str | None,
) -> Slot | None:
	"""The first free start after a range that has none, up to the horizon."""
	offer = practice.offer(offered)
	read = read_claims([practice.doctor], offered.all_rooms(clinic), *_period(offer), without=without)
	left = free(offer, read.of_doctor(practice.doctor), read.now, clinic, read.of_rooms(offered))
	after = max(read.now, _end_of(to_date, zone))
	return next(iter(left.next(after, zone)), None)


def _end_of(day: date, zone: str) -> datetime:
	"""The instant at which a date of a zone is over, or the end of all time."""
	try:
		return datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
	except OverflowError:
		return datetime.max.replace(tzinfo=UTC)


def _period(offer: Offer) -> tuple[datetime, datetime]:
	start, end = offer.claims_matter
	return instant_at(start), instant_at(end)


def _check_range(from_date: date, to_date: date) -> None:
	if to_date < from_date:
		raise Validation(fields={"to_date": _("This lies before the first date.")})
	if (to_date - from_date).days >= MAX_DAYS:
		raise Validation(fields={"to_date": _("Please ask for at most 62 days.")})
