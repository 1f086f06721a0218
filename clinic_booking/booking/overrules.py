"""Rules that staff override (AV-9): which of them a visit breaks, and how people read that."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import escape_html, get_datetime

from clinic_booking.booking import clock, practices
from clinic_booking.booking.clock import from_database
from clinic_booking.booking.practices import Practice
from clinic_booking.errors import _ as marked
from clinic_booking.scheduling import refusal, status
from clinic_booking.scheduling.calendar import Visit
from clinic_booking.translations import translate

TEXTS = {
	refusal.NO_SUCH_TIME: marked("The clocks skip this time."),
	refusal.PAST: marked("This time is over."),
	refusal.NOTICE: marked("This is sooner than the doctor's notice allows."),
	refusal.HORIZON: marked("This is further ahead than the doctor can be booked."),
	refusal.OFFLINE: marked("The doctor is switched offline."),
	refusal.NOT_OFFERED: marked("The service is not offered at this clinic."),
	refusal.WRONG_CLINIC: marked("The doctor is not at this clinic then."),
	refusal.HOLIDAY: marked("It is a holiday of the clinic."),
	refusal.CLINIC_CLOSED: marked("An exception closes this clinic then."),
	refusal.CLOSED: marked("It is outside opening hours, or an exception closes it."),
	refusal.OFF_GRID: marked("It is not on the doctor's grid of starting times."),
	refusal.TAKEN: marked("Something else is booked or held then."),
	refusal.BUFFER: marked("It is too close to something else: a buffer lies between."),
	refusal.BUSY: marked("The doctor's outside calendar is busy then."),
	refusal.NO_ROOM: marked("No suitable room is free then."),
}
PLACE = ("doctor", "service", "clinic")
TIME = ("starts_at_utc", "ends_at_utc")


def sentences(codes: Iterable[str]) -> list[str]:
	"""Rules in words, in the reader's language; a code that is known no longer stays as it is."""
	return [translate(TEXTS[code]) if code in TEXTS else code for code in codes]


def broken(
	practice: Practice, service: str, visit: Visit, start: datetime, now: datetime, clinic: str
) -> list[str]:
	"""The codes of the rules that a visit breaks there and then (`refusal.overruled`)."""
	if service not in practice.services:
		return [refusal.NOT_OFFERED]
	calendar = practice.calendar_of(practice.services[service])
	return refusal.overruled(calendar, visit, start, now, clinic)


def notice(appointment, before) -> None:
	"""Warn whoever makes or moves a live visit by form, REST or Data Import, and keep the rules with its history.

	Use cases say themselves what they let pass.
	"""
	if appointment.flags.in_use_case or appointment.status not in status.LIVE:
		return
	if before and before.status in status.LIVE and not _is_moved(appointment, before):
		return
	start, end = (from_database(get_datetime(appointment.get(field))) for field in TIME)
	visit = Visit(
		length_minutes=(end - start) // timedelta(minutes=1),
		buffer_before_minutes=appointment.buffer_before_minutes or 0,
		buffer_after_minutes=appointment.buffer_after_minutes or 0,
	)
	version = frappe.db.get_value("Doctor", appointment.doctor, "offer_version")
	practice = practices.of(appointment.doctor, version)
	now = appointment.flags.now or clock.now()
	appointment.flags.overridden = broken(
		practice, appointment.service, visit, start, now, appointment.clinic
	)
	if appointment.flags.overridden:
		_warn(appointment.flags.overridden)


def _is_moved(appointment, before) -> bool:
	return any(appointment.get(field) != before.get(field) for field in PLACE) or any(
		get_datetime(appointment.get(field)) != get_datetime(before.get(field)) for field in TIME
	)


def _warn(codes: list[str]) -> None:
	items = "".join(f"<li>{escape_html(sentence)}</li>" for sentence in sentences(codes))
	head = escape_html(_("The appointment is kept as it is, though patients could not book it so:"))
	frappe.msgprint(f"{head}<ul>{items}</ul>", title=_("Rules that were overridden"), indicator="orange")
