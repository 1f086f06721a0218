"""The Desk's calendar, called as `clinic_booking.api.desk.events` (UI-2)."""

from datetime import timedelta
from typing import Literal

import frappe
from frappe import _

from clinic_booking.api.door import desk
from clinic_booking.api.reach import RECEPTION
from clinic_booking.booking import claims, clock
from clinic_booking.errors import Validation
from clinic_booking.errors import _ as marked
from clinic_booking.inputs import Instant, RecordName
from clinic_booking.scheduling import status

LONGEST_CALENDAR = timedelta(days=62)
State = Literal["Requested", "Confirmed", "Checked In", "Completed", "No Show", "Cancelled"]
EVENT_FIELDS = [
	"name",
	"patient_name",
	"status",
	"doctor",
	"doctor_name",
	"service",
	"clinic",
	"room",
	"starts_at",
	"ends_at",
	"starts_at_utc",
	"squeeze_in",
]


@desk("GET", *RECEPTION)
def events(
	start: Instant,
	end: Instant,
	doctor: RecordName | None = None,
	clinic: RecordName | None = None,
	states: list[State] | None = None,
) -> list[dict]:
	"""What the calendar shows from `start` to `end` (62 days at most): appointments the caller may see.

	`[{name, start, end, title, status, color, doctor, room, local}]`: start and end are wall clock in the
	site's zone, as Frappe's calendar takes them, `local` that of the clinic for people to read; `color` is
	the doctor's. Of `states` only; cancelled ones are left out unless they are among these.
	"""
	if not timedelta(0) <= end - start <= LONGEST_CALENDAR:
		raise Validation(fields={"end": marked("Please choose at most 62 days.")})
	filters = {"doctor": doctor, "clinic": clinic}
	rows = frappe.get_list(
		"Clinic Appointment",
		filters=[
			["status", "in", states] if states else ["status", "!=", status.CANCELLED],
			["starts_at_utc", ">", clock.to_database(start - claims.LONGEST)],
			["starts_at_utc", "<", clock.to_database(end)],
			["ends_at_utc", ">", clock.to_database(start)],
			*([field, "=", value] for field, value in filters.items() if value),
		],
		fields=EVENT_FIELDS,
		order_by="starts_at_utc",
		limit_page_length=0,
	)
	return _events(rows)


def _events(rows: list[dict]) -> list[dict]:
	# Names and colours only, of what the caller sees anyway.
	colors = _values("Doctor", "color", {row.doctor for row in rows})
	services = _values("Clinic Service", "title", {row.service for row in rows})
	rooms = _values("Clinic Room", "title", {row.room for row in rows if row.room})
	zones = _values("Clinic", "timezone", {row.clinic for row in rows})
	return [
		{
			"name": row.name,
			"start": str(row.starts_at),
			"end": str(row.ends_at),
			"title": " · ".join(filter(None, (row.patient_name, services[row.service], _squeezed_in(row)))),
			"status": row.status,
			"color": colors[row.doctor],
			"doctor": row.doctor_name,
			"room": rooms.get(row.room),
			"local": f"{clock.iso(row.starts_at_utc, zones[row.clinic])[11:16]} {zones[row.clinic]}",
		}
		for row in rows
	]


def _squeezed_in(row: dict) -> str:
	return _("squeezed in") if row.squeeze_in else ""


def _values(doctype: str, field: str, names: set[str]) -> dict[str, str]:
	rows = frappe.get_all(doctype, {"name": ("in", list(names))}, ["name", field])
	return {row.name: row[field] for row in rows}
