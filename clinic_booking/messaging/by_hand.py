"""Messages that somebody at the clinic sends (NT-7): any that is true, by any channel that reaches the patient."""

from datetime import datetime

import frappe

from clinic_booking.booking import clock
from clinic_booking.errors import Validation, _
from clinic_booking.messaging import kinds, occasion, queue, registry
from clinic_booking.messaging.channels.interface import ChannelError
from clinic_booking.messaging.queue import DOCTYPE, News
from clinic_booking.scheduling.status import REQUESTED

# They tell of a sum or of a change, which only the message that told it first knows.
TOLD_BEFORE = frozenset(
	(
		*(kinds.PAID, kinds.REFUNDED, kinds.HANDED_OUT, kinds.CREDITED, kinds.REFUND_FAILED),
		*(kinds.TOO_LATE, kinds.MOVED, kinds.DECLINED),
	)
)
LAST = 20
SHOWN = ("name", "kind", "channel", "status", "why", "sent_at_utc", "due_at_utc")


def offered(appointment: str) -> dict:
	"""`{kinds, channels, sent}`: what is true now, how the patient can be reached, and what they were told.

	`why` of one that still waits: what speaks against it by now, so that it will be skipped.
	"""
	now, booking = clock.now(), _booking(appointment)
	sent = _sent(booking)
	for each in sent:
		if each.status == "Waiting":
			each.why = kinds.why_not(each.kind, occasion.facts(each, booking, now), now)
	told = [{field: each[field] for field in SHOWN} for each in sent]
	return {
		"kinds": [kind for kind in kinds.TO_PATIENTS if not _why_not(kind, booking, sent, now)],
		"channels": _channels(booking),
		"sent": told,
	}


def send(appointment: str, kind: str, channel: str | None = None) -> str:
	"""Have a message written to the patient of an appointment, and sent at once; its name.

	Raises `Validation` for what is not true now, and for a channel that does not reach them.
	"""
	now, booking = clock.now(), _booking(appointment)
	sent = _sent(booking)
	if _why_not(kind, booking, sent, now):
		raise Validation(fields={"kind": _("This is not true of the appointment now.")})
	if channel and channel not in _channels(booking):
		raise Validation(fields={"channel": _("The patient can't be reached this way.")})
	before = next((each for each in sent if each.kind == kind), None)
	about = (before.reference_doctype, before.reference_name) if before else (None, None)
	cause = f"{appointment} by hand {frappe.generate_hash(length=10)}"
	queue.tell(booking, [News(kind, cause, about=about, channel=channel, by_staff=True)], now)
	return frappe.db.get_value(DOCTYPE, {"cause": f"{kind} {cause}"})


def _booking(appointment: str):
	return occasion.booking_of(frappe._dict(appointment=appointment))


def _why_not(kind: str, booking, sent: list, now: datetime) -> str | None:
	told_before = any(each.kind == kind for each in sent)
	if kind not in kinds.TO_PATIENTS or kind in _not_yet_or_no_more(booking):
		return kinds.CHANGED_MEANWHILE
	if kind in TOLD_BEFORE and not told_before:
		return kinds.CHANGED_MEANWHILE
	# As a message that no later one replaces: a reminder that is still to come goes, too.
	row = frappe._dict(kind=kinds.LINK, starts_at_utc=booking.starts_at_utc)
	return kinds.why_not(kind, occasion.facts(row, booking, now), now)


def _not_yet_or_no_more(booking) -> set[str]:
	"""What depends on whether a request is approved, and only waits for its payment (BK-5)."""
	if booking.status != REQUESTED:
		return {kinds.AWAIT_PAYMENT}
	return {kinds.PAYMENT_DUE, kinds.REQUESTED if booking.approved_at_utc else kinds.AWAIT_PAYMENT}


def _channels(booking) -> list[str]:
	row = frappe._dict(appointment=booking.name, audience=kinds.PATIENT)
	recipient = occasion.recipient(row, booking)
	return [way.name for way in registry.ways().values() if _reaches(way, recipient)]


def _reaches(way: registry.Way, recipient: registry.Recipient) -> bool:
	try:
		return bool(registry.channel(way) and way.address(recipient))
	except ChannelError:
		return False


def _sent(booking) -> list:
	"""The last messages to its patient, the newest first; none to whoever had the visit before."""
	return frappe.get_all(
		DOCTYPE,
		filters={"appointment": booking.name, "audience": kinds.PATIENT, "patient": booking.patient},
		fields=[
			*SHOWN,
			*("reference_doctype", "reference_name", "appointment", "starts_at_utc", "creation"),
		],
		order_by="creation desc, name",
		limit_page_length=LAST,
	)
