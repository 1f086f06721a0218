"""Web push by pywebpush, against a push service on this machine that decrypts what it gets."""

import base64
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from clinic_booking.messaging.channels import push_services
from clinic_booking.messaging.channels.interface import (
	GONE,
	REJECTED,
	ChannelRefused,
	ChannelUnavailable,
	Letter,
	OutcomeUnknown,
)
from clinic_booking.messaging.channels.push import Push, Sender, topic_of
from tests.fakes.push import PushService, point, text
from tests.fakes.server import BROKEN, DROPPED_AFTER, TOO_MANY, Answer

LINK = "https://clinic.example/booking/secret"
KEY = ec.derive_private_key(4711, ec.SECP256R1())
PRIVATE, PUBLIC = text((4711).to_bytes(32, "big")), text(point(KEY.public_key()))


@pytest.fixture
def service():
	with PushService() as server:
		yield server


@pytest.fixture
def gone():
	return []


@pytest.fixture
def push(gone):
	return Push(Sender(PRIVATE, "it@clinic.example"), gone.append, lambda: datetime.now(timezone.utc))


def letter(*browsers, key="message-1", body="Clínica Centro: mañana 09:00"):
	return Letter(
		key=key,
		to=json.dumps([browser.subscription for browser in browsers]),
		subject="",
		text=f"{body}\n{LINK}",
		language="es",
		link=LINK,
		sender="Clínica Centro",
	)


def test_a_browser_reads_what_only_it_can(push, service):
	"""NT-2: encrypted to the browser, signed with our key; the text without the link, which a press opens."""
	browser = service.browser(PUBLIC)
	assert push.send(letter(browser)) == "message-1"
	assert browser.shown == [
		{
			"title": "Clínica Centro",
			"body": "Clínica Centro: mañana 09:00",
			"url": LINK,
			"tag": "message-1",
			"lang": "es",
		}
	]
	(call,) = service.received
	assert b"secret" not in call.body
	assert call.headers["topic"] == topic_of("message-1")


@pytest.mark.parametrize(
	("hours", "kept"), [(None, 24 * 3600), (48, 24 * 3600), (2, 2 * 3600), (0, 0), (-1, 0)]
)
def test_a_phone_that_was_off_shows_nothing_that_is_over(service, hours, kept):
	"""ME-9, NT-2: the push service keeps it for a day, and no longer than it is true (RFC 8030 §5.2)."""
	now = datetime.now(timezone.utc)
	expires_at = None if hours is None else now + timedelta(hours=hours)
	push = Push(Sender(PRIVATE, "it@clinic.example"), [].append, lambda: now)
	push.send(replace(letter(service.browser(PUBLIC)), expires_at=expires_at))
	assert service.received[0].headers["ttl"] == str(kept)


def test_every_browser_of_a_booking_gets_it(push, service, gone):
	"""NT-2: one that left is told of, the others still get it."""
	phone, tablet = service.browser(PUBLIC), service.browser(PUBLIC)
	phone.leave()
	push.send(letter(phone, tablet))
	assert gone == [phone.subscription["endpoint"]]
	assert len(tablet.shown) == 1


def test_all_browsers_gone_is_for_good(push, service, gone):
	"""NT-2: 410; another channel may do."""
	browser = service.browser()
	browser.leave()
	with pytest.raises(ChannelRefused) as refused:
		push.send(letter(browser))
	assert refused.value.reason == GONE
	assert gone


def test_a_key_that_is_not_ours_is_refused(push, service, gone):
	"""NT-2: a browser that subscribed to another key takes nothing of us."""
	with pytest.raises(ChannelRefused) as refused:
		push.send(letter(service.browser("BAnotherKey")))
	assert refused.value.reason == REJECTED
	assert not gone


@pytest.mark.parametrize(
	"fault, error",
	[(TOO_MANY, ChannelUnavailable), (BROKEN, OutcomeUnknown), (DROPPED_AFTER, OutcomeUnknown)],
)
def test_what_may_not_have_arrived_is_sent_again_and_shown_once(push, service, fault, error):
	"""NT-3, ME-5: the second takes the place of the first."""
	browser = service.browser(PUBLIC)
	service.fail(fault)
	with pytest.raises(error):
		push.send(letter(browser))
	assert push.look(letter(browser)) is None
	push.send(letter(browser))
	assert len(browser.shown) == 1


def test_when_to_come_back_is_the_services_word(push, service):
	"""ME-5: Retry-After, an hour at most."""
	service.work = lambda call: Answer(status=429, headers={"Retry-After": "99999"})
	with pytest.raises(ChannelUnavailable) as later:
		push.send(letter(service.browser()))
	assert later.value.wait == timedelta(hours=1)


def test_a_push_service_sends_us_nowhere_else(push, service):
	"""IN-10: an answer that points to another address is not followed (SSRF)."""
	service.work = lambda call: Answer(status=307, headers={"Location": f"{service.url}/inside"})
	with pytest.raises(ChannelRefused):
		push.send(letter(service.browser()))
	assert len(service.received) == 1


@pytest.mark.parametrize(
	"endpoint",
	[
		"https://fcm.googleapis.com/fcm/send/abc:def",
		"https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
		"https://wns2-par02p.notify.windows.com/w/?token=x",
		"https://web.push.apple.com/QABC",
		"https://fcm.googleapis.com:443/wp/x",
		"http://localhost:4711/wpush/x",
	],
)
def test_browsers_own_services_are_known(endpoint):
	"""api.md `subscribe`: and whatever the site's configuration names."""
	assert push_services.is_known(endpoint, also=("http://localhost:4711",))


@pytest.mark.parametrize(
	"endpoint",
	[
		"http://fcm.googleapis.com/x",
		"https://fcm.googleapis.com.evil.example/x",
		"https://evilpush.apple.com.example/",
		"https://xpush.apple.com/",
		"https://fcm.googleapis.com@127.0.0.1/x",
		"https://user:pass@fcm.googleapis.com/x",
		"https://fcm.googleapis.com:8443/x",
		"https://127.0.0.1/x",
		"https://[::1]/x",
		"https://169.254.169.254/latest/meta-data",
		"https://localhost/x",
		"https://fcm.googleapis.com\\@10.0.0.1/x",
		"https://10.0.0.1\\.push.apple.com/x",
		"https://10.0.0.1#.push.apple.com",
		"https://10.0.0.1?.push.apple.com",
		"https://fcm.googleapis.com /x",
		"https://fcm.googleapis.com/\r\nHost: x",
		"file:///etc/passwd",
		"//fcm.googleapis.com/x",
		"https://fcm.googleapis.com:port/x",
		"https://[fcm.googleapis.com/x",
		"https://fcm.googleapis.com/" + "x" * 2048,
		"https://fcm。googleapis。com/x",
		"http://localhost:4712/wpush/x",
		"",
	],
)
def test_no_other_address_is(endpoint):
	"""IN-10: a booking's holder can't make this server call what they like (SSRF)."""
	assert not push_services.is_known(endpoint, also=("http://localhost:4711",))


@given(st.text(max_size=100))
def test_no_text_breaks_the_check(words):
	"""IN-9: whatever is sent, it is yes or no."""
	assert push_services.is_known(words) in (True, False)
	assert push_services.is_known(f"https://{words}.push.apple.com/") in (True, False)
	assert push_services.are_keys(words, words) is False


def test_keys_are_a_point_on_the_curve_and_sixteen_bytes(service):
	"""RFC 8291: anything else could not be encrypted to."""
	keys = service.browser().subscription["keys"]
	assert push_services.are_keys(**keys)
	assert push_services.are_keys(keys["p256dh"] + "=", keys["auth"] + "==")
	off_the_curve = text(b"\x04" + bytes(63) + b"\x01")
	assert not push_services.are_keys(off_the_curve, keys["auth"])
	assert not push_services.are_keys(keys["p256dh"], text(bytes(15)))
	assert not push_services.are_keys(keys["p256dh"][:-4], keys["auth"])
	assert base64.urlsafe_b64decode(keys["auth"] + "==")
