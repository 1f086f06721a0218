"""Stripe's webhooks: whose they are, how old, and which payment they are about (PY-2)."""

import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from clinic_booking.billing.gateways.interface import BadSignature
from tests.fakes import stripe as fakes
from tests.unit.billing.stripe_demand import paid


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
