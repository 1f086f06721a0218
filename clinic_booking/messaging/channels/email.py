"""E-mail (NT-2): one message of text, HTML and calendar file, handed to an SMTP session.

Frappe-free: whoever makes it hands in how a session is opened and whom mails come from.
"""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from clinic_booking.messaging.channels.interface import (
	BAD_ADDRESS,
	REJECTED,
	CannotSay,
	ChannelError,
	ChannelRefused,
	ChannelUnavailable,
	Letter,
	OutcomeUnknown,
)

Post = Callable[[str, str, bytes], None]
GREYLISTED = 500
LOGIN_WANTED = 530


def message_id(key: str, sender: str) -> str:
	"""The Message-ID of a letter: the same for each try, and known again in a bounce."""
	return f"<{key}@{sender.rpartition('@')[2]}>"


class Email:
	"""`sender`: the address that mails come from. `post(message_id, to, mail)`: hands one over, as `post_by` does."""

	def __init__(self, sender: str, post: Post, now: Callable[[], datetime]):
		self.sender, self.post, self.now = sender, post, now

	def send(self, letter: Letter) -> str:
		to, name = ascii_address(letter.to), message_id(letter.key, self.sender)
		self.post(name, to, written(letter, to, self.sender, self.now()))
		return name

	def look(self, letter: Letter) -> str | None:
		"""No mail server tells what it took."""
		raise CannotSay


def post_by(session: smtplib.SMTP, sender: str, to: str, message: bytes) -> None:
	"""Hand a mail to an open session; what the server says to it in the channel's words."""
	try:
		_talk(session, sender, to, message)
	except ChannelError:
		with suppress(smtplib.SMTPException, OSError):
			session.rset()  # the next mail is another
		raise


def _talk(session: smtplib.SMTP, sender: str, to: str, message: bytes) -> None:
	try:
		session.ehlo_or_helo_if_needed()
		code, _said = session.mail(sender)
		if code >= 400:
			raise ChannelUnavailable  # what is wrong with our address or our server is no fault of the letter
		code, said = session.rcpt(to)
		if code == LOGIN_WANTED:
			raise ChannelUnavailable
		_expect(code, said, refused=BAD_ADDRESS)
	except (smtplib.SMTPException, OSError) as error:
		session.close()
		raise ChannelUnavailable from error
	try:
		code, said = session.data(message)
	except smtplib.SMTPDataError as error:
		code, said = error.smtp_code, error.smtp_error
	except (smtplib.SMTPException, OSError) as error:
		session.close()
		raise OutcomeUnknown from error
	_expect(code, said, refused=REJECTED)


def _expect(code: int, said: bytes, refused: str) -> None:
	if code >= GREYLISTED:
		raise ChannelRefused(refused)
	if code >= 400 or code < 200:
		raise ChannelUnavailable


def written(letter: Letter, to: str, sender: str, now: datetime) -> bytes:
	"""The mail as it goes over the wire. Its headers hold whatever name and subject there is (ME-11)."""
	mail = EmailMessage(policy=SMTP)
	mail["From"] = _address(letter.sender, sender)
	mail["To"] = Address(addr_spec=to)
	if letter.reply_to:
		mail["Reply-To"] = Address(addr_spec=ascii_address(letter.reply_to))
	mail["Subject"] = _line(letter.subject)
	mail["Date"] = format_datetime(now)
	mail["Message-ID"] = message_id(letter.key, sender)
	# No out-of-office notes, please (RFC 3834 §5).
	mail["Auto-Submitted"] = "auto-generated"
	mail["X-Auto-Response-Suppress"] = "All"
	mail.set_content(letter.text)
	if letter.html:
		mail.add_alternative(letter.html, subtype="html")
	if letter.calendar_file:
		_add_calendar_file(mail, letter.calendar_file)
	# Last: what is named Content-… goes along with the text when it becomes a part.
	mail["Content-Language"] = letter.language
	return mail.as_bytes()


def ascii_address(address: str) -> str:
	"""An address whose domain is written as the wire wants it; `ChannelRefused` for what is none."""
	local, at, domain = address.rpartition("@")
	try:
		local.encode("ascii")
		domain = domain.encode("idna").decode()
		Address(addr_spec=f"{local}@{domain}")
	except (UnicodeError, ValueError, IndexError) as error:
		raise ChannelRefused(BAD_ADDRESS) from error
	if not (at and local and domain):
		raise ChannelRefused(BAD_ADDRESS)
	return f"{local}@{domain}"


def _add_calendar_file(mail: EmailMessage, file: bytes) -> None:
	"""Beside the text, for programs that offer to take it over, and as a file, for the others."""
	method = next(line for line in file.decode().splitlines() if line.startswith("METHOD:"))[7:]
	mail.add_alternative(file.decode(), subtype="calendar", params={"method": method})
	mail.add_attachment(file, maintype="application", subtype="ics", filename="appointment.ics")


def _address(name: str, address: str) -> Address:
	local, _at, domain = address.rpartition("@")
	return Address(display_name=_line(name), username=local, domain=domain)


def _line(text: str) -> str:
	return " ".join(text.split())
