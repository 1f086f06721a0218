"""Messages to a browser (RFC 8030, encrypted as RFC 8291, signed as RFC 8292) (NT-2).

A letter goes to every browser of its booking. Sent again it takes the place of the first, at the push service by
its topic and on the screen by its tag: so a doubtful one may always be repeated.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import requests
from py_vapid import Vapid02
from pywebpush import WebPusher

from clinic_booking.messaging.channels.interface import (
	GONE,
	REJECTED,
	ChannelError,
	ChannelRefused,
	ChannelUnavailable,
	Letter,
	OutcomeUnknown,
)

# Five browsers at most, one after the other.
SECONDS = 5
KEPT_FOR = timedelta(days=1)
SIGNED_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class Sender:
	"""Who sends. `private_key`: a P-256 key, 32 bytes in base64url; `contact`: an e-mail address for the services."""

	private_key: str = field(repr=False)
	contact: str


class Push:
	"""`gone(endpoint)` is told of each browser that wants no more; `now()` is the time, aware."""

	def __init__(self, sender: Sender, gone: Callable[[str], None], now: Callable[[], datetime]):
		self.sender, self.gone, self.now = sender, gone, now
		self.key = Vapid02.from_raw(sender.private_key.encode())
		self.session = _Session()

	def send(self, letter: Letter) -> str:
		"""`letter.to`: a JSON list of subscriptions as browsers give them, `{endpoint, keys}`."""
		problems = []
		for subscription in json.loads(letter.to):
			try:
				self._send(subscription, letter)
			except ChannelError as problem:
				problems.append(problem)
		if len(problems) == len(json.loads(letter.to)):
			raise next((each for each in problems if not isinstance(each, ChannelRefused)), problems[0])
		return letter.key

	def look(self, letter: Letter) -> str | None:
		return None

	def _send(self, subscription: dict, letter: Letter) -> None:
		endpoint = subscription["endpoint"]
		headers = self.key.sign(
			{
				"sub": f"mailto:{self.sender.contact}",
				"aud": "/".join(endpoint.split("/")[:3]),
				"exp": int((self.now() + SIGNED_FOR).timestamp()),
			}
		)
		headers |= {"Topic": topic_of(letter.key), "Urgency": "high"}
		pusher = WebPusher(subscription, requests_session=self.session)
		try:
			response = pusher.send(payload_of(letter), headers, ttl=self._kept_for(letter), timeout=SECONDS)
		except requests.RequestException:
			raise OutcomeUnknown from None
		self._check(response, endpoint)

	def _kept_for(self, letter: Letter) -> int:
		"""For how many seconds a browser that is away may still get it: a reminder of what is over is none."""
		rest = letter.expires_at - self.now() if letter.expires_at else KEPT_FOR
		return max(0, int(min(KEPT_FOR, rest).total_seconds()))

	def _check(self, response: requests.Response, endpoint: str) -> None:
		status = response.status_code
		if status in (404, 410):
			self.gone(endpoint)
			raise ChannelRefused(GONE)
		if status == 429:
			wait = response.headers.get("Retry-After", "")
			raise ChannelUnavailable(timedelta(seconds=min(int(wait), 3600)) if wait.isdecimal() else None)
		if status >= 500:
			raise OutcomeUnknown
		if status >= 300:
			raise ChannelRefused(REJECTED)


def payload_of(letter: Letter) -> bytes:
	"""What the service worker shows: `{title, body, url, tag}`; the link is opened, not read."""
	body = letter.text.replace(letter.link, "").strip() if letter.link else letter.text
	return json.dumps(
		{
			"title": letter.sender,
			"body": body,
			"url": letter.link,
			"tag": letter.key,
			"lang": letter.language,
		},
		ensure_ascii=False,
	).encode()


def topic_of(key: str) -> str:
	"""32 letters that name the message to the push service, and tell it nothing."""
	return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())[:32].decode()


class _Session(requests.Session):
	"""Goes where it was told and nowhere else."""

	def post(self, url: str, **kwargs) -> requests.Response:
		return super().post(url, allow_redirects=False, **kwargs)
