"""What became of messages, as providers report it: in any order, often twice, sometimes before our own commit (NT-5).

Only ever forward: sent, then delivered, then back. One that came back is told by another channel, once.
"""

import frappe
from frappe import _

from clinic_booking.booking import clock
from clinic_booking.booking.alerts import raise_alert
from clinic_booking.messaging import kinds, occasion, queue, registry
from clinic_booking.messaging.channels.interface import ChannelError
from clinic_booking.messaging.queue import DOCTYPE, News

SENT, DELIVERED, BOUNCED = "Sent", "Delivered", "Bounced"
# From which states a message may come there. What failed because nobody knew its outcome may have been sent.
FROM = {
	SENT: ("Waiting", "Failed"),
	DELIVERED: ("Waiting", "Failed", SENT),
	BOUNCED: ("Waiting", SENT, DELIVERED),
}
# How one that came back is told again: the first that reaches them.
OTHERS = {"whatsapp": ("sms", "email"), "push": ("email", "sms"), "sms": ("email",), "email": ("sms",)}
AGAIN = " again"


def note(message: str, state: str, channel: str, provider_id: str, why: str | None = None) -> None:
	"""Bring a message to where a report says it is, in the current transaction; run it with `transaction.run`.

	A report about another attempt than the one that counts, or about a message that is gone, changes nothing.
	"""
	if _bring(message, state, channel, provider_id, why) and state == BOUNCED:
		_came_back(message, channel)


def note_complaint(message: str, channel: str, provider_id: str, why: str) -> None:
	"""As `note`, of one that arrived and is not wanted: it is not told again."""
	_bring(message, BOUNCED, channel, provider_id, why)


def _bring(message: str, state: str, channel: str, provider_id: str, why: str | None) -> bool:
	"""Whether that changed anything."""
	frappe.db.sql(
		f"""UPDATE `tab{DOCTYPE}` SET status = %(state)s, why = %(why)s, provider_id = %(provider_id)s,
			channel = %(channel)s, sent_at_utc = COALESCE(sent_at_utc, UTC_TIMESTAMP(6))
		WHERE name = %(message)s AND status IN %(before)s
			AND (provider_id IS NULL OR provider_id = %(provider_id)s)""",
		{
			"message": message,
			"state": state,
			"why": why,
			"channel": channel,
			"provider_id": provider_id,
			"before": FROM[state],
		},
	)
	return bool(frappe.db._cursor.rowcount)


def _came_back(name: str, channel: str) -> None:
	"""Told again by another channel where there is one; else somebody may have to call."""
	row = frappe.db.get_value(DOCTYPE, name, ["*"], as_dict=True)
	booking = occasion.booking_of(row)
	if booking is None or row.audience != kinds.PATIENT or occasion.is_anothers(row, booking):
		return
	recipient = occasion.recipient(row, booking)
	other = next((each for each in OTHERS.get(channel, ()) if _reaches(each, recipient)), None)
	if row.cause.endswith(AGAIN) or not other:
		_alert(row)
		return
	cause = f"{row.cause.removeprefix(f'{row.kind} ')}{AGAIN}"
	about = (row.reference_doctype, row.reference_name)
	news = News(row.kind, cause, about=about, channel=other, by_staff=row.is_by_staff)
	queue.tell(booking, [news], clock.now())


def _reaches(channel: str, recipient: registry.Recipient) -> bool:
	way = registry.ways().get(channel)
	try:
		return bool(way and registry.channel(way) and way.address(recipient))
	except ChannelError:
		return False


def _alert(row) -> None:
	raise_alert(
		_("Messages came back"),
		"Messages",
		("Clinic Appointment", row.appointment) if row.appointment else ("Booking Request", row.request),
		severity="Warning",
		message=_(
			"A message could not be delivered, and there is no other way to reach them. Somebody may have to call."
		),
		clinic=row.clinic,
		doctor=row.doctor,
	)
