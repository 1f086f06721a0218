"""The stand-in behaves as Stripe's documentation says, towards Stripe's own SDK."""

import http.client
import json
import time
import urllib.request

import pytest
import stripe

from tests.fakes.server import BROKEN
from tests.fakes.stripe import Stripe

HALF_AN_HOUR, DAY = 1800, 86400


@pytest.fixture
def fake():
	with Stripe(webhook="http://localhost:1/hook") as fake:
		yield fake


@pytest.fixture
def client(fake):
	return stripe.StripeClient(fake.secret_key, base_addresses={"api": fake.url}, max_network_retries=0).v1


def a_session(client, amount=3500, currency="eur", key=None, lasts=HALF_AN_HOUR + 60, expires_at=None):
	item = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Appointment ABC123"}}
	parameters = {
		"mode": "payment",
		"line_items": [{"price_data": item, "quantity": 1}],
		"success_url": "http://localhost/paid",
		"cancel_url": "http://localhost/left",
		"expires_at": expires_at or int(time.time()) + lasts,
	}
	return client.checkout.sessions.create(parameters, {"idempotency_key": key} if key else {})


def test_the_same_key_gets_the_same_answer_for_a_day(fake, client):
	"""MO-13: one session however often it is asked for; a day later the key is forgotten."""
	expires_at = int(time.time()) + 4000
	first = a_session(client, key="k", expires_at=expires_at)
	assert a_session(client, key="k", expires_at=expires_at).id == first.id
	with pytest.raises(stripe.IdempotencyError):
		a_session(client, amount=3600, key="k", expires_at=expires_at)
	fake.account.ahead = DAY + 1
	assert a_session(client, key="k", expires_at=expires_at + DAY + 1).id != first.id


def test_a_500_stays_under_its_key_and_a_refusal_does_not(fake, client):
	"""MO-13: asking again after a 500 is answered by the same 500."""
	expires_at = int(time.time()) + 4000
	fake.fail(BROKEN, "POST /v1/checkout/sessions")
	for _time in range(2):
		with pytest.raises(stripe.APIError):
			a_session(client, key="broken", expires_at=expires_at)
	with pytest.raises(stripe.InvalidRequestError):
		a_session(client, amount=1, key="refused", expires_at=expires_at)
	assert a_session(client, key="refused", expires_at=expires_at).status == "open"


@pytest.mark.parametrize(
	"values",
	[
		{"amount": 49},
		{"amount": 0},
		{"amount": -5},
		{"amount": 100_000_000},
		{"amount": 49, "currency": "jpy"},
		{"amount": 1234, "currency": "kwd"},
		{"amount": 550, "currency": "isk"},
		{"currency": "abc"},
		{"lasts": HALF_AN_HOUR - 60},
		{"lasts": DAY + 60},
	],
	ids=str,
)
def test_what_stripe_does_not_take(client, values):
	"""MO-15: minimum, maximum, smallest units, and how long a page may be open."""
	with pytest.raises(stripe.InvalidRequestError):
		a_session(client, **values)


def test_a_wrong_key_opens_nothing(fake):
	"""Nothing is done for strangers."""
	stranger = stripe.StripeClient("sk_test_wrong", base_addresses={"api": fake.url}).v1
	with pytest.raises(stripe.AuthenticationError):
		stranger.balance.retrieve()
	with pytest.raises(stripe.AuthenticationError):
		a_session(stranger)


def test_the_patient_pays_on_the_page(fake, client):
	"""MO-8: buttons lead through 3-D Secure back to the clinic; a page that is over takes nothing."""
	session = a_session(client)

	def open_page(path="", post=False):
		with urllib.request.urlopen(session.url + path, b"" if post else None) as page:
			return page.read().decode()

	assert "Appointment ABC123" in open_page() and "35.00 EUR" in open_page()
	assert "Complete authentication" in open_page("/ask", post=True)
	fake.account.pay(session.id)
	assert client.checkout.sessions.retrieve(session.id).payment_status == "paid"
	assert "ended" in open_page()
	assert "ended" in open_page("/pay", post=True)
	assert len(fake.account.every("charge")) == 1


def test_sessions_end_by_themselves_and_by_request(fake, client):
	"""MO-6: an ended one takes no money; one that is not open can't be ended."""
	session, other = a_session(client), a_session(client, lasts=7200)
	fake.account.ahead = HALF_AN_HOUR + 61
	assert client.checkout.sessions.retrieve(session.id).status == "expired"
	assert client.checkout.sessions.expire(other.id).status == "expired"
	with pytest.raises(stripe.InvalidRequestError):
		client.checkout.sessions.expire(other.id)
	assert [event["type"] for event in fake.account.events()] == ["checkout.session.expired"] * 2


def test_refunds_never_exceed_the_charge(fake, client):
	"""MO-10: partial ones add up; a failed one gives the amount back to the charge (MO-11)."""
	session = a_session(client)
	fake.account.pay(session.id)
	intent = client.checkout.sessions.retrieve(session.id).payment_intent
	fake.account.refunds_wait = True
	refund = client.refunds.create({"payment_intent": intent, "amount": 2000})
	assert refund.status == "pending"
	with pytest.raises(stripe.InvalidRequestError):
		client.refunds.create({"payment_intent": intent, "amount": 1501})
	fake.account.finish_refund(refund.id, succeeds=False)
	assert client.refunds.retrieve(refund.id).status == "failed"
	client.refunds.create({"payment_intent": intent})
	with pytest.raises(stripe.InvalidRequestError):
		client.refunds.create({"payment_intent": intent, "amount": 1})


def test_webhooks_are_signed_as_the_sdk_checks_it(fake, client):
	"""MO-3: Stripe's own check takes them."""
	fake.account.pay(a_session(client).id)
	types = [callback.about for callback in fake.callbacks.waiting]
	assert types == ["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]
	for callback in fake.callbacks.waiting:
		header = callback.sign(callback.body)["Stripe-Signature"]
		event = stripe.Webhook.construct_event(callback.body, header, fake.webhook_secret)
		assert event.id == json.loads(callback.body)["id"]


def test_the_demo_keeps_its_payments(tmp_path):
	"""What was paid yesterday can be refunded today."""
	state = tmp_path / "stripe.json"
	with Stripe(state=state) as fake:
		client = stripe.StripeClient(fake.secret_key, base_addresses={"api": fake.url}).v1
		session = a_session(client)
		browser = http.client.HTTPConnection("localhost", fake.port)
		browser.request("POST", f"/c/pay/{session.id}/debit")
		assert browser.getresponse().headers["Location"] == "http://localhost/paid"
		browser.close()
	with Stripe(state=state) as fake:
		assert fake.account.get(session.id, "checkout.session")["status"] == "complete"
