import pytest

from clinic_booking.billing.gateways.stripe import Stripe
from tests.fakes import stripe as fakes


@pytest.fixture
def fake():
	with fakes.Stripe(webhook="http://localhost:1/hook") as fake:
		yield fake


@pytest.fixture
def gateway(fake):
	return Stripe(fake.secret_key, fake.webhook_secret, fake.url)
