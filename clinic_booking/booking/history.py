"""The history of an appointment as people read it on its form (BK-9)."""

import json
from datetime import datetime

import frappe

from clinic_booking.booking import changes, overrules
from clinic_booking.booking.clock import iso

LINKS = {
	"doctor": ("Doctor", "doctor_name"),
	"service": ("Clinic Service", "title"),
	"clinic": ("Clinic", "title"),
	"room": ("Clinic Room", "title"),
	"patient": ("Clinic Patient", "patient_name"),
}


def told(appointment) -> list[dict]:
	"""`[{at_utc, user, role, what, why, overridden, differences: [{field, before, after}]}]`, newest first.

	`overridden`: the rules of AV-9 in words.
	Links are titles, times "YYYY-MM-DD HH:MM" on the clock of the appointment's clinic; a start stands for
	its end.
	"""
	zone = frappe.get_cached_value("Clinic", appointment.clinic, "timezone")
	rows = changes.history(appointment.name)
	for change in rows:
		change["overridden"] = overrules.sentences(filter(None, (change["overridden"] or "").split(", ")))
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
	return rows


def _readable(field: str, value: str | None, zone: str) -> str:
	if not value:
		return ""
	if field in LINKS:
		doctype, title = LINKS[field]
		return frappe.db.get_value(doctype, value, title) or value
	if field.endswith("_utc"):
		return iso(datetime.fromisoformat(value), zone)[:16].replace("T", " ")
	return value
