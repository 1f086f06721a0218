"""What both reports about money ask first: from when to when, and at which clinics (SE-1)."""

from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate, today

from clinic_booking.permissions import is_unlimited, reach_of

LONGEST_DAYS = 366


def period(filters: dict) -> tuple[date, date]:
	"""The two dates, today where they are missing."""
	first, last = (getdate(filters.get(side) or today()) for side in ("from_date", "to_date"))
	if not 0 <= (last - first).days <= LONGEST_DAYS:
		frappe.throw(_("Please choose at most a year, the first date first."))
	return first, last


def clinics(filters: dict) -> list[str]:
	"""Where the user works; a System Manager: all."""
	user, asked = frappe.session.user, filters.get("clinic")
	everywhere = frappe.get_all("Clinic", pluck="name", order_by="title")
	reached = everywhere if is_unlimited(user) else reach_of(user).clinics
	return [clinic for clinic in everywhere if clinic in reached and asked in (None, "", clinic)]


def title(clinic: str) -> str:
	"""What people call a clinic."""
	return frappe.get_cached_value("Clinic", clinic, "title")


def column(fieldname: str, label: str, fieldtype: str = "Data", width: int = 120, **more) -> dict:
	return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **more}


def amount(fieldname: str, label: str) -> dict:
	return column(fieldname, label, "Currency", 110, options="currency")
