"""A browsers' push service, and browsers that subscribe to it and read what they got.

	with PushService() as service:
		browser = service.browser()
		…                                     # subscribe with browser.subscription
		assert browser.shown == [{"title": …}]
		browser.leave()                       # from now on 410

A message is decrypted with the browser's own keys, and its signature checked against the public key that the
browser was given; with a bad one it is refused as the real services do.
"""

import base64
import json
import os
import time

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from tests.fakes.server import Answer, Call, Fake, answers


class Browser:
	"""`subscription` is what it would post; `shown` what it showed, the newest last."""

	def __init__(self, endpoint: str, sender: str | None):
		self.key = ec.generate_private_key(ec.SECP256R1())
		self.secret = os.urandom(16)
		self.sender = sender
		self.subscription = {
			"endpoint": endpoint,
			"keys": {"p256dh": text(point(self.key.public_key())), "auth": text(self.secret)},
		}
		self.received: list[dict] = []
		self.is_there = True

	@property
	def shown(self) -> list[dict]:
		"""Of several with one tag the last stands."""
		return list({message["tag"]: message for message in self.received}.values())

	def leave(self) -> None:
		self.is_there = False

	def read(self, body: bytes) -> dict:
		return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret))


class PushService(Fake):
	def __init__(self, port: int = 0):
		super().__init__(port)
		self.browsers: dict[str, Browser] = {}

	def browser(self, sender: str | None = None) -> Browser:
		"""A browser that has subscribed; `sender` is the public key that may write to it (None: anyone)."""
		name = text(os.urandom(12))
		self.browsers[name] = Browser(f"{self.url}/wpush/{name}", sender)
		return self.browsers[name]

	@answers("POST", "/wpush/{name}")
	def take(self, call: Call, name: str) -> Answer:
		browser = self.browsers.get(name)
		if browser is None or not browser.is_there:
			return Answer(status=410)
		if not (call.headers["ttl"].isdecimal() and call.headers["content-encoding"] == "aes128gcm"):
			return Answer(status=400)
		if not self._is_signed(call, browser):
			return Answer(status=403)
		browser.received.append(browser.read(call.body))
		return Answer(status=201, headers={"Location": f"{self.url}/message/{len(browser.received)}"})

	def _is_signed(self, call: Call, browser: Browser) -> bool:
		"""RFC 8292: `vapid t=<JWT>,k=<public key>`, for this service, of the key that the browser was given."""
		scheme, _space, words = call.headers["authorization"].partition(" ")
		parts = dict(part.strip().split("=", 1) for part in words.split(","))
		claims = json.loads(data(parts["t"].split(".")[1]))
		return (
			scheme == "vapid"
			and browser.sender in (None, parts["k"])
			and claims["aud"] == self.url
			and claims["sub"].startswith("mailto:")
			and time.time() < claims["exp"] < time.time() + 24 * 3600
			and Vapid02.verify(call.headers["authorization"])
		)


def point(key) -> bytes:
	return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def text(octets: bytes) -> str:
	return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def data(words: str) -> bytes:
	return base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))
