"""A Twilio account as the channels use it: one door to the network, and one vocabulary of what comes back."""

import logging
from datetime import datetime, timedelta

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from clinic_booking.messaging.channels.interface import (
	BAD_ADDRESS,
	OPTED_OUT,
	REJECTED,
	ChannelError,
	ChannelRefused,
	ChannelUnavailable,
	OutcomeUnknown,
)

SECONDS = 10
# How many of the last messages to a number are looked through for one that may have been sent.
LAST = 50
# What became of those that nobody got.
LOST = ("failed", "undelivered", "canceled")
# Twilio's clock and ours.
CLOCKS_DIFFER = timedelta(minutes=1)

# https://www.twilio.com/docs/api/errors. A token that is no longer good and an account that is not active or was
# suspended are the clinic's to mend: not now.
NOT_NOW = frozenset((14107, 20003, 20005, 20429, 30001, 30002, 63018))
REASONS = {
	**dict.fromkeys((21211, 21214, 21217, 21219, 21265, 21401, 21407, 21421, 21612, 21614), BAD_ADDRESS),
	**dict.fromkeys((30003, 30005, 30006, 63003, 63024), BAD_ADDRESS),
	**dict.fromkeys((21610, 63032), OPTED_OUT),
}

# The SDK writes addresses and texts into its log.
SILENT = logging.getLogger("clinic_booking.twilio")
SILENT.disabled = True


def reason_of(code: int | None) -> str:
	"""Why a message was not taken or came back, by Twilio's number of the error."""
	return REASONS.get(code or 0, REJECTED)


class Account:
	"""Calls the API of one account by the official SDK. `address` stands in for Twilio's own hosts."""

	def __init__(self, sid: str, auth_token: str, address: str | None = None):
		self.client = Client(sid, auth_token, http_client=_Network(address))
		self.sid = sid

	def send(self, **message) -> str:
		"""Create a message (arguments of the SDK's); its SID. Raises as `Channel.send`."""
		try:
			return self.client.messages.create(**message).sid
		except TwilioRestException as error:
			raise _refusal(error) from None
		except (TwilioException, ValueError):
			# What came was no answer of theirs.
			raise OutcomeUnknown from None

	def find(self, to: str, body: str, since: datetime | None) -> str | None:
		"""The SID of a message with this text to this number, made since then (aware) and not lost.

		Raises `ChannelUnavailable`.
		"""
		words = _words(body)
		found = (
			each.sid
			for each in self._asked(self._last_to, to)
			if _words(each.body).endswith(words)
			and each.status not in LOST
			and not (since and each.date_created < since - CLOCKS_DIFFER)
		)
		return next(found, None)

	def test(self, sender: str, templates: tuple[str, ...] = ()) -> str | None:
		"""What is missing, in one of the words below; None where all is well. Raises `ChannelError`.

		"account": SID and token are no pair, or it is closed. "sender": the account has no such number or
		service. Or the SID of a template that it has not got.
		"""
		if not self._has(lambda: self.client.api.accounts(self.sid).fetch().status == "active"):
			return "account"
		if sender.startswith("MG") and not self._has(self.client.messaging.v1.services(sender).fetch):
			return "sender"
		numbers = self.client.incoming_phone_numbers
		if sender.startswith("+") and not self._asked(numbers.list, phone_number=sender, limit=1):
			return "sender"
		return next(
			(sid for sid in templates if not self._has(self.client.content.v1.contents(sid).fetch)), None
		)

	def _last_to(self, to: str) -> list:
		return self.client.messages.list(to=to, limit=LAST, page_size=LAST)

	def _has(self, fetch) -> bool:
		try:
			return bool(self._asked(fetch))
		except ChannelRefused:
			return False

	def _asked(self, call, *args, **kwargs):
		"""What a reading call answers: asked twice it does no harm, so an unknown outcome is a "later"."""
		try:
			return call(*args, **kwargs)
		except TwilioRestException as error:
			if error.code == 20003:
				raise ChannelRefused(REJECTED) from None
			raise _refusal(error) from None
		except (TwilioException, ValueError, OutcomeUnknown):
			raise ChannelUnavailable from None


def _words(body: str) -> str:
	"""A text's letters and digits: Twilio sends other quotes, dashes and spaces where that makes it shorter (Smart
	Encoding), and puts a sentence of its own before what a trial account sends.
	"""
	return "".join(filter(str.isalnum, body))


def _refusal(error: TwilioRestException) -> ChannelError:
	return ChannelUnavailable() if error.code in NOT_NOW else ChannelRefused(reason_of(error.code))


class _Network(TwilioHttpClient):
	"""The SDK's own client with a time-out and no second tries: whoever calls keeps the row."""

	def __init__(self, address: str | None):
		super().__init__(timeout=SECONDS, max_retries=0, logger=SILENT)
		self.address = address

	def request(self, method: str, url: str, *args, **kwargs) -> Response:
		if self.address:
			url = f"{self.address}/{url.partition('://')[2].partition('/')[2]}"
		try:
			response = super().request(method, url, *args, **kwargs)
		except requests.RequestException as error:
			raise ChannelUnavailable if _never_arrived(error) else OutcomeUnknown from None
		if response.status_code == 429:
			raise ChannelUnavailable(_wait(response.headers.get("Retry-After")))
		if response.status_code >= 500:
			raise OutcomeUnknown
		return response


def _never_arrived(error: requests.RequestException) -> bool:
	"""Whether nobody was connected to."""
	cause = error.args[0] if error.args else None
	return isinstance(cause, MaxRetryError) and isinstance(
		cause.reason, NewConnectionError | ConnectTimeoutError
	)


def _wait(seconds: str | None) -> timedelta | None:
	return timedelta(seconds=min(int(seconds), 3600)) if seconds and seconds.isdecimal() else None
