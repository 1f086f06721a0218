"""Whether a number may be written to: by what its owner wants, and by how much it had today (ME-5, ME-12)."""

from contextlib import AbstractContextManager, nullcontext

from clinic_booking.messaging import caps, opt_outs
from clinic_booking.messaging.channels.interface import CAPPED, OPTED_OUT, ChannelRefused
from clinic_booking.messaging.registry import Recipient


def address(recipient: Recipient) -> str | None:
	"""The number in E.164, None where none is known; `ChannelRefused` where it gets nothing, or nothing more."""
	phone = recipient.phone
	if not phone:
		return None
	if opt_outs.wants_none(phone):
		raise ChannelRefused(OPTED_OUT)
	if caps.is_reached(phone):
		raise ChannelRefused(CAPPED)
	return phone


def known(recipient: Recipient) -> str | None:
	"""The number, to ask what became of a message there."""
	return recipient.phone


def turn(recipient: Recipient) -> AbstractContextManager:
	"""While it is sent to, no other worker sends to the number (ME-12)."""
	return caps.turn(recipient.phone) if recipient.phone else nullcontext()
