"""The door for providers: raw bodies, their own signatures, no Origin, nothing of ours asked for (SE-6)."""

import json

import frappe
import pytest
from frappe.installer import update_site_config

from tests.fakes.stripe import Stripe
from tests.site.api.conftest import error_of

PATH = "/api/method/clinic_booking.api.webhooks.stripe"


@pytest.fixture
def stripe(server):
	"""The site's Stripe, which posts nothing by itself."""
	with Stripe(webhook=server.url + PATH) as fake:
		account = {"address": fake.url, "secret_key": fake.secret_key, "webhook_secret": fake.webhook_secret}
		update_site_config("clinic_booking_demo", 1)
		update_site_config("clinic_booking_stripe", account)
		yield fake


def a_callback(stripe, kind="payment_intent", **values):
	"""A webhook about a payment that this site has never heard of."""
	stripe.account._happened("payment_intent.succeeded", {"id": "pi_1", "object": kind} | values)
	return stripe.callbacks.take()[0]


def stored():
	frappe.db.rollback()
	return frappe.get_all("Gateway Event", ["name", "type", "checkout_id", "payment_id"])


def test_a_webhook_is_stored_and_answered(stripe):
	"""MO-1: once, however often it is told."""
	callback = a_callback(stripe)
	assert stripe.callbacks.post([callback, callback]) == [200, 200]
	(event,) = stored()
	assert event.name == f"stripe {json.loads(callback.body)['id']}"
	assert (event.type, event.checkout_id, event.payment_id) == ("payment_intent.succeeded", None, "pi_1")


def test_bad_signatures_store_nothing(stripe, client):
	"""MO-3: none, another's, another body's; refused in our shape and without a cookie."""
	body = a_callback(stripe).body
	good = stripe._sign(body)["Stripe-Signature"]
	for headers, sent in (
		({}, body),
		({"Stripe-Signature": good[:-1] + "x"}, body),
		({"Stripe-Signature": good}, body + b" "),
	):
		answer = client.post(PATH, data=sent, headers=headers | {"Content-Type": "application/json"})
		error_of(answer, 403, "ERR_FORBIDDEN")
		assert not answer.cookies
	assert not stored()


def test_nothing_of_ours_is_asked_for(stripe, client):
	"""SE-6: a foreign Origin, another content type, no JSON at all: the signature alone decides."""
	body = a_callback(stripe).body
	headers = stripe._sign(body) | {"Origin": "https://dashboard.stripe.com", "Content-Type": "text/plain"}
	assert client.post(PATH, data=body, headers=headers).status_code == 200
	assert len(stored()) == 1
	odd = client.post(PATH, data=b"\xff{", headers={"Content-Type": "application/json"})
	assert odd.status_code in (403, 422) and set(odd.json()) == {"error"}


def test_events_of_the_other_mode_and_about_nothing(stripe):
	"""MO-4: answered, so that they are not told again, and let go."""
	stripe.account.live = True
	live = a_callback(stripe)
	stripe.account.live = False
	nothing = a_callback(stripe, kind="payout")
	assert stripe.callbacks.post([live, nothing]) == [200, 200]
	assert not stored()


def test_not_set_up(client):
	"""MO-4: a site without Stripe has no such door open."""
	error_of(client.post(PATH, json={}), 404, "ERR_NOT_FOUND")


def test_too_much(stripe, client):
	"""IN-9: five megabytes are not read into anything."""
	error_of(
		client.post(PATH, data=b"x" * 5_000_000, headers={"Content-Type": "text/plain"}),
		422,
		"ERR_VALIDATION",
	)


def test_scanners_change_nothing(stripe, client):
	"""IN-15: only POST is taken."""
	error_of(client.get(PATH), 405, "ERR_VALIDATION")
