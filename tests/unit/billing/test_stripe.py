"""The Stripe gateway over the wire: the real SDK, a Stripe on this machine, every fault (PY-2)."""

import json
import time
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from clinic_booking.billing.gateways.interface import (
	EXPIRED,
	FAILED,
	OPEN,
	PAID,
	PENDING,
	PROCESSING,
	REFUNDED,
	REFUSED,
	BadSignature,
	Demand,
	GatewayError,
	GatewayUnavailable,
)
from clinic_booking.billing.gateways.stripe import Stripe
from tests.fakes import stripe as fakes
from tests.fakes.server import BROKEN, BROKEN_AFTER, DROPPED, DROPPED_AFTER, TOO_MANY, TWICE, slow

UNSURE = [TOO_MANY, DROPPED, DROPPED_AFTER, slow(30)]


@pytest.fixture
def fake():
	with fakes.Stripe(webhook="http://localhost:1/hook") as fake:
		yield fake


@pytest.fixture
def gateway(fake):
	return Stripe(fake.secret_key, fake.webhook_secret, fake.url)


def a_demand(amount="35.00", currency="EUR", key="key-1", **values):
	expires_at = datetime.now(timezone.utc) + timedelta(minutes=40)
	values = {
		"text": "Appointment ABC123",
		"return_url": "https://clinic.example/paid",
		"language": "ro",
	} | values
	return Demand(key=key, amount=Decimal(amount), currency=currency, expires_at=expires_at, **values)


def paid(gateway, fake, **values):
	checkout = gateway.begin(a_demand(**values))
	fake.account.pay(checkout.id)
	return checkout.id


# -- paying ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
	"amount, currency", [("35.00", "EUR"), ("3500", "JPY"), ("12.340", "KWD"), ("500", "ISK")]
)
def test_a_page_to_pay_on_then_paid(gateway, fake, amount, currency):
	"""MO-15: the amount asked for is the amount received, whatever the currency's decimals."""
	checkout = gateway.begin(a_demand(amount, currency))
	assert checkout.url.startswith(fake.url)
	standing = gateway.look(checkout.id)
	assert (standing.state, standing.amount, standing.currency) == (OPEN, Decimal(amount), currency)
	fake.account.pay(checkout.id)
	standing = gateway.look(checkout.id)
	assert (standing.state, standing.amount, standing.currency) == (PAID, Decimal(amount), currency)
	assert standing.payment_id and not standing.refunded and not standing.disputed


def test_stripe_learns_the_reference_only(gateway, fake):
	"""PY-2: `Appointment <reference>`, an amount, where to return to, and nothing else."""
	gateway.begin(a_demand())
	(call,) = fake.received
	assert call.headers["idempotency-key"] == "key-1"
	expected = {
		"mode": "payment",
		"line_items[0][price_data][currency]": "eur",
		"line_items[0][price_data][unit_amount]": "3500",
		"line_items[0][price_data][product_data][name]": "Appointment ABC123",
		"line_items[0][quantity]": "1",
		"payment_intent_data[description]": "Appointment ABC123",
		"success_url": "https://clinic.example/paid",
		"cancel_url": "https://clinic.example/paid",
		"locale": "ro",
	}
	assert {name: value for name, value in call.form.items() if name != "expires_at"} == expected


@pytest.mark.parametrize("fault", UNSURE, ids=str)
def test_the_same_demand_again_is_the_same_page(gateway, fake, fault):
	"""MO-13: after a time-out, done or not, asking again with the key makes one session and no second."""
	demand = a_demand()
	fake.fail(fault, "POST /v1/checkout/sessions")
	began = time.monotonic()
	with pytest.raises(GatewayUnavailable):
		gateway.begin(demand)
	assert time.monotonic() - began < 6
	checkout = gateway.begin(demand)
	assert gateway.begin(demand) == checkout
	assert len(fake.account.every("checkout.session")) == 1


@pytest.mark.parametrize("fault", [BROKEN, BROKEN_AFTER], ids=str)
def test_after_a_500_another_key_is_needed(gateway, fake, fault):
	"""MO-13: Stripe keeps its 500 under the key, so a new demand opens a page; of the other nobody knows."""
	fake.fail(fault, "POST /v1/checkout/sessions")
	with pytest.raises(GatewayError) as raised:
		gateway.begin(a_demand())
	assert not isinstance(raised.value, GatewayUnavailable)
	assert gateway.begin(a_demand(key="key-2")).url


def test_nobody_answers(gateway, fake):
	"""MO-14: gone is as quick as it gets, and unavailable."""
	with fake.gone(), pytest.raises(GatewayUnavailable):
		gateway.begin(a_demand())


def test_nothing_hangs_longer_than_five_seconds(gateway, fake, monkeypatch):
	"""MO-14: not even where the name server does, which no time-out of a socket bounds."""
	monkeypatch.setattr("socket.getaddrinfo", lambda *_arguments: time.sleep(20))
	began = time.monotonic()
	with pytest.raises(GatewayUnavailable):
		gateway.look("cs_test_1")
	assert time.monotonic() - began < 5.5


@pytest.mark.parametrize(
	"amount, currency", [("0.49", "EUR"), ("0", "EUR"), ("1.234", "KWD"), ("NaN", "EUR"), ("35", "XXX")]
)
def test_what_stripe_does_not_take_is_refused(gateway, amount, currency):
	"""MO-15: refused for good, not to be tried again."""
	with pytest.raises(GatewayError) as raised:
		gateway.begin(a_demand(amount, currency))
	assert not isinstance(raised.value, GatewayUnavailable)


def test_three_d_secure_asked_failed_left(gateway, fake):
	"""MO-8: all of it leaves the page open; another card may be tried."""
	checkout = gateway.begin(a_demand())
	for happens in (fake.account.ask, fake.account.decline, fake.account.ask):
		happens(checkout.id)
		assert gateway.look(checkout.id).state == OPEN
	fake.account.pay(checkout.id)
	assert gateway.look(checkout.id).state == PAID


@pytest.mark.parametrize("succeeds, state", [(True, PAID), (False, FAILED)])
def test_processing_for_days(gateway, fake, succeeds, state):
	"""MO-8: complete but unpaid is not paid, until the bank has answered."""
	checkout = gateway.begin(a_demand())
	fake.account.debit(checkout.id)
	fake.account.ahead = 3 * 86400
	assert gateway.look(checkout.id).state == PROCESSING
	fake.account.settle(checkout.id, succeeds)
	assert gateway.look(checkout.id).state == state


def test_ended_takes_no_more(gateway, fake):
	"""MO-6: ending says how it stands; one that was paid a moment ago is paid."""
	open_one, paid_one = gateway.begin(a_demand()), paid(gateway, fake, key="key-2")
	assert gateway.end(open_one.id).state == EXPIRED
	assert gateway.end(open_one.id).state == EXPIRED
	assert gateway.end(paid_one).state == PAID
	fake.fail(DROPPED_AFTER, "POST /v1/checkout/sessions/*/expire")
	with pytest.raises(GatewayUnavailable):
		gateway.end(paid_one)


def test_a_session_of_another_account(gateway):
	"""MO-4: there is no such thing here."""
	with pytest.raises(GatewayError):
		gateway.look("cs_test_of_somebody_else")


# -- money back ------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [*UNSURE, BROKEN, BROKEN_AFTER], ids=str)
def test_one_key_gives_back_once(gateway, fake, fault):
	"""MO-9, MO-13: whatever happened to the first try, a day later as well."""
	checkout_id = paid(gateway, fake)
	fake.fail(fault, "POST /v1/refunds")
	with pytest.raises(GatewayUnavailable):
		gateway.refund(checkout_id, Decimal(10), "EUR", "refund-1")
	if fault == BROKEN:
		# Not done, and Stripe says so until it forgets the key.
		with pytest.raises(GatewayUnavailable):
			gateway.refund(checkout_id, Decimal(10), "EUR", "refund-1")
	fake.account.ahead = 25 * 3600
	refunds = {gateway.refund(checkout_id, Decimal(10), "EUR", "refund-1").id for _time in range(2)}
	assert len(refunds) == 1
	assert gateway.look(checkout_id).refunded == 10
	gateway.refund(checkout_id, Decimal(10), "EUR", "refund-2")
	assert gateway.look(checkout_id).refunded == 20


def test_a_network_that_repeats_calls(gateway, fake):
	"""MO-9: a refund that reaches Stripe twice is one."""
	checkout_id = paid(gateway, fake)
	fake.fail(TWICE, "POST /v1/refunds")
	gateway.refund(checkout_id, Decimal(10), "EUR", "refund-1")
	assert gateway.look(checkout_id).refunded == 10


def test_more_than_was_paid(gateway, fake):
	"""MO-10: refused for good, and so is a refund of what was not paid."""
	checkout_id, unpaid = paid(gateway, fake), gateway.begin(a_demand(key="key-2")).id
	for id, amount in ((checkout_id, "35.01"), (unpaid, "1")):
		with pytest.raises(GatewayError) as raised:
			gateway.refund(id, Decimal(amount), "EUR", f"refund-{amount}")
		assert not isinstance(raised.value, GatewayUnavailable)


@pytest.mark.parametrize("succeeds, state, refunded", [(True, REFUNDED, 35), (False, REFUSED, 0)])
def test_a_refund_that_is_decided_later(gateway, fake, succeeds, state, refunded):
	"""MO-11: pending first; one that fails is money that is still at the clinic's."""
	checkout_id = paid(gateway, fake)
	fake.account.refunds_wait = True
	refund = gateway.refund(checkout_id, Decimal(35), "EUR", "refund-1")
	assert refund.state == PENDING
	fake.account.finish_refund(refund.id, succeeds)
	assert gateway.look_at_refund(refund.id).state == state
	assert gateway.look(checkout_id).refunded == refunded


def test_disputes_open_lost_and_won(gateway, fake):
	"""MO-12: disputed while it may be lost and when it is, and no refund meanwhile."""
	checkout_id = paid(gateway, fake)
	dispute = fake.account.dispute(checkout_id)
	assert gateway.look(checkout_id).disputed
	with pytest.raises(GatewayError):
		gateway.refund(checkout_id, Decimal(35), "EUR", "refund-1")
	fake.account.close_dispute(dispute["id"], won=True)
	assert not gateway.look(checkout_id).disputed
	fake.account.close_dispute(dispute["id"], won=False)
	assert gateway.look(checkout_id).disputed


# -- webhooks --------------------------------------------------------------------------------------


def a_webhook(gateway, fake):
	paid(gateway, fake)
	return fake.callbacks.waiting[-1].body


def signed(fake, body, at, secret=None):
	return {"STRIPE-SIGNATURE": fakes.signature(body, secret or fake.webhook_secret, int(at.timestamp()))}


NOW = datetime(2030, 5, 1, 12, tzinfo=timezone.utc)


def test_webhooks_say_which_payment_they_are_about(gateway, fake):
	"""MO-2: by the checkout or by the money, for refunds and disputes as well."""
	checkout_id = paid(gateway, fake)
	gateway.refund(checkout_id, Decimal(5), "EUR", "refund-1")
	fake.account.close_dispute(fake.account.dispute(checkout_id)["id"], won=False)
	payment_id = gateway.look(checkout_id).payment_id
	types = set()
	for callback in fake.callbacks.take():
		event = gateway.event(callback.body, signed(fake, callback.body, NOW), NOW)
		is_checkout = event.type.startswith("checkout.session.")
		assert (event.checkout_id, event.payment_id) == (checkout_id if is_checkout else None, payment_id)
		assert event.id.startswith("evt_") and not event.live
		types.add(event.type)
	assert {"checkout.session.completed", "charge.refunded", "charge.dispute.closed"} <= types


def test_a_webhook_about_no_payment(gateway, fake):
	"""MO-4: an unknown type concerns no payment, and unknown fields do no harm."""
	said = {
		"id": "evt_1",
		"type": "payout.paid",
		"livemode": True,
		"data": {"object": {"id": "po_1", "object": "payout"}},
	}
	body = json.dumps(said | {"new": [1]}).encode()
	event = gateway.event(body, signed(fake, body, NOW), NOW)
	assert (event.type, event.checkout_id, event.payment_id, event.live) == ("payout.paid", None, None, True)


@pytest.mark.parametrize("late", [-61, 301, 86400], ids=lambda late: f"{late} s")
def test_too_old_or_from_the_future(gateway, fake, late):
	"""MO-3: replayed later, or signed ahead of time."""
	body = a_webhook(gateway, fake)
	with pytest.raises(BadSignature):
		gateway.event(body, signed(fake, body, NOW), NOW + timedelta(seconds=late))


@pytest.mark.parametrize("late", [-60, 0, 300], ids=lambda late: f"{late} s")
def test_just_in_time(gateway, fake, late):
	"""MO-3: the limits themselves are good."""
	body = a_webhook(gateway, fake)
	assert gateway.event(body, signed(fake, body, NOW), NOW + timedelta(seconds=late)).id


def test_not_stripes(gateway, fake):
	"""MO-3: no header, another secret, one byte changed anywhere, a signature of another time, rubbish."""
	body = a_webhook(gateway, fake)
	good = signed(fake, body, NOW)["STRIPE-SIGNATURE"]
	headers = [{}, signed(fake, body, NOW, "whsec_other"), signed(fake, b"{}", NOW)]
	headers += [
		{"Stripe-Signature": header}
		for header in (
			"",
			"t=,v1=",
			"v1=abc",
			good.split(",")[0],
			good.replace("v1=", "v0="),
			"t=1,t=2",
			"\0",
			"t=1" * 5000,
		)
	]
	headers.append({"Stripe-Signature": good.replace(good[2:12], str(int(good[2:12]) - 1))})
	for each in headers:
		with pytest.raises(BadSignature):
			gateway.event(body, each, NOW)
	for position in range(0, len(body), 7):
		changed = body[:position] + bytes([body[position] ^ 1]) + body[position + 1 :]
		with pytest.raises(BadSignature):
			gateway.event(changed, {"Stripe-Signature": good}, NOW)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff\xfe", b'{"data": 1}', b'"text"', b"not JSON"])
def test_signed_rubbish(gateway, fake, body):
	"""MO-3: a good signature under something that is no event."""
	with pytest.raises(BadSignature):
		gateway.event(body, signed(fake, body, NOW), NOW)


def test_two_signatures(gateway, fake):
	"""MO-3: while a secret is changed Stripe signs with both; one of them must be right."""
	body = a_webhook(gateway, fake)
	good = signed(fake, body, NOW)["STRIPE-SIGNATURE"]
	other = signed(fake, body, NOW, "whsec_old")["STRIPE-SIGNATURE"].split(",")[1]
	assert gateway.event(body, {"Stripe-Signature": f"{good},{other}"}, NOW).id
	at, signature = good.split(",")
	assert gateway.event(body, {"Stripe-Signature": f"{at},{other},{signature},v0=1"}, NOW).id
	with pytest.raises(BadSignature):
		gateway.event(body, {"Stripe-Signature": f"{at},{other},{other}"}, NOW)


# -- setting up ------------------------------------------------------------------------------------


def test_what_is_missing(fake, gateway):
	"""DY-7: the Test button says whether the key is right, and whether Stripe sends its events here."""
	assert gateway.missing(fake.webhook) == []
	assert gateway.missing("https://elsewhere.example/hook") == ["webhook"]
	assert Stripe("sk_test_wrong", "whsec_1", fake.url).missing(fake.webhook) == ["key"]
	with fake.gone(), pytest.raises(GatewayUnavailable):
		gateway.missing(fake.webhook)


def test_errors_quote_nothing(gateway, fake):
	"""SE-5: an error names its kind; Stripe's own words may hold what was sent."""
	with pytest.raises(GatewayError) as raised:
		Stripe("sk_test_secret", "whsec_1", fake.url).begin(a_demand())
	assert "secret" not in repr(raised.value) and raised.value.__suppress_context__
