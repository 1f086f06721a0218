"""One mail over a real SMTP line: as it is written, and what the server's answers mean."""

import smtplib
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial

import pytest

from clinic_booking.messaging.channels.email import Email, post_by
from clinic_booking.messaging.channels.interface import ChannelRefused, ChannelUnavailable, Letter
from tests.fakes.smtp import MailServer

SENDER, PATIENT = "booking@clinic.example", "relay@patients.example"
LETTER = Letter(
	key="message-1",
	to=PATIENT,
	subject="Programarea dumneavoastră",
	text="Bună ziua, Ștefan",
	html="<p>Bună ziua, Ștefan</p>",
	language="ro",
	sender="Clinica Răsărit",
	reply_to="contact@clinic.example",
	calendar_file="BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Consultație\r\nEND:VCALENDAR\r\n".encode(),
)


class Line(smtplib.SMTP):
	"""`patience`: for how many seconds it waited after each command, the mail itself included."""

	def __init__(self, port):
		self.patience = {}
		super().__init__("127.0.0.1", port)

	def putcmd(self, command, arguments=""):
		self.patience[command.lower()] = self.sock.gettimeout()
		super().putcmd(command, arguments)


@pytest.fixture
def mails():
	with MailServer() as server:
		yield server


@pytest.fixture
def line(mails):
	with Line(mails.port) as opened:
		yield opened


@pytest.fixture
def channel(line):
	return Email(SENDER, lambda _id, *mail: post_by(line, SENDER, *mail), partial(datetime.now, timezone.utc))


@pytest.mark.parametrize(
	"said",
	[
		"554 5.7.1 <relay@patients.example>: Relay access denied",
		"554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org",
		"550 5.7.1 <booking@clinic.example>: Sender address rejected: not owned by user",
		"550 5.1.8 <booking@clinic.example>: Sender address rejected: Domain not found",
		"550 relay not permitted",
		"554 Unable to relay for relay@patients.example",
		"530 Authentication required",
	],
)
def test_what_a_server_has_against_us_is_no_fault_of_the_address(mails, channel, said):
	"""ME-2, ME-8: most servers say it where the patient's address is named."""
	mails.refuses[PATIENT] = said
	with pytest.raises(ChannelUnavailable):
		channel.send(LETTER)


@pytest.mark.parametrize(
	"said",
	[
		"550 5.1.1 <relay@patients.example>: User unknown in relay recipient table",
		"550 5.1.10 <relay@patients.example>: Domain takes no mail",
		"552 5.2.2 Mailbox full",
		"550 <relay@patients.example> is unknown",
		"553 No such mailbox",
	],
)
def test_what_it_has_against_the_address_is(mails, channel, said):
	"""ME-2: for good."""
	mails.refuses[PATIENT] = said
	with pytest.raises(ChannelRefused):
		channel.send(LETTER)


def test_the_last_answer_is_waited_for(mails, line, channel):
	"""ME-3: whoever hangs up after the mail and before the answer sends it twice (RFC 5321 4.5.3.2.6)."""
	channel.send(LETTER)
	line.noop()
	assert line.patience["data"] >= 120
	assert {line.patience[command] for command in ("mail", "rcpt", "noop")} == {30}


def test_mail_is_whole_in_seven_bits(mails, channel):
	"""ME-11: the line was asked for no more (RFC 6152); text, HTML and calendar file come as they were written."""
	channel.send(LETTER)
	(mail,) = mails.received
	assert mail.message.as_bytes().isascii()
	assert {part["Content-Transfer-Encoding"] for part in mail.message.walk()} <= {
		None,
		"quoted-printable",
		"base64",
	}
	assert LETTER.text in mail.text and LETTER.html in mail.html
	assert mail.calendar_file == LETTER.calendar_file
	(shown,) = [part for part in mail.message.walk() if part.get_content_type() == "text/calendar"]
	assert "Consultație" in shown.get_content()


@pytest.mark.parametrize("address", ["recepție@clinic.example", "a@b.example, c@d.example", "nobody"])
def test_who_cannot_be_answered_still_writes(mails, channel, address):
	"""ME-11: an address to reply to that no header can hold is left out."""
	channel.send(replace(LETTER, reply_to=address))
	(mail,) = mails.received
	assert mail.message["Reply-To"] is None
