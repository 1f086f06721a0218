"""What happens to an appointment and people are told of, written in its own transaction (NT-1)."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import frappe

from clinic_booking.booking import clock, joining
from clinic_booking.booking.appointments import BY_PATIENT, IMPORTED, is_elsewhere, is_handed_over
from clinic_booking.booking.clock import from_database
from clinic_booking.booking.ways_to_pay import DEPOSIT, PAY_FIRST
from clinic_booking.messaging import browsers, due, kinds, occasion, queue
from clinic_booking.messaging.queue import News
from clinic_booking.scheduling.status import CANCELLED, CONFIRMED, REQUESTED

SETTINGS = "Clinic Booking Settings"
# Paid before the visit, as it was agreed.
PAID_AHEAD = (PAY_FIRST, DEPOSIT)


def note(appointment, event: str) -> None:
	"""`doc_events`: leave the messages that this is the cause of; what is over when it comes here is told to nobody."""
	now = appointment.flags.now or clock.now()
	start = from_database(appointment.starts_at_utc)
	if start > now:
		queue.tell(appointment, [*_news(appointment, now), *_reminders(appointment, start, now)], now)


def await_payment(appointment, event: str) -> None:
	"""`doc_events`: approved, and to be paid before it is confirmed (BK-5)."""
	now = appointment.flags.now or clock.now()
	queue.tell(appointment, [News(kinds.AWAIT_PAYMENT, _cause(appointment))], now)


def hand_over(appointment, event: str) -> None:
	"""`doc_events`: it is another patient's, who is told as whoever books; the first one's browsers hear no more."""
	browsers.forget_all(appointment.name)
	note(appointment, event)


def compensate(appointment, event: str, credit_note: str) -> None:
	"""`doc_events`: the clinic gave credit on top, as it cancelled so late (PO-3)."""
	now = clock.now()
	queue.tell(appointment, [News(kinds.CREDITED, credit_note, about=("Sales Invoice", credit_note))], now)


def forget(appointment, event: str) -> None:
	"""`doc_events`: it takes its messages along, and the browsers that wanted them."""
	queue.forget(appointment.name)
	browsers.forget_all(appointment.name)


def _news(appointment, now: datetime) -> list[News]:
	"""What is told at once."""
	before, state = appointment.get_doc_before_save(), appointment.status
	if before is None and (appointment.source == IMPORTED or frappe.flags.in_import):
		return []
	was = before and before.status
	if was == state == CANCELLED:
		return []
	if state == CANCELLED:
		told = (kinds.DECLINED if _is_declined(appointment, was) else kinds.CANCELLATION,)
	elif state == REQUESTED and not (before and before.approved_at_utc):
		told = (kinds.REQUESTED, kinds.DOCTOR_REQUESTED)
	elif was in (None, REQUESTED) and was != state:
		told = (kinds.BOOKED, kinds.DOCTOR_BOOKED)
	else:
		told = _changes(appointment, before)
	return [News(kind, _cause(appointment)) for kind in told]


def _changes(appointment, before) -> Iterator[str]:
	"""What is new of a visit that was there before; of one that is only reopened nothing: the patient knows."""
	if is_handed_over(appointment, before):
		yield kinds.AWAIT_PAYMENT if appointment.status == REQUESTED else kinds.BOOKED
	elif is_elsewhere(appointment, before):
		yield kinds.MOVED
	if before.doctor != appointment.doctor and appointment.status != REQUESTED:
		yield kinds.DOCTOR_BOOKED


def _is_declined(appointment, was: str | None) -> bool:
	"""Not approved; what was, and then not paid, is cancelled."""
	return was == REQUESTED and not appointment.approved_at_utc and appointment.cancelled_by != BY_PATIENT


def _reminders(appointment, start: datetime, now: datetime) -> list[News]:
	"""What is told before the visit; of one that is moved again for its new time, and to another patient again."""
	before = appointment.get_doc_before_save()
	is_new = before is None or before.status == REQUESTED or is_handed_over(appointment, before)
	if appointment.status != CONFIRMED or not (is_new or before.starts_at_utc != appointment.starts_at_utc):
		return []
	settings = frappe.get_cached_doc(SETTINGS)
	night = night_of(settings, zone_of_night(appointment))
	wanted = [(kinds.REMINDER, timedelta(hours=settings.reminder_hours), night)]
	if joining.link_of(appointment):
		wanted.append((kinds.VIDEO_LINK, timedelta(minutes=settings.video_link_minutes), None))
	if appointment.payment in PAID_AHEAD and occasion.is_owed(appointment):
		wanted.append((kinds.PAYMENT_DUE, timedelta(hours=settings.payment_due_hours), night))
	dues = [(kind, due.before(start, ahead, now, hours)) for kind, ahead, hours in wanted if ahead]
	return [News(kind, _cause(appointment), when) for kind, when in dues if when]


def zone_of_night(booking) -> str:
	"""The booking's own; what the desk left open is the patient's, else the clinic's."""
	return (
		booking.timezone
		or (booking.patient and frappe.db.get_value("Clinic Patient", booking.patient, "timezone"))
		or frappe.get_cached_value("Clinic", booking.clinic, "timezone")
	)


def night_of(settings, zone: str) -> due.Night:
	"""The hours of the settings in which nobody is reminded, on the clock of `zone`."""
	return due.Night(time(settings.quiet_from_hour % 24), time(settings.quiet_to_hour % 24), zone)


def _cause(appointment) -> str:
	"""This very change of it."""
	return f"{appointment.name} {appointment.modified}"
