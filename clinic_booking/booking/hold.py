"""Picking a time: a hold that keeps it from others for a while (BK-2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import frappe

from clinic_booking.booking import answers, claims, clock, payable, practices, requests, terms, tokens
from clinic_booking.booking.clock import from_database, to_database
from clinic_booking.booking.money import money
from clinic_booking.booking.place import Place, find_place
from clinic_booking.booking.practices import OfferedService, Practice
from clinic_booking.booking.transaction import require_same
from clinic_booking.errors import HoldExpired, NotFound, RateLimited, Validation, _


@dataclass(frozen=True)
class Asked:
	"""A time that a patient picked: `start` is aware, `clinic` None means wherever the doctor then is."""

	doctor: str
	service: str
	start: datetime
	clinic: str | None = None


@dataclass(frozen=True)
class Holder:
	"""Who holds, as far as the limits need it: keyed hashes of the browser (or address) and the address."""

	browser: str
	address: str


def hold(asked: Asked, holder: Holder, request_id: str | None = None, now: datetime | None = None) -> dict:
	"""Hold a time and return the answer of api.md `hold`.

	Raises `SlotConflict`, `TimeWindow`, `Validation`, `NotFound`, and `RateLimited` where this browser or
	address holds too many already.
	"""
	practice = _locked_practice(asked.doctor, asked.doctor)
	now = now or clock.now()
	call = answers.fingerprint("hold", vars(asked))
	if first := _already_held(request_id, call, now):
		return first
	service = practice.online_service(asked.service, asked.clinic)
	place = find_place(practice, service, asked.start, now, asked.clinic)
	_keep_to_limits(holder, now)

	request = frappe.new_doc("Booking Request")
	request.name = frappe.generate_hash(length=10)
	request.seed = tokens.new_seed()
	request.token_hash = tokens.hash_of(tokens.token_of(request.seed))
	request.reference = tokens.new_reference()
	request.hold_request_id = request_id
	request.browser, request.address = holder.browser, holder.address
	_fill(request, practice, service, asked, place, now)
	answer = _answer(request, practice, service, now)
	answers.remember(request, request_id, call, answer, now)
	_claim(request, service, now)
	_insert(request)
	return with_token(request, answer)


def move(
	name: str,
	current_doctor: str,
	asked: Asked,
	request_id: str | None = None,
	now: datetime | None = None,
) -> dict:
	"""Move the hold `name` to another time: a fresh ten minutes, counted as one extension (api.md)."""
	practice = _locked_practice(asked.doctor, current_doctor)
	offered = practice.services.get(asked.service)
	# The room it has and those it may get in one go: a second round would be out of order.
	request, now = _locked(name, current_doctor, now, offered.all_rooms(asked.clinic) if offered else ())
	call = answers.fingerprint("hold", vars(asked))
	if first := answers.recall(request, request_id, call, now):
		return with_token(request, first)
	_require_held(request, now)
	_count_extension(request)
	service = practice.online_service(asked.service, asked.clinic)
	place = find_place(practice, service, asked.start, now, asked.clinic, without=request.name)
	claims.release(request.name)
	_fill(request, practice, service, asked, place, now)
	_claim(request, service, now)
	answer = _answer(request, practice, service, now)
	answers.remember(request, request_id, call, answer, now)
	request.db_update()
	return with_token(request, answer)


def extend(name: str, doctor: str, now: datetime | None = None) -> dict:
	"""Keep a hold for another ten minutes, ten times at most; `HoldExpired` afterwards."""
	claims.lock_doctors([doctor])
	request, now = _locked(name, doctor, now)
	_require_held(request, now)
	_count_extension(request)
	request.expires_at_utc = _until(now)
	claims.extend(request.name, request.expires_at_utc, expected=requests.claims_of(request))
	request.db_update()
	return {"expires_at": from_database(request.expires_at_utc).isoformat()}


def release(name: str, doctor: str, now: datetime | None = None) -> dict:
	"""Give a held time back; nothing happens to one that lapsed or was given back already."""
	return _give_back(name, doctor, {requests.HELD}, now)


def withdraw(name: str, doctor: str, now: datetime | None = None) -> dict:
	"""Give a time back that is held or waits for its payment; nothing happens to one that has ended."""
	return _give_back(name, doctor, requests.WAITING, now)


def _give_back(name: str, doctor: str, states: set | frozenset, now: datetime | None) -> dict:
	claims.lock_doctors([doctor])
	request, now = _locked(name, doctor, now)
	if request.status in (requests.EXPIRED, requests.CANCELLED):
		return {}
	if request.status not in states:
		raise Validation(fields={"token": _("This is booked already.")})
	claims.release(request.name)
	request.status = requests.CANCELLED
	request.db_update()
	return {}


def with_token(request, answer: dict) -> dict:
	"""An answer as the caller gets it: the token is never kept with it."""
	return {"token": tokens.token_of(request.seed), **answer}


def _locked_practice(doctor: str, current_doctor: str) -> Practice:
	"""Lock first, then read: what is offered now, not what was when the page was shown (RA-11)."""
	versions = claims.lock_doctors([doctor, current_doctor])
	practice = practices.of(doctor, versions[doctor]) if doctor in versions else None
	if practice is None:
		raise NotFound
	return practice


def _locked(name: str, doctor: str, now: datetime | None, rooms: Iterable[str] = ()):
	"""The request, its room and `rooms`, locked after its doctor, and the clock read after all of them."""
	request = requests.locked(name)
	require_same(doctor, request)
	claims.lock_rooms(filter(None, (request.room, *rooms)))
	return request, now or clock.now()


def _fill(request, practice: Practice, service: OfferedService, asked: Asked, place: Place, now) -> None:
	price = service.prices[place.clinic]
	visit = service.visit.at(asked.start)
	request.update(
		{
			"status": requests.HELD,
			"doctor": asked.doctor,
			"service": asked.service,
			"clinic": place.clinic,
			"room": place.room,
			"starts_at_utc": to_database(visit.start),
			"ends_at_utc": to_database(visit.end),
			"buffer_before_minutes": service.visit.buffer_before_minutes,
			"buffer_after_minutes": service.visit.buffer_after_minutes,
			"price": price.amount,
			"deposit": price.deposit,
			"currency": price.currency,
			"payment": service.payment,
			"policy": terms.freeze(terms.policy_now()),
			"expires_at_utc": _until(now),
		}
	)


def _claim(request, service: OfferedService, now: datetime) -> None:
	"""Take the doctor's time and a room's; `SlotConflict` if the database knows better."""
	time = claims.Claim(
		claims.doctor(request.doctor),
		request.starts_at_utc - timedelta(minutes=request.buffer_before_minutes),
		request.ends_at_utc + timedelta(minutes=request.buffer_after_minutes),
	)
	claims.take(time, "Hold", request.name, now, request.expires_at_utc)
	if request.room:
		others = [room for room in service.rooms[request.clinic] if room != request.room]
		request.room = claims.take_room(
			[request.room, *others], time, "Hold", request.name, now, request.expires_at_utc
		)


def _insert(request) -> None:
	try:
		request.db_insert()
	except frappe.UniqueValidationError:
		# Another hold with this request_id, on another doctor, in this very moment.
		frappe.clear_last_message()
		raise Validation(fields={"request_id": answers.OTHER_ARGUMENTS}) from None


def _already_held(request_id: str | None, call: str, now: datetime) -> dict | None:
	"""The first answer to this `request_id`, if there was one within 24 hours."""
	if not request_id:
		return None
	name = frappe.db.get_value("Booking Request", {"hold_request_id": request_id})
	if not name:
		return None
	request = requests.locked(name)
	first = answers.recall(request, request_id, call, now)
	if first is None:
		request.db_set("hold_request_id", None, update_modified=False)
		return None
	return with_token(request, first)


def _keep_to_limits(holder: Holder, now: datetime) -> None:
	"""SE-2: so many live holds per browser, and per address; without a cookie the address counts."""
	settings = frappe.get_cached_doc(terms.SETTINGS)
	for column, value, limit in (
		("browser", holder.browser, settings.limit_holds_per_browser),
		("address", holder.address, settings.limit_holds_per_address),
	):
		if not limit:
			continue
		((live,),) = frappe.db.sql(
			f"""SELECT COUNT(*) FROM `tabBooking Request`
			WHERE `{column}` = %s AND status = 'Held' AND expires_at_utc > %s""",
			(value, to_database(now)),
		)
		if live >= limit:
			raise RateLimited


def _require_held(request, now: datetime) -> None:
	if request.status in (requests.CONFIRMED, requests.REQUESTED, requests.AWAITING_PAYMENT):
		raise Validation(fields={"token": _("This is booked already.")})
	if requests.status_at(request, now) != requests.HELD:
		raise HoldExpired


def _count_extension(request) -> None:
	if request.extensions >= frappe.get_cached_doc(terms.SETTINGS).max_extensions:
		raise HoldExpired
	request.extensions += 1


def _until(now: datetime) -> datetime:
	minutes = frappe.get_cached_doc(terms.SETTINGS).hold_minutes
	return to_database(now + timedelta(minutes=minutes))


def _answer(request, practice: Practice, service: OfferedService, now: datetime) -> dict:
	zone = practice.clinics[request.clinic].timezone
	return {
		"start": clock.iso(request.starts_at_utc, zone),
		"end": clock.iso(request.ends_at_utc, zone),
		"clinic": request.clinic,
		"expires_at": clock.iso(request.expires_at_utc, "UTC"),
		"price": money(request.price, request.currency),
		"terms": terms.shown(request, payable.when_held(request, practice, now), zone, now),
	}
