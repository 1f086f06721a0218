"""Each doctor's practice: services, prices, rooms and the calendar that `scheduling` thinks with.

Loaded with a constant number of queries, however many doctors are asked for, and remembered by this
process under the doctor's `offer_version`. That version is read fresh with every use (it comes with the
locks and with the claims), and everything that changes an offer changes it in the same transaction, so
what is remembered is never used when stale: no cache to drop, none to race with, on any number of nodes.

One transaction must not remember: the one that makes the version. It sees its own, and beside it perhaps the
rest as it was before others changed it, who came after its snapshot and before its lock.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal

import frappe
from frappe.utils import random_string

from clinic_booking.booking import ways_to_pay
from clinic_booking.booking.practice import OfferedService, Practice, Price
from clinic_booking.errors import NotFound, Validation
from clinic_booking.scheduling.calendar import Block, Calendar, Clinic, Override, Visit

REMEMBERED = 2000
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


_memory: OrderedDict[tuple[str, str], Practice] = OrderedDict()


def remembered(doctor: str) -> Practice | None:
	"""The practice as last read by this process. Compare its version before you rely on it."""
	return _memory.get((frappe.local.site, doctor))


def forget(doctor: str) -> None:
	"""Read this doctor's practice anew at the next use."""
	_memory.pop((frappe.local.site, doctor), None)


def of(doctor: str, version: str | None = None) -> Practice | None:
	"""A doctor's practice, read again unless remembered under `version`; None for an unknown doctor."""
	practice = remembered(doctor)
	if practice is None or version is None or practice.version != version:
		practice = load([doctor]).get(doctor)
	return practice


def offering(doctor: str, service: str, clinic: str | None = None) -> tuple[Practice, OfferedService]:
	"""The practice, and in it a service that patients may book; remembered as `remembered` is.

	Where what is remembered doesn't know the service or the clinic it is read again: they may be new. Raises
	`NotFound` for an unknown doctor, `Validation` as `Practice.online_service`.
	"""
	return _offering(Practice.online_service, doctor, service, clinic)


def offering_booked(doctor: str, service: str, clinic: str | None = None) -> tuple[Practice, OfferedService]:
	"""The same of a service that a patient has booked, and may move."""
	return _offering(Practice.booked_service, doctor, service, clinic)


def _offering(choose: Callable, doctor: str, service: str, clinic: str | None):
	if practice := remembered(doctor):
		with suppress(Validation):
			return practice, choose(practice, service, clinic)
	practice = load([doctor]).get(doctor)
	if practice is None:
		raise NotFound
	return practice, choose(practice, service, clinic)


def of_many(versions: dict[str, str]) -> dict[str, Practice]:
	"""The practices of doctors whose current versions are known; reads the ones that changed, all at once."""
	practices = {name: remembered(name) for name in versions}
	stale = [name for name, known in practices.items() if known is None or known.version != versions[name]]
	if stale:
		practices.update(load(stale))
	return {name: known for name, known in practices.items() if known is not None}


def as_remembered(doctors: Iterable[str]) -> dict[str, Practice]:
	"""The practices as `remembered` has them, for what need not be of this moment; the others are read, all at once."""
	practices = {name: remembered(name) for name in doctors}
	if unknown := [name for name, known in practices.items() if known is None]:
		practices.update(load(unknown))
	return {name: known for name, known in practices.items() if known is not None}


def changed(doctors: Iterable[str]) -> None:
	"""Note that these doctors' offers change with the current transaction."""
	for doctor in sorted(set(doctors)):
		version = new_version(doctor)
		frappe.db.sql("UPDATE `tabDoctor` SET offer_version = %s WHERE name = %s", (version, doctor))


def new_version(doctor: str) -> str:
	"""A version for the doctor's row, never used before: counting up could repeat a number after a rollback.

	Until the transaction ends nothing is remembered of this doctor.
	"""
	if not frappe.flags.offers_changing:
		frappe.flags.offers_changing = set()
		frappe.db.after_commit.add(_end_changes)
		frappe.db.after_rollback.add(_end_changes)
	frappe.flags.offers_changing.add(doctor)
	return random_string(12)


def _end_changes() -> None:
	frappe.flags.offers_changing = None


def load(doctors: list[str]) -> dict[str, Practice]:
	"""Read the practices of `doctors` from the database, and remember them unless this transaction changes them."""
	rows = {row.name: row for row in _select("Doctor", "name", doctors)}
	if not rows:
		return {}
	facts = _Facts(list(rows))
	practices = {name: facts.practice(row) for name, row in rows.items()}
	for name, practice in practices.items():
		if name in (frappe.flags.offers_changing or ()):
			continue
		# To the end, in steps that other threads may come between.
		_memory.pop((frappe.local.site, name), None)
		_memory[(frappe.local.site, name)] = practice
	while len(_memory) > REMEMBERED:
		_memory.popitem(last=False)
	return practices


class _Facts:
	"""The rows behind the practices of some doctors, grouped by who they belong to."""

	def __init__(self, doctors: list[str]):
		self.doctor_clinics = _by(_select("Doctor Clinic", "parent", doctors), "parent")
		self.doctor_services = _by(_select("Doctor Service", "parent", doctors), "parent")
		self.blocks = _by(_select("Weekly Availability", "parent", doctors), "parent")
		self.specialties = _by(_select("Doctor Specialty", "parent", doctors), "parent")
		self.languages = _by(_select("Doctor Language", "parent", doctors), "parent")
		self.specialty_titles = _titles("Specialty", "title", self.specialties, "specialty")
		self.language_titles = _titles("Language", "language_name", self.languages, "language")
		self.faq = _by(_select("Doctor FAQ", "parent", doctors), "parent")
		self.overrides = _by(_select("Availability Exception", "doctor", doctors), "doctor")
		clinics = {row.clinic for rows in self.doctor_clinics.values() for row in rows}
		services = {row.service for rows in self.doctor_services.values() for row in rows}
		self.clinics = {row.name: row for row in _select("Clinic", "name", clinics) if row.enabled}
		self.ways = ways_to_pay.at(self.clinics.values())
		self.rooms = _by(_select("Clinic Room", "clinic", clinics), "clinic")
		self.services = {row.name: row for row in _select("Clinic Service", "name", services) if row.enabled}
		self.prices = _by(_select("Clinic Service Price", "parent", services), "parent")
		lists = {row.holiday_list for row in self.clinics.values() if row.holiday_list}
		self.holidays = _by(_select("Holiday", "parent", lists), "parent")

	def practice(self, doctor: dict) -> Practice:
		clinics = {
			row.clinic: self.clinics[row.clinic]
			for row in self.doctor_clinics[doctor.name]
			if row.clinic in self.clinics
		}
		calendar = Calendar(
			clinics=tuple(self._clinic(row) for row in clinics.values()),
			blocks=tuple(_block(row) for row in self.blocks[doctor.name] if row.clinic in clinics),
			overrides=tuple(_override(row) for row in self.overrides[doctor.name]),
			grid_minutes=doctor.grid_minutes,
			notice_minutes=doctor.notice_minutes,
			horizon_days=doctor.horizon_days,
			online=bool(doctor.online),
		)
		services = self._services(doctor, clinics)
		return Practice(
			doctor=doctor.name,
			version=doctor.offer_version,
			row=doctor
			| {
				"specialties": [
					self.specialty_titles[row.specialty] for row in self.specialties[doctor.name]
				],
				"languages": [self.language_titles[row.language] for row in self.languages[doctor.name]],
				"faq": self.faq[doctor.name],
			},
			calendar=calendar,
			clinics=clinics,
			services=services,
			ways={name: self.ways[name] for name in clinics},
		)

	def _clinic(self, row: dict) -> Clinic:
		return Clinic(
			name=row.name,
			timezone=row.timezone,
			holidays=frozenset(holiday.holiday_date for holiday in self.holidays[row.holiday_list]),
			default_hours=(_time(row.default_hours_start), _time(row.default_hours_end))
			if row.default_hours
			else None,
		)

	def _services(self, doctor: dict, clinics: dict[str, dict]) -> dict[str, OfferedService]:
		rows = _by(self.doctor_services[doctor.name], "service")
		return {
			name: self._service(self.services[name], doctor, overrides, clinics)
			for name, overrides in rows.items()
			if name in self.services
		}

	def _service(self, service: dict, doctor: dict, overrides: list, clinics: dict) -> OfferedService:
		buffers = service if service.override_buffers else doctor
		lengths = [row.duration_minutes for row in overrides if row.duration_minutes]
		own_prices = {row.clinic: row.price for row in overrides if row.clinic}
		rooms = {
			clinic: tuple(
				room.name for room in self.rooms[clinic] if room.enabled and room.kind == service.room_kind
			)
			for clinic in (clinics if service.room_kind else ())
		}
		prices = {
			row.clinic: Price(
				amount=_money(own_prices.get(row.clinic, row.price)),
				deposit=_money(row.deposit),
				currency=clinics[row.clinic].currency,
			)
			for row in self.prices[service.name]
			if row.clinic in clinics and (not service.room_kind or rooms[row.clinic])
		}
		return OfferedService(
			name=service.name,
			title=service.title,
			description=service.description or "",
			payment=frappe.scrub(service.payment),
			video=bool(service.video),
			online=bool(service.online),
			visit=Visit(
				length_minutes=lengths[0] if lengths else service.duration_minutes,
				buffer_before_minutes=buffers.buffer_before_minutes,
				buffer_after_minutes=buffers.buffer_after_minutes,
			),
			room_kind=service.room_kind or "",
			prices={clinic: prices[clinic] for clinic in clinics if clinic in prices},
			rooms=rooms,
		)


def _block(row: dict) -> Block:
	return Block(
		clinic=row.clinic,
		weekday=WEEKDAYS.index(row.weekday),
		start=_time(row.start_time),
		end=_time(row.end_time),
		valid_from=row.valid_from,
		valid_to=row.valid_to,
	)


def _override(row: dict) -> Override:
	return Override(
		kind=row.kind.lower(),
		from_date=row.from_date,
		to_date=row.to_date,
		start=None if row.all_day else _time(row.start_time),
		end=None if row.all_day else _time(row.end_time),
		clinic=row.clinic or None,
	)


def _time(value: timedelta):
	"""A TIME column as a wall-clock time."""
	return (datetime.min + value).time()


def _money(value) -> Decimal:
	return Decimal(str(value or 0))


def _select(doctype: str, column: str, values: Iterable[str]) -> list[dict]:
	"""Whole rows of `doctype` where `column` is one of `values`, children in their order."""
	if not (values := tuple(values)):
		return []
	order = "idx, name" if column == "parent" else "creation, name"
	return frappe.db.sql(
		f"SELECT * FROM `tab{doctype}` WHERE `{column}` IN %s ORDER BY {order}", (values,), as_dict=True
	)


def _titles(doctype: str, field: str, children: dict[str, list], link: str) -> dict[str, dict]:
	"""`{name, title}` of every record that one of the children links to."""
	names = {row[link] for rows in children.values() for row in rows}
	return {row.name: {"name": row.name, "title": row[field]} for row in _select(doctype, "name", names)}


def _by(rows: Iterable[dict], key: str) -> defaultdict[str, list]:
	grouped = defaultdict(list)
	for row in rows:
		grouped[row[key]].append(row)
	return grouped
