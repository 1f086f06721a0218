"""The history of an appointment: who changed what, from what to what, and why (BK-9).

Written for every save, by whatever road, from the difference to the row before. No patient's words and
no contact details are kept here: names of fields and records only.
"""

import json
from dataclasses import dataclass
from datetime import datetime

import frappe

from clinic_booking.booking.clock import iso, now, to_database

TRACKED = (
	"status",
	"doctor",
	"service",
	"clinic",
	"room",
	"patient",
	"starts_at_utc",
	"ends_at_utc",
	"price",
	"payment_method",
	"rating",
)
LINKS = {
	"doctor": ("Doctor", "doctor_name"),
	"service": ("Clinic Service", "title"),
	"clinic": ("Clinic", "title"),
	"room": ("Clinic Room", "title"),
	"patient": ("Clinic Patient", "patient_name"),
}
CREATED, MOVED, EDITED = "Created", "Moved", "Edited"
ROLES = ("Clinic Manager", "Clinic Receptionist", "Clinic Doctor", "Clinic Patient", "System Manager")


@dataclass(frozen=True)
class Actor:
	"""Who asks for a change: a user of the site and the role they act in."""

	user: str
	role: str


def actor_in_session() -> Actor:
	"""The user of this request; a guest with a booking's link acts as its patient."""
	user = frappe.session.user
	if user == "Guest":
		return Actor(user, "Clinic Patient")
	if user == "Administrator":
		return Actor(user, "System Manager")
	roles = frappe.get_roles(user)
	return Actor(user, next((role for role in ROLES if role in roles), ""))


def record(appointment, before, why: str | None = None) -> None:
	"""Keep what differs between `before` (None when new) and the appointment as saved."""
	after = {field: appointment.get(field) for field in TRACKED}
	old = {field: before.get(field) for field in TRACKED} if before else {}
	different = [field for field in TRACKED if _text(old.get(field)) != _text(after[field])]
	if not different:
		return
	actor = appointment.flags.actor or actor_in_session()
	frappe.get_doc(
		doctype="Appointment Change",
		appointment=appointment.name,
		at_utc=to_database(appointment.flags.now or now()),
		user=actor.user,
		role=actor.role,
		what=_what(before, appointment, different),
		before=_json(old, different) if before else None,
		after=_json(after, different),
		why=why,
	).db_insert()


def history(appointment: str) -> list[dict]:
	"""The changes of an appointment, newest first, as shown on its form."""
	return frappe.db.sql(
		"""SELECT at_utc, user, role, what, `before`, `after`, why FROM `tabAppointment Change`
		WHERE appointment = %s ORDER BY at_utc DESC, creation DESC""",
		appointment,
		as_dict=True,
	)


def told(appointment) -> list[dict]:
	"""The same as people read it: with `differences`, `[{field, before, after}]`, instead of the values.

	Links are titles, times "YYYY-MM-DD HH:MM" on the clock of the appointment's clinic; a start stands for
	its end.
	"""
	zone = frappe.get_cached_value("Clinic", appointment.clinic, "timezone")
	changes = history(appointment.name)
	for change in changes:
		before, after = (json.loads(change.pop(side) or "{}") for side in ("before", "after"))
		fields = [field for field in after if not (field == "ends_at_utc" and "starts_at_utc" in after)]
		change["differences"] = [
			{
				"field": field,
				"before": _readable(field, before.get(field), zone),
				"after": _readable(field, after[field], zone),
			}
			for field in (fields if before else ())
		]
	return changes


def _readable(field: str, value: str | None, zone: str) -> str:
	if not value:
		return ""
	if field in LINKS:
		doctype, title = LINKS[field]
		return frappe.db.get_value(doctype, value, title) or value
	if field.endswith("_utc"):
		return iso(datetime.fromisoformat(value), zone)[:16].replace("T", " ")
	return value


def revision(appointment: str) -> tuple[int, datetime | None]:
	"""How often an appointment was changed since it was made, and when (naive UTC) the last time."""
	((kept, last),) = frappe.db.sql(
		"SELECT COUNT(*), MAX(at_utc) FROM `tabAppointment Change` WHERE appointment = %s", appointment
	)
	return max(0, kept - 1), last


def _what(before, appointment, different: list[str]) -> str:
	if before is None:
		return CREATED
	if "status" in different:
		return appointment.status
	return MOVED if "starts_at_utc" in different else EDITED


def _json(values: dict, fields: list[str]) -> str:
	return json.dumps({field: _text(values.get(field)) for field in fields})


def _text(value) -> str:
	if value is None:
		return ""
	return f"{value:g}" if isinstance(value, float) else str(value)
