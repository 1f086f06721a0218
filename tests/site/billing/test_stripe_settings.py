"""Setting up Stripe: nothing half-set is offered, and no secret is shown (MO-4, DY-7)."""

import frappe
import pytest

from clinic_booking.billing import registry, stripe_account
from tests.fakes.stripe import LIVE_KEY, SECRET_KEY, WEBHOOK_SECRET, Stripe


def set_up(**values):
	settings = frappe.get_doc("Clinic Booking Settings")
	settings.update(values)
	settings.save(ignore_permissions=True)


@pytest.fixture
def demo():
	"""A demo site, as bin/serve marks it, beside a Stripe of its own."""
	with Stripe(webhook=frappe.utils.get_url(stripe_account.WEBHOOK)) as fake:
		account = {"address": fake.url, "secret_key": fake.secret_key, "webhook_secret": fake.webhook_secret}
		frappe.conf.update(clinic_booking_demo=1, clinic_booking_stripe=account)
		yield fake


def test_without_keys_there_is_no_stripe():
	"""PY-7: not offered, and the Test button says what is missing."""
	assert registry.gateway("stripe") is None
	assert len(stripe_account.test()) == 2 and not stripe_account.is_half_set()


@pytest.mark.parametrize(
	"values",
	[
		{"stripe_secret_key": LIVE_KEY},
		{"stripe_webhook_secret": WEBHOOK_SECRET},
		{"stripe_secret_key": SECRET_KEY, "stripe_test_mode": 1},
	],
)
def test_half_set_is_off(values):
	"""DY-7: one of two keys offers nothing."""
	set_up(**values)
	assert registry.gateway("stripe") is None
	assert stripe_account.is_half_set() and len(stripe_account.test()) == 1


@pytest.mark.parametrize("key, mode", [(LIVE_KEY, 0), (SECRET_KEY, 1)])
def test_both_keys_are_enough(key, mode):
	"""DY-7: live keys, or test keys where Test Mode is on."""
	set_up(stripe_secret_key=key, stripe_webhook_secret=WEBHOOK_SECRET, stripe_test_mode=mode)
	assert registry.gateway("stripe").live is not bool(mode)
	# What is saved shows as asterisks, and saving it again keeps it.
	set_up(limit_read=299)
	assert stripe_account.keys_of_site() == stripe_account.Keys(key, WEBHOOK_SECRET, bool(mode))


@pytest.mark.parametrize(
	"values",
	[
		{"stripe_secret_key": SECRET_KEY},
		{"stripe_secret_key": LIVE_KEY, "stripe_test_mode": 1},
		{"stripe_secret_key": "pk_live_1"},
		{"stripe_secret_key": "sk_live_1\nsk_live_2"},
		{"stripe_webhook_secret": SECRET_KEY},
	],
)
def test_what_can_not_be_a_key_is_refused(values):
	"""MO-4: above all a test key on a live site; the refusal quotes nothing."""
	with pytest.raises(frappe.ValidationError) as raised:
		set_up(**values)
	assert not any(
		str(value) in str(raised.value) for name, value in values.items() if name != "stripe_test_mode"
	)


def test_live_mode_switched_on_over_a_test_key():
	"""MO-4: the key that is stored counts, not the asterisks."""
	set_up(stripe_secret_key=SECRET_KEY, stripe_webhook_secret=WEBHOOK_SECRET, stripe_test_mode=1)
	with pytest.raises(frappe.ValidationError):
		set_up(stripe_test_mode=0)


def test_secrets_stay_secret():
	"""SE-5: neither in the settings' rows nor in their versions."""
	set_up(stripe_secret_key=LIVE_KEY, stripe_webhook_secret=WEBHOOK_SECRET)
	set_up(stripe_secret_key=f"{LIVE_KEY}2")
	for table in ("tabSingles", "tabVersion", "__Auth", "tabError Log"):
		assert LIVE_KEY not in str(frappe.db.sql(f"SELECT * FROM `{table}`")), table
	assert LIVE_KEY not in repr(stripe_account.keys_of_site())


def test_a_restore_without_its_encryption_key(monkeypatch):
	"""LI-8: Stripe is off, and everything else goes on."""
	set_up(stripe_secret_key=LIVE_KEY, stripe_webhook_secret=WEBHOOK_SECRET)
	monkeypatch.setitem(frappe.conf, "encryption_key", "8a1WD8GuSnzaNDvbOsmr7zKYkzqYpvEpWgTKMGZLQ0Q=")
	assert registry.gateway("stripe") is None


def test_the_demo_brings_its_own(demo):
	"""PY-7: where the configuration marks a demo, its Stripe is there; keys of one's own come first."""
	assert registry.gateway("stripe").missing(demo.webhook) == []
	assert stripe_account.test() == []
	set_up(stripe_secret_key=LIVE_KEY, stripe_webhook_secret=WEBHOOK_SECRET)
	assert stripe_account.keys_of_site().address is None


def test_an_address_without_the_mark_is_nothing(demo):
	"""PY-7: no clinic's site can be led to another Stripe by one line."""
	frappe.conf.clinic_booking_demo = 0
	assert registry.gateway("stripe") is None


def test_the_button_names_what_stripe_says(demo):
	"""DY-7: a wrong key, no webhook, no answer."""
	frappe.conf.clinic_booking_stripe |= {"secret_key": "sk_test_other"}
	assert "secret key" in stripe_account.test()[0]
	frappe.conf.clinic_booking_stripe |= {"secret_key": demo.secret_key}
	demo.webhook = None
	assert stripe_account.WEBHOOK in stripe_account.test()[0]
	with demo.gone():
		assert "answer" in stripe_account.test()[0]
