"""The times of an appointment, in UTC and on the clock of the site (AV-8, BK-10)."""

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import get_datetime, get_system_timezone

from clinic_booking.booking import claims
from clinic_booking.booking.clock import UTC, to_database, to_site
from clinic_booking.scheduling import walltime

# On the site's clock, and the same in UTC.
TIMES = {"starts_at": "starts_at_utc", "ends_at": "ends_at_utc"}
# A year is left at either end, so that whoever adds days or hours can't fall off the calendar.
FIRST_YEAR, LAST_YEAR = 2, 9998


def read_times(appointment, before) -> None:
	"""Make datetimes of what was given; one with an offset is that instant, whichever field it is in (TI-9).

	Refuses what is no time; a day alone is none.
	"""
	for wall, utc in TIMES.items():
		for field in (wall, utc):
			appointment.set(field, _read(appointment.get(field)))
		if (moment := appointment.get(wall)) and moment.tzinfo:
			appointment.set(wall, to_site(moment))
			if not differs(appointment, before, utc):
				appointment.set(utc, moment)
		appointment.set(utc, to_database(appointment.get(utc)))


def _read(value) -> datetime | None:
	if not value or isinstance(value, datetime):
		return value or None
	try:
		moment = datetime.fromisoformat(value)
		if ":" in value and FIRST_YEAR <= moment.year <= LAST_YEAR:
			return moment
	except (TypeError, ValueError):
		pass
	frappe.throw(_("Please give date and time, like 2026-03-02 09:00:00"))


def settle_times(appointment, before) -> None:
	"""Bring the UTC times and those in the site's zone together.

	UTC is the truth. Where only the site's times changed they decide; a start moved alone takes its end
	along. A wall time that does not exist is refused, one that exists twice is the first (AV-8).
	"""
	utc_given = differs(appointment, before, "starts_at_utc") and appointment.starts_at_utc
	wall_given = differs(appointment, before, "starts_at") and appointment.starts_at
	end_given = differs(appointment, before, "ends_at_utc") or differs(appointment, before, "ends_at")
	length = appointment.flags.length
	if before:
		length = get_datetime(before.ends_at_utc) - get_datetime(before.starts_at_utc)

	if utc_given:
		start = get_datetime(appointment.starts_at_utc)
	elif wall_given:
		start = _from_site(appointment.starts_at)
	elif before:
		start = get_datetime(before.starts_at_utc)
	else:
		frappe.throw(_("An appointment needs a start"))

	if not end_given:
		end = start + length
	elif differs(appointment, before, "ends_at_utc") and appointment.ends_at_utc:
		end = get_datetime(appointment.ends_at_utc)
	elif appointment.ends_at:
		end = _from_site(appointment.ends_at)
	else:
		end = start + length
	# A form's "now" has seconds; free times are reckoned in minutes.
	start, end = (moment.replace(second=0, microsecond=0) for moment in (start, end))
	if end <= start:
		frappe.throw(_("An appointment ends after it starts"))
	buffers = (appointment.buffer_before_minutes or 0) + (appointment.buffer_after_minutes or 0)
	if end - start + timedelta(minutes=buffers) > claims.LONGEST:
		frappe.throw(
			_("An appointment with its buffers lasts at most {0} hours").format(
				claims.LONGEST // timedelta(hours=1)
			)
		)

	appointment.starts_at_utc, appointment.ends_at_utc = start, end
	appointment.starts_at = to_site(start.replace(tzinfo=UTC))
	appointment.ends_at = to_site(end.replace(tzinfo=UTC))


def differs(appointment, before, field: str) -> bool:
	"""Whether a time is another one than before, or given at all where the appointment is new."""
	if before is None:
		return bool(appointment.get(field))
	value, old = appointment.get(field), before.get(field)
	return (value and get_datetime(value)) != (old and get_datetime(old))


def _from_site(wall):
	"""Naive UTC of a wall time in the site's zone."""
	wall = get_datetime(wall)
	instants = walltime.to_utc(wall.date(), wall.time(), get_system_timezone())
	if not instants:
		frappe.throw(_("{0} does not exist: the clocks change").format(wall))
	return to_database(instants[0])
