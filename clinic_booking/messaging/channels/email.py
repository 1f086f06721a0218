"""E-mail (NT-2): one message of text, HTML and calendar file, handed to an SMTP session.

Frappe-free: whoever makes it hands in how a session is opened and whom mails come from.
"""

import re
import smtplib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.errors import HeaderParseError
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
# Of 4xx the server says itself that it may be otherwise later.
FOR_GOOD = 500
LOGIN_WANTED = 530
# What a server has against us or our sender, most wait with it for the first recipient: policy and the sender's own
# address (RFC 3463 §3.2, §3.8), or what says no more than that it carries no mail of ours further.
AGAINST_US = re.compile(rb"5\.7\.|5\.1\.[78]\b|(?!\d\.\d)(.*\s)?relay", re.IGNORECASE | re.DOTALL)
# For an answer, and for the last one: whoever hangs up before it sends the mail twice (RFC 5321 §4.5.3.2.6).
PATIENCE_SECONDS, LAST_PATIENCE_SECONDS = 30, 120
# Nobody asked the server whether it takes eight bits (RFC 6152).
SEVEN_BITS = SMTP.clone(cte_type="7bit")


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
		session.sock.settimeout(PATIENCE_SECONDS)
		session.ehlo_or_helo_if_needed()
		code, _said = session.mail(sender)
		if code >= 400:
			raise ChannelUnavailable  # what is wrong with our address or our server is no fault of the letter
		code, said = session.rcpt(to)
		if code == LOGIN_WANTED or (code >= FOR_GOOD and AGAINST_US.match(said)):
			raise ChannelUnavailable
		_expect(code, refused=BAD_ADDRESS)
	except (smtplib.SMTPException, OSError) as error:
		session.close()
		raise ChannelUnavailable from error
	_expect(_last_answer(session, message), refused=REJECTED)


def _last_answer(session: smtplib.SMTP, message: bytes) -> int:
	session.sock.settimeout(LAST_PATIENCE_SECONDS)
	try:
		code, _said = session.data(message)
	except smtplib.SMTPDataError as error:
		code = error.smtp_code
	except (smtplib.SMTPException, OSError) as error:
		session.close()
		raise OutcomeUnknown from error
	session.sock.settimeout(PATIENCE_SECONDS)
	return code


def _expect(code: int, refused: str) -> None:
	if code >= FOR_GOOD:
		raise ChannelRefused(refused)
	if code >= 400 or code < 200:
		raise ChannelUnavailable


def written(letter: Letter, to: str, sender: str, now: datetime) -> bytes:
	"""The mail as it goes over the wire. Its headers hold whatever name and subject there is (ME-11)."""
	mail = EmailMessage(policy=SEVEN_BITS)
	mail["From"] = _address(letter.sender, sender)
	mail["To"] = Address(addr_spec=to)
	if letter.reply_to:
		with suppress(ChannelRefused):  # a clinic that can't be answered still writes
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
	except (UnicodeError, ValueError, IndexError, HeaderParseError) as error:
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
