"""SMS and WhatsApp by the official SDK, against a Twilio on this machine."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from twilio.request_validator import RequestValidator

from clinic_booking.messaging.channels.interface import (
	BAD_ADDRESS,
	OPTED_OUT,
	REJECTED,
	CannotSay,
	ChannelRefused,
	ChannelUnavailable,
	Letter,
	OutcomeUnknown,
)
from clinic_booking.messaging.channels.twilio import Sms, WhatsApp
from clinic_booking.messaging.channels.twilio_account import Account
from tests.fakes.server import BROKEN_AFTER, DROPPED, DROPPED_AFTER, TOO_MANY, Answer
from tests.fakes.twilio import NUMBER, SERVICE, SID, TEMPLATE, TOKEN, Twilio, refusal

PHONE = "+40712345678"
LETTER = Letter(
	key="message-1",
	to=PHONE,
	subject="",
	text="Clinica Centru, luni 09:00 https://clinic.example/b/x",
	language="ro",
	kind="reminder",
	variables={"clinic": "Clinica Centru", "time": "luni 09:00", "link": "https://clinic.example/b/x"},
)
SEND = "POST /2010-04-01/Accounts/*/Messages.json"


@pytest.fixture
def twilio():
	with Twilio() as server:
		yield server


@pytest.fixture
def account(twilio):
	return Account(SID, TOKEN, twilio.url)


def tell(key):
	return f"https://clinic.example/reports?message={key}"


@pytest.fixture
def sms(account):
	return Sms(account, NUMBER, tell)


@pytest.fixture
def whatsapp(account):
	return WhatsApp(account, NUMBER, {("reminder", "ro"): TEMPLATE}, tell)


def test_a_short_message_arrives_as_it_is(sms, twilio):
	"""NT-2: with where its reports go to; its name there is the provider's."""
	sid = sms.send(LETTER)
	(sent,) = twilio.sent
	assert (sent.sid, sent.to, sent.sender, sent.body) == (sid, PHONE, NUMBER, LETTER.text)
	assert sent.callback == tell("message-1")


def test_a_messaging_service_chooses_the_number(account, twilio):
	"""NT-2: where the clinic has one."""
	Sms(account, SERVICE, tell).send(LETTER)
	assert twilio.sent[0].form["MessagingServiceSid"] == SERVICE
	assert "From" not in twilio.sent[0].form


@pytest.mark.parametrize(
	"code, reason", [(21211, BAD_ADDRESS), (21614, BAD_ADDRESS), (21610, OPTED_OUT), (21408, REJECTED)]
)
def test_a_number_that_never_gets_one(sms, twilio, code, reason):
	"""ME-5: bad number, opted out: for good, and with the reason."""
	twilio.refuse[PHONE] = code
	with pytest.raises(ChannelRefused) as refused:
		sms.send(LETTER)
	assert refused.value.reason == reason


def test_too_many_is_later(sms, twilio):
	"""ME-5: 429, after what the provider says."""
	twilio.fail(TOO_MANY, SEND)
	with pytest.raises(ChannelUnavailable) as later:
		sms.send(LETTER)
	assert later.value.wait is None
	twilio.work = lambda call: Answer({"code": 20429}, 429, {"Retry-After": "7"})
	with pytest.raises(ChannelUnavailable) as later:
		sms.send(LETTER)
	assert later.value.wait == timedelta(seconds=7)


@pytest.mark.parametrize("fault", [BROKEN_AFTER, DROPPED, DROPPED_AFTER])
def test_no_answer_may_have_been_sent(sms, twilio, fault):
	"""NT-3: then nobody knows, until the provider is asked."""
	twilio.fail(fault, SEND)
	with pytest.raises(OutcomeUnknown):
		sms.send(LETTER)
	assert len(twilio.received) == 1  # the SDK does not try again by itself
	found = sms.look(LETTER)
	assert found == (twilio.sent[0].sid if twilio.sent else None)
	assert bool(found) is (fault is not DROPPED)


def test_looking_tells_its_own_letter_from_others(sms):
	"""NT-3: the same number may have got others."""
	other = Letter("message-2", PHONE, "", "Another text", "ro")
	sms.send(other)
	assert sms.look(LETTER) is None
	sid = sms.send(LETTER)
	assert sms.look(LETTER) == sid


@pytest.mark.parametrize(
	"kept",
	[
		"L'Aurore : votre rendez-vous du 3 dec. - https://clinic.example/b/x_y-z",
		"Sent from your Twilio trial account - L’Aurore\xa0: votre rendez-vous du 3\u202fdec. – https://clinic.example/b/x_y-z",
	],
)
def test_looking_knows_its_letter_in_twilios_own_spelling(sms, twilio, kept):
	"""NT-3: plain quotes and spaces for what costs more, and the sentence before those of a trial account."""
	letter = replace(
		LETTER, text="L’Aurore\xa0: votre rendez-vous du 3\u202fdec. – https://clinic.example/b/x_y-z"
	)
	sid = sms.send(letter)
	twilio.sent[0].body = kept
	assert sms.look(letter) == sid
	assert sms.look(replace(letter, text=letter.text.replace("du 3", "du 4"))) is None


@pytest.mark.parametrize("state", ["failed", "undelivered", "canceled"])
def test_looking_finds_none_that_was_lost_or_was_there_before(sms, twilio, state):
	"""NT-3: yesterday's, in the same words, is another letter's; and one that failed did not arrive."""
	letter = replace(LETTER, since=datetime.now(timezone.utc))
	sid = sms.send(letter)
	(sent,) = twilio.sent
	assert sms.look(letter) == sid
	sent.state = state
	assert sms.look(letter) is None
	sent.state, sent.created = "delivered", letter.since - timedelta(hours=1)
	assert sms.look(letter) is None


def test_nobody_there_is_surely_not_sent(sms, twilio):
	"""NT-3: nor is what can't be asked known not to be there."""
	with twilio.gone():
		with pytest.raises(ChannelUnavailable):
			sms.send(LETTER)
		with pytest.raises(ChannelUnavailable):
			sms.look(LETTER)


def test_a_token_that_is_no_longer_good_is_no_fault_of_the_letter(twilio):
	"""NT-3: it goes when the clinic has mended it."""
	with pytest.raises(ChannelUnavailable):
		Sms(Account(SID, "old", twilio.url), NUMBER, tell).send(LETTER)


@pytest.mark.parametrize("code", [20005, 30002])
def test_an_account_that_is_suspended_is_no_fault_of_the_letter(sms, twilio, code):
	"""NT-3: nor is it."""
	twilio.refuse[PHONE] = code
	with pytest.raises(ChannelUnavailable):
		sms.send(LETTER)


def test_an_answer_of_something_in_between_is_unknown(sms, twilio):
	"""NT-3: a proxy's page is no SID."""
	twilio.work = lambda call: Answer("<html>", 201)
	with pytest.raises(OutcomeUnknown):
		sms.send(LETTER)


def test_whatsapp_goes_by_template(whatsapp, twilio):
	"""NT-2: of the letter's kind and language, filled in order."""
	whatsapp.send(LETTER)
	(sent,) = twilio.sent
	assert (sent.to, sent.sender) == (f"whatsapp:{PHONE}", f"whatsapp:{NUMBER}")
	assert sent.body == "Clinica Centru: luni 09:00 https://clinic.example/b/x"
	with pytest.raises(CannotSay):
		whatsapp.look(LETTER)


def test_whatsapp_without_a_template_is_refused(account, twilio):
	"""NT-2: so that it goes by SMS; a dialect takes its language's."""
	channel = WhatsApp(account, NUMBER, {("reminder", "pt"): TEMPLATE}, tell)
	with pytest.raises(ChannelRefused):
		channel.send(LETTER)
	assert not twilio.received
	channel.send(Letter("m", PHONE, "", "t", "pt-BR", kind="reminder", variables={"a": "b"}))
	assert twilio.sent


@pytest.mark.parametrize("code", [63003, 63016, 63024])
def test_whatsapp_that_can_not_be_reached(whatsapp, twilio, code):
	"""ME-5: not there, or its window closed: another channel may do."""
	twilio.refuse[f"whatsapp:{PHONE}"] = code
	with pytest.raises(ChannelRefused):
		whatsapp.send(LETTER)


def test_the_test_button_names_what_is_missing(account, twilio):
	"""DY-7: account, sender, template; nothing is sent."""
	assert account.test(NUMBER, (TEMPLATE,)) is None
	assert account.test(SERVICE) is None
	assert account.test("CLINICA") is None  # names are not registered everywhere
	assert account.test("+15005550001") == "sender"
	assert account.test("MG" + "0" * 32) == "sender"
	assert account.test(NUMBER, (TEMPLATE, "HX0")) == "HX0"
	assert Account(SID, "wrong", twilio.url).test(NUMBER) == "account"
	with twilio.gone(), pytest.raises(ChannelUnavailable):
		Account(SID, TOKEN, twilio.url).test(NUMBER)
	twilio.work = lambda call: refusal(20404, 404)
	assert account.test(NUMBER) == "account"
	assert not twilio.sent


def test_reports_are_signed_as_twilio_signs(sms, twilio):
	"""NT-5: what waits to be posted back is what their own validator takes, and in their order."""
	sms.send(LETTER)
	reports = twilio.callbacks.take()
	assert [report.about.split()[1] for report in reports] == ["sent", "delivered"]
	form = dict(pair.split("=", 1) for pair in reports[0].body.decode().split("&"))
	assert form["MessageStatus"] == "sent"
	signature = reports[0].sign(reports[0].body)["X-Twilio-Signature"]
	plain = {"MessageSid": twilio.sent[0].sid, "MessageStatus": "sent", "To": PHONE, "AccountSid": SID}
	assert RequestValidator(TOKEN).validate(tell("message-1"), plain, signature)
