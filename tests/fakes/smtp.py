"""A mail server: real SMTP on this machine, which keeps what it gets and fails when told to.

with MailServer() as mails:
	mails.port                              # for an Email Account
	mails.refuses["nobody@example.com"] = "550 No such user"
	mails.refuses_sender = "554 Blocked"    # whoever it is for
	mails.down = True                       # 421 to everybody
	mails.most = 3                          # no answer to the fourth before more may come
	mails.chaos(seed=1, failing=0.1, dropping=0.05)
	assert mails.received[0].to == "maria@example.com"
"""

import asyncio
import random
import socket
import threading
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from math import inf

from aiosmtpd.controller import Controller


@dataclass(frozen=True)
class Mail:
	"""One mail as it came: to whom the envelope says, and what is in it."""

	to: str
	message: EmailMessage

	@property
	def key(self) -> str:
		return self.message["Message-ID"]

	@property
	def subject(self) -> str:
		return self.message["Subject"]

	@property
	def text(self) -> str:
		return self.message.get_body(("plain",)).get_content()

	@property
	def html(self) -> str:
		return self.message.get_body(("html",)).get_content()

	@property
	def calendar_file(self) -> bytes | None:
		files = [part for part in self.message.walk() if part.get_content_type() == "application/ics"]
		return files[0].get_content() if files else None


def free_port() -> int:
	with socket.socket() as found:
		found.bind(("127.0.0.1", 0))
		return found.getsockname()[1]


class MailServer:
	"""`received`: all mails that were taken, those whose answer was dropped (`unanswered`, by key) included."""

	def __init__(self):
		self.received: list[Mail] = []
		self.unanswered: set[str] = set()
		self.refuses: dict[str, str] = {}
		self.refuses_sender: str | None = None
		self.down = False
		self.drop_next = 0
		self.most = inf
		self._dice, self._failing, self._dropping = random.Random(), 0.0, 0.0
		self._lock = threading.Lock()
		self.port = free_port()
		self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

	def __enter__(self) -> "MailServer":
		self._controller.start()
		return self

	def __exit__(self, *_error) -> None:
		self._controller.stop()

	def chaos(self, seed: int, failing: float, dropping: float) -> None:
		"""From now on refuse this share of mails for the moment, and leave this share without an answer."""
		self._dice, self._failing, self._dropping = random.Random(seed), failing, dropping

	# -- what aiosmtpd asks ---------------------------------------------------------------------------

	async def handle_MAIL(self, server, session, envelope, address, mail_options):
		if self.refuses_sender:
			return self.refuses_sender
		envelope.mail_from = address
		envelope.mail_options.extend(mail_options)
		return "250 OK"

	async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
		if self.down:
			return "421 Not today"
		if address in self.refuses:
			return self.refuses[address]
		if self._dice.random() < self._failing:
			return "451 Come back later"
		envelope.rcpt_tos.append(address)
		return "250 OK"

	async def handle_DATA(self, server, session, envelope):
		while len(self.received) >= self.most:
			await asyncio.sleep(0.01)
		mail = Mail(envelope.rcpt_tos[0], message_from_bytes(envelope.content, policy=default))
		with self._lock:
			self.received.append(mail)
			drops = self.drop_next > 0 or self._dice.random() < self._dropping
			self.drop_next -= self.drop_next > 0
			if drops:
				self.unanswered.add(mail.key)
		if drops:
			server.transport.abort()
		return "250 Taken"
