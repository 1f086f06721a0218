import frappe
import pytest

from clinic_booking.billing import registry
from clinic_booking.setup.demo import company_in
from tests.fakes.stripe import Stripe
from tests.site.billing import online
from tests.site.billing.gateway import InMemory
from tests.site.billing.practice import a_practice
from tests.site.billing.stripe_shop import Shop

COUNTRIES = {"EUR": "Spain", "JPY": "Japan", "KWD": "Kuwait"}
PRICES = {"EUR": "35.35", "JPY": "5001", "KWD": "12.345"}


@pytest.fixture
def practice(site):
	"""A clinic in EUR with a doctor, a service for 35.35 and a patient."""
	return a_practice(price=PRICES["EUR"])


@pytest.fixture(params=COUNTRIES)
def practice_abroad(site, request):
	"""The same in each of three currencies: with two decimals, with none, and with three (PY-1)."""
	currency = request.param
	frappe.db.set_single_value("System Settings", "currency_precision", "3")
	frappe.db.set_default("currency_precision", "3")
	company = company_in(currency, f"Practice in {COUNTRIES[currency]}", COUNTRIES[currency])
	return a_practice(price=PRICES[currency], company=company)


@pytest.fixture
def gateway(monkeypatch):
	"""A provider called stripe, in memory."""
	made = InMemory()
	monkeypatch.setattr(registry, "gateway", lambda method: made if method == made.name else None)
	return made


@pytest.fixture
def provider(site, monkeypatch):
	"""A payment provider in memory, the only one of this test, found by the hook as any app's."""
	made = online.Provider()
	hooks, attr = frappe.get_hooks, frappe.get_attr
	path = f"{__name__}.provider"

	def get_hooks(hook=None, *args, **kwargs):
		return {online.METHOD: [path]} if hook == registry.HOOK else hooks(hook, *args, **kwargs)

	monkeypatch.setattr(frappe, "get_hooks", get_hooks)
	# The tests are no app that is installed.
	monkeypatch.setattr(frappe, "get_attr", lambda name: (lambda: made) if name == path else attr(name))
	return made


@pytest.fixture
def stripe():
	"""A Stripe on this machine; its webhooks wait until a test posts them."""
	with Stripe() as fake:
		yield fake


@pytest.fixture
def shop(server, stripe):
	"""A clinic of the running server's where a visit costs 35 EUR, paid first by Stripe."""
	return Shop(server, stripe)
