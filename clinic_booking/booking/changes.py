"""The history of an appointment: who changed what, from what to what, and why (BK-9).

Written for every save, by whatever road, from the difference to the row before. No patient's words and
no contact details are kept here: names of fields and records only.
"""

import json
from dataclasses import dataclass
from datetime import datetime

import frappe

from clinic_booking.booking.clock import now, to_database

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
	"approved_at_utc",
	"rating",
)
CREATED, MOVED, APPROVED, DECLINED, EDITED = "Created", "Moved", "Approved", "Declined", "Edited"
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
		overridden=", ".join(appointment.flags.overridden or ()),
	).db_insert()


def history(appointment: str) -> list[dict]:
	"""The changes of an appointment, newest first."""
	return frappe.db.sql(
		"""SELECT at_utc, user, role, what, `before`, `after`, why, overridden FROM `tabAppointment Change`
		WHERE appointment = %s ORDER BY at_utc DESC, creation DESC""",
		appointment,
		as_dict=True,
	)


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
		return DECLINED if appointment.flags.declined else appointment.status
	if "approved_at_utc" in different:
		return APPROVED
	return MOVED if "starts_at_utc" in different else EDITED


def _json(values: dict, fields: list[str]) -> str:
	return json.dumps({field: _text(values.get(field)) for field in fields})


def _text(value) -> str:
	if value is None:
		return ""
	return f"{value:g}" if isinstance(value, float) else str(value)
