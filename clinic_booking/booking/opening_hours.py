"""A doctor's hours, read and changed by the doctor or a manager (AV-1, AV-3, AV-11).

Whoever calls these has checked that the doctor is theirs; the documents check the rest as they are saved.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import frappe

from clinic_booking.booking import affected, claims
from clinic_booking.booking.affected import Decision
from clinic_booking.errors import NotFound

WEEK = ("clinic", "weekday", "start_time", "end_time", "valid_from", "valid_to")
EXCEPTION = ("name", "kind", "from_date", "to_date", "all_day", "start_time", "end_time", "clinic", "reason")


@dataclass(frozen=True)
class Edit:
	"""A change of hours, all of it as one: a new week, exceptions and opened times to add and to remove.

	`week` and `add` are rows of fields as the DocTypes have them; `week` None leaves the week as it is.
	`remove` are names.
	"""

	week: list[dict] | None = None
	add: tuple[dict, ...] = ()
	remove: tuple[str, ...] = ()


def change(doctor: str, edit: Edit, decision: Decision) -> list[str]:
	"""Do the edit; the names of the exceptions that were added.

	Raises `NotFound` for an exception of somebody else, `Validation` with `appointments` where it hits some
	and nothing is decided.
	"""
	return affected.change(doctor, _doing(doctor, edit), decision)


def switch(doctor: str, online: bool) -> None:
	"""Offer times online, or none (AV-9); as it is already, it stays."""
	claims.lock_doctors([doctor])
	document = frappe.get_doc("Doctor", doctor, for_update=True)
	if bool(document.online) != online:
		document.online = int(online)
		document.save()


def hit_by(doctor: str, edit: Edit) -> list[dict]:
	"""The appointments that the edit would hit, as `affected.shapes`. Roll back what called this."""
	return affected.shapes(affected.hit_by(doctor, _doing(doctor, edit)))


def week(doctor) -> list[dict]:
	"""The weekly hours of a Doctor document: `[{clinic, weekday, start, end, valid_from, valid_to}]`."""
	return [_shown({field: row.get(field) for field in WEEK}) for row in doctor.availability]


def exceptions(doctor: str, from_date: date, to_date: date) -> list[dict]:
	"""What overrides the week between two dates, both included, by date.

	`[{exception, kind, from_date, to_date, start, end, clinic, reason}]`; without times it is whole days.
	"""
	rows = frappe.get_all(
		"Availability Exception",
		filters={"doctor": doctor, "from_date": ("<=", to_date), "to_date": (">=", from_date)},
		fields=list(EXCEPTION),
		order_by="from_date, start_time, name",
	)
	return [_exception(row) for row in rows]


def _exception(row: dict) -> dict:
	if row.pop("all_day"):
		row["start_time"] = row["end_time"] = None
	return {"exception": row.pop("name")} | _shown(row)


def _shown(row: dict) -> dict:
	"""Times as "HH:MM", dates as YYYY-MM-DD, what is not there as None."""
	shown = {}
	for field, value in row.items():
		if field in ("start_time", "end_time"):
			shown[field.removesuffix("_time")] = value if value is None else str(value).zfill(8)[:5]
		else:
			shown[field] = value.isoformat() if isinstance(value, date) else value or None
	return shown


def _doing(doctor: str, edit: Edit) -> Callable[[], list[str]]:
	def do() -> list[str]:
		for name in edit.remove:
			_remove(doctor, name)
		if edit.week is not None:
			_replace_week(doctor, edit.week)
		return [_add(doctor, row) for row in edit.add]

	return do


def _replace_week(doctor: str, rows: list[dict]) -> None:
	document = frappe.get_doc("Doctor", doctor)
	document.set("availability", rows)
	_watched(document).save()


def _add(doctor: str, row: dict) -> str:
	return _watched(frappe.get_doc(doctype="Availability Exception", doctor=doctor, **row)).insert().name


def _remove(doctor: str, name: str) -> None:
	if frappe.db.get_value("Availability Exception", name, "doctor") != doctor:
		raise NotFound
	frappe.delete_doc("Availability Exception", name, flags={"hours_watched": True})


def _watched(document):
	"""The edit as a whole is what hits appointments, not each document of it."""
	document.flags.hours_watched = True
	return document
