"""The channels of this site, found through the hook `clinic_booking_channels` (dotted paths to a `Way`)."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import frappe

from clinic_booking.messaging.channels.interface import Channel
from clinic_booking.messaging.demo import Shown

HOOK = "clinic_booking_channels"
EMAIL, SHORT = "email", "short"


@dataclass(frozen=True)
class Recipient:
	"""Whom a message is for. `channel` is what they prefer; `appointment` and `patient` are names, or None."""

	audience: str
	name: str
	email: str | None = None
	phone: str | None = None
	language: str | None = None
	channel: str | None = None
	appointment: str | None = None
	patient: str | None = None


@dataclass(frozen=True)
class Way:
	"""A channel as this site has it.

	`family` says which of the texts it carries: `email` or `short`. `open()` is the channel, None where it is not
	set up. `address(recipient)` is where to reach them by it, None if they have none; raises `ChannelRefused`
	where they must not be written to, `ChannelUnavailable` where not now. `turn(recipient)` lasts while one letter
	is sent to them, where others have to wait for it. `known(recipient)`: the address whatever speaks against writing
	there, to ask what became of a letter; `address` where there is none.
	"""

	name: str
	family: str
	open: Callable[[], Channel | None]
	address: Callable[[Recipient], str | None]
	turn: Callable[[Recipient], AbstractContextManager] = nullcontext
	known: Callable[[Recipient], str | None] | None = None


def ways() -> dict[str, Way]:
	"""Every way that an app on this site brings, set up or not, by name."""
	return {way.name: way for way in map(frappe.get_attr, frappe.get_hooks(HOOK))}


def channel(way: Way) -> Channel | None:
	"""The channel of a way; in the demo what is not set up is shown instead of sent."""
	return way.open() or (Shown() if is_demo() else None)


def is_shown(way: Way) -> bool:
	"""Whether letters of this way are kept to be read, in the demo, and sent nowhere."""
	return is_demo() and way.open() is None


def is_demo() -> bool:
	"""Whether this is a site to try things out on, marked so in its configuration by whoever made it."""
	return bool(frappe.conf.get("clinic_booking_demo"))
