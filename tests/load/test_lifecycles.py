"""A thousand random lives of visits, over three companies in euros, yen and dinars."""

import random

import pytest

from tests.site.billing.conftest import COUNTRIES, gateway, practice_abroad  # noqa: F401
from tests.site.billing.lives import live

VISITS = 1000
PATIENTS = 10


@pytest.mark.parametrize("number", range(PATIENTS))
def test_a_thousand_lives(practice_abroad, gateway, number):  # noqa: F811
	"""MO-15, MO-19: ledger, provider and appointment to the smallest unit, after every one of them."""
	dice = random.Random(f"{practice_abroad.currency} {number}")
	live(practice_abroad, gateway, dice, VISITS // PATIENTS // len(COUNTRIES) + 1)
