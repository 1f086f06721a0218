"""Appointments as lists for staff, page by page."""

from datetime import datetime

import frappe

from clinic_booking.booking import clock
from clinic_booking.booking.clock import to_database

FIELDS = [
	"name",
	"reference",
	"status",
	"patient",
	"patient_name",
	"service",
	"clinic",
	"room",
	"starts_at_utc",
	"ends_at_utc",
]


def of_doctor(doctor: str, upcoming: bool, start: int, limit: int, now: datetime) -> dict:
	"""`{appointments, total}` of what the user may see of a doctor's: still to end by start, or past latest first."""
	filters = [["doctor", "=", doctor], ["ends_at_utc", ">" if upcoming else "<=", to_database(now)]]
	rows = frappe.get_list(
		"Clinic Appointment",
		filters=filters,
		fields=FIELDS,
		order_by=f"starts_at_utc {'asc' if upcoming else 'desc'}, name",
		limit_start=start,
		limit_page_length=limit,
	)
	((total,),) = frappe.get_list("Clinic Appointment", filters=filters, fields=["count(name)"], as_list=True)
	return {"appointments": [_shape(row) for row in rows], "total": total}


def _shape(row: dict) -> dict:
	zone = frappe.get_cached_value("Clinic", row.clinic, "timezone")
	return {
		"appointment": row.name,
		"reference": row.reference,
		"status": row.status,
		"patient": {"patient": row.patient, "name": row.patient_name},
		"service": row.service,
		"clinic": row.clinic,
		"room": row.room or None,
		"start": clock.iso(row.starts_at_utc, zone),
		"end": clock.iso(row.ends_at_utc, zone),
	}
