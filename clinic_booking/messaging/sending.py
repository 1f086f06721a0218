"""Works the messages: after a commit, and each minute what is due (docs/messages.md)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import frappe
from frappe import _
from rq.timeouts import JobTimeoutException

from clinic_booking.booking import clock
from clinic_booking.booking.clock import to_database
from clinic_booking.booking.tokens import fingerprint
from clinic_booking.messaging import kinds, letters, occasion, outages, registry
from clinic_booking.messaging.channels.interface import (
	CannotSay,
	Channel,
	ChannelError,
	ChannelRefused,
	ChannelUnavailable,
	OutcomeUnknown,
)
from clinic_booking.messaging.clinic_appointment import night_of, zone_of_night
from clinic_booking.messaging.letters import Subject
from clinic_booking.messaging.queue import DOCTYPE, JOB
from clinic_booking.messaging.registry import Way
from clinic_booking.outbox.work import (
	FAILED,
	HOUR,
	MINUTE,
	Busy,
	Later,
	Never,
	Outbox,
	Row,
	retry,
	wake,
	work_off,
)

# A day in all; two hours without a mail server are a few of them.
WAITS = (MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR)
# A mail server may keep a worker waiting for two minutes.
LEASE = timedelta(minutes=10)
# The job queue ends what takes longer than five minutes, the last mail included.
SHIFT = timedelta(minutes=2)

GONE = "The booking is gone"
NO_WAY = "No way to reach them is set up, or none is known"
UNKNOWN = "It may have been sent: the provider can't say"
GIVEN_UP = ("clinic", "doctor", "is_outcome_unknown", "tried_channel")
REPORTED = ("Sent", "Delivered", "Bounced")
REASONS = {
	"bad_address": "The address doesn't exist, or takes nothing",
	"opted_out": "They want nothing by this channel",
	"rejected": "The provider refuses to send it",
	"gone": "The address is gone",
	"capped": "They had as many messages today as the settings allow",
}


class Undeliverable(Never):
	"""It can't be sent: `why`, in a sentence for staff."""

	def __init__(self, why: str):
		super().__init__()
		self.why = why


def every_minute() -> None:
	"""The job: works what is due, as the system, whoever's booking it was woken by."""
	frappe.set_user("Administrator")
	work_off(OUTBOX, longest=SHIFT)
	outages.end_alarms()


def work(row: Row) -> None:
	if row.is_unknown:
		_keep_unknown(row.name)
	message = occasion.message(row.name)
	if message.status in REPORTED:
		return  # an attempt before this one did it: it says so itself, or the provider does
	booking = occasion.booking_of(message)
	if booking is None:
		return _skip(row.name, GONE)
	now = clock.now()
	if why := kinds.why_not(message.kind, occasion.facts(message, booking, now), now):
		if why == kinds.OVER and _has_address(occasion.recipient(message, booking)):
			raise Undeliverable(why)  # nobody was told in time
		return _skip(row.name, why)
	_wait_for_the_day(message, booking, now)
	subject = Subject(message, booking, occasion.recipient(message, booking))
	try:
		if (message.is_outcome_unknown and _was_sent(subject, now)) or _carry(subject, now):
			return
	except ChannelUnavailable as error:
		if error.wait:
			raise Busy(error.wait) from error
		raise
	if message.audience == kinds.PATIENT and _has_address(subject.recipient):
		raise Undeliverable(NO_WAY)
	_skip(row.name, NO_WAY)


def try_again(message: str) -> bool:
	"""Have a message sent again, in the current transaction; whether it was one that failed.

	The caller has checked who may.
	"""
	frappe.db.sql(
		f"""UPDATE `tab{DOCTYPE}` SET status = 'Waiting', why = NULL, is_outcome_unknown = 0, is_by_staff = 1
		WHERE name = %s AND status = 'Failed' AND outbox_status = %s""",
		(message, FAILED),
	)
	if not frappe.db._cursor.rowcount:
		return False
	retry(DOCTYPE, message)
	wake(JOB)
	return True


def _has_address(recipient: registry.Recipient) -> bool:
	return bool(recipient.email or recipient.phone)


def _keep_unknown(message: str) -> None:
	"""That an attempt never ended is known to the row's lease alone, which the end of this one takes away."""
	_set(message, is_outcome_unknown=1)
	frappe.db.commit()  # nosemgrep: whatever becomes of this attempt


def _wait_for_the_day(message, booking, now: datetime) -> None:
	"""What should have gone out before the night, and could not, waits for its end (NT-2); not what staff send."""
	if message.kind not in kinds.QUIET or message.is_by_staff:
		return
	night = night_of(frappe.get_cached_doc(letters.SETTINGS), zone_of_night(booking)).around(now)
	if night:
		raise Later(night[1] - now)


def _carry(subject: Subject, now: datetime) -> bool:
	"""Whether there was a way at all; raises what speaks against each, `Undeliverable` after the last."""
	refused = None
	for way, channel in _open_ways(subject):
		try:
			with way.turn(subject.recipient):
				if _carried(subject, way, channel, now):
					return True
		except ChannelRefused as error:
			refused = error
	if refused:
		raise Undeliverable(REASONS[refused.reason]) from refused
	return False


def _carried(subject: Subject, way: Way, channel: Channel, now: datetime) -> bool:
	"""Whether they can be reached this way."""
	address = way.address(subject.recipient)
	if not address:
		return False
	_send(subject, way, channel, letters.letter(subject, way.family, address, now))
	return True


def _open_ways(subject: Subject) -> Iterator[tuple[Way, Channel]]:
	"""Each way that is set up, with its channel: the one that the recipient likes best first."""
	found = registry.ways()
	liked = subject.recipient.channel
	# Who wants WhatsApp and can't have it has a phone at hand.
	others = ("sms", "email") if liked == "whatsapp" else ("email", "sms")
	wanted = subject.row.wanted_channel
	order = [wanted] if wanted else dict.fromkeys((liked, *others))
	for way in (found[name] for name in order if name in found):
		if channel := registry.channel(way):
			yield way, channel


def _was_sent(subject: Subject, now: datetime) -> bool:
	"""Whether an attempt that never said how it ended did it, as the provider says that it went to (NT-3).

	Where that one can't say, what is no news is not repeated: `Undeliverable`.
	"""
	if not subject.row.tried_channel:
		return False  # it never came so far
	try:
		return _is_there(subject, now)
	except (CannotSay, ChannelRefused) as error:
		if subject.row.kind in kinds.REMINDERS:
			raise Undeliverable(UNKNOWN) from error
		return False


def _is_there(subject: Subject, now: datetime) -> bool:
	way = registry.ways().get(subject.row.tried_channel)
	channel = way and registry.channel(way)
	address = channel and (way.known or way.address)(subject.recipient)
	if not address:
		raise CannotSay  # there is nobody to ask any more
	letter = letters.letter(subject, way.family, address, now)
	found = channel.look(letter)
	if found:
		_sent(subject, way, letter, found)
	return bool(found)


def _begin(message, way: Way) -> None:
	"""Keep whom to ask, should nobody ever say how this attempt ended."""
	if message.tried_channel == way.name:
		return
	_set(message.name, tried_channel=way.name, is_outcome_unknown=0)
	frappe.db.commit()  # nosemgrep: before it goes out
	message.tried_channel = way.name


def _send(subject: Subject, way: Way, channel: Channel, letter) -> None:
	"""Carry it; `OutcomeUnknown` after whatever breaks meanwhile."""
	_begin(subject.row, way)
	try:
		_sent(subject, way, letter, channel.send(letter))
	except (ChannelError, JobTimeoutException):
		raise
	except Exception as error:
		# Of any other error, a bug or a lost database, nobody knows whether the letter was out by then.
		raise OutcomeUnknown from error


def _sent(subject: Subject, way: Way, letter, provider_id: str) -> None:
	# What is sent is sent. A report of the provider's may have changed the row by now (NT-5): first of all it is
	# locked, in a transaction that is newer than that, or MariaDB refuses the change (1020).
	frappe.db.commit()  # nosemgrep: each row by itself
	frappe.db.sql(
		f"UPDATE `tab{DOCTYPE}` SET status = 'Sent', why = NULL WHERE name = %s AND status IN ('Waiting', 'Failed')",
		letter.key,
	)
	shown = {}
	if registry.is_shown(way):
		shown = {"shown_subject": letter.subject, "shown_text": letter.text, "shown_letter": letter.html}
		shown["shown_calendar_file"] = letter.calendar_file and letter.calendar_file.decode()
	_set(
		letter.key,
		channel=way.name,
		language=letter.language,
		provider_id=provider_id,
		sent_at_utc=to_database(clock.now()),
		sent_to=fingerprint(letter.to),
		patient=subject.booking.patient,
		**shown,
	)
	frappe.db.commit()  # nosemgrep: whatever becomes of the row's end, the next attempt finds that this one did it


def _skip(message: str, why: str) -> None:
	_set(message, status="Skipped", why=why)


def _set(message: str, **values) -> None:
	frappe.db.set_value(DOCTYPE, message, values)


def _put_off(row: Row, error: Exception) -> None:
	"""The next attempt asks first whether this one did it."""
	frappe.clear_messages()
	if isinstance(error, OutcomeUnknown):
		_set(row.name, is_outcome_unknown=1)
	if row.attempt >= outages.ALARMING_ATTEMPTS:
		outages.alarm(*frappe.db.get_value(DOCTYPE, row.name, ["clinic", "doctor"]))


def _given_up(row: Row, error: Exception) -> None:
	"""Failed where people see it, with one alert for a clinic however many they are."""
	frappe.clear_messages()
	message = frappe.db.get_value(DOCTYPE, row.name, GIVEN_UP, as_dict=True)
	_set(row.name, status="Failed", why=_why_given_up(row, message, error))
	outages.alarm(message.clinic, message.doctor)


def _why_given_up(row: Row, message, error: Exception) -> str:
	if isinstance(error, Undeliverable):
		return error.why
	is_unknown = row.is_unknown or message.is_outcome_unknown or isinstance(error, OutcomeUnknown)
	if is_unknown and message.tried_channel:
		return UNKNOWN
	return _("It could not be sent, however often it was tried")


OUTBOX = Outbox(DOCTYPE, work, given_up=_given_up, put_off=_put_off, waits=WAITS, lease=LEASE)
