"""A thousand paid bookings with everything going wrong: gateway, ledger and appointments agree in the end."""

from tests.site.billing.conftest import shop, stripe  # noqa: F401
from tests.site.billing.stripe_lifecycles import live

SEED, LIVES = 20261122, 1000


def test_a_thousand_lives_with_all_faults_on(shop):  # noqa: F811
	"""MO-1, MO-2, MO-13, MO-19: no money without an appointment or a refund, no appointment without its money."""
	assert live(shop, LIVES, SEED) == []
