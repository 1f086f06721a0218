"""What a channel is: something that carries one letter to one person (NT-2).

A channel knows its provider, nothing of Frappe, appointments or the queue; clock and configuration are handed to
its constructor. It never tries again by itself and waits for no answer longer than two minutes: whoever calls
keeps the row, and with it the key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

# Why a channel will not carry a letter, however often it is asked.
BAD_ADDRESS, OPTED_OUT, REJECTED, GONE = "bad_address", "opted_out", "rejected", "gone"
# Why none is given to it today.
CAPPED = "capped"


class ChannelError(Exception):
	"""It was not sent."""


class ChannelUnavailable(ChannelError):
	"""Not now: it was surely not sent, and may be later; after `wait` where the provider says when."""

	def __init__(self, wait: timedelta | None = None):
		super().__init__()
		self.wait = wait


class ChannelRefused(ChannelError):
	"""Never to this address: `reason` is one of the five above. Another channel may still do."""

	def __init__(self, reason: str):
		super().__init__(reason)
		self.reason = reason


class OutcomeUnknown(ChannelError):
	"""The provider got it and did not answer: it may have been sent or not."""


class CannotSay(ChannelError):
	"""The provider has no way to tell what became of a key."""


@dataclass(frozen=True)
class Letter:
	"""One message to one person, made the moment it is sent and kept nowhere.

	`to` is the channel's own kind of address; `key` is this letter's name, the same for each try: nobody else has
	it, and it opens nothing. `text` is whole by itself, `link` included; `html` and `calendar_file` (a .ics,
	bytes) are for channels that carry them. `kind` and `variables` name its template and what fills it, in order,
	for providers that only send what they have approved; both are in `template_language`, its reader's own, while
	`language` is what the text came to be in. `sender`, `reply_to`: whom it comes from. `expires_at`
	(aware): from when on it is better not shown any more, None: never. `since` (aware): no attempt was made before.
	"""

	key: str
	to: str
	subject: str
	text: str
	language: str
	link: str | None = None
	html: str | None = None
	calendar_file: bytes | None = None
	kind: str = ""
	template_language: str = ""
	variables: Mapping[str, str] = field(default_factory=dict)
	sender: str = ""
	reply_to: str | None = None
	expires_at: datetime | None = None
	since: datetime | None = None


class Channel(Protocol):
	"""A provider that carries letters."""

	def send(self, letter: Letter) -> str:
		"""Carry it; the provider's own name of it. Raises any of the errors above but `CannotSay`."""
		...

	def look(self, letter: Letter) -> str | None:
		"""The provider's name of this letter, made anew with the same key, None if it never came there.

		Raises `CannotSay`, and `ChannelUnavailable`.
		"""
		...
