"""Amounts in Stripe's units (PY-2)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_booking.billing.gateways.stripe_amounts import MINIMUM, from_units, is_taken, to_units
from tests.fakes.stripe_account import MINIMUM as THEIR_MINIMUM
from tests.fakes.stripe_account import Refusal, check_amount


@pytest.mark.parametrize(
	"amount, currency, units",
	[
		("35.00", "EUR", 3500),
		("0.01", "EUR", 1),
		("0.005", "EUR", None),
		("3500", "JPY", 3500),
		("3500.5", "JPY", None),
		("5.120", "KWD", 5120),
		("5.124", "KWD", None),
		("500", "ISK", 50000),
		("500.50", "ISK", None),
		("0", "EUR", 0),
		("-1", "EUR", None),
		("NaN", "EUR", None),
		("Infinity", "EUR", None),
		("1e308", "EUR", None),
	],
)
def test_amounts_are_whole_smallest_units(amount, currency, units):
	"""MO-15: zero, two and three decimals, half cents, zero, negative, 1e308, NaN."""
	assert to_units(Decimal(amount), currency) == units


@pytest.mark.parametrize(
	"amount, currency, taken",
	[
		("0.50", "EUR", True),
		("0.49", "EUR", False),
		("50", "JPY", True),
		("49", "JPY", False),
		("999999.99", "EUR", True),
		("1000000.00", "EUR", False),
		("99999999", "JPY", True),
		("100000000", "JPY", False),
		("0", "KWD", False),
		("NaN", "EUR", False),
	],
)
def test_what_is_offered_is_within_the_limits(amount, currency, taken):
	"""MO-15: zero and below the gateway's minimum are not offered there."""
	assert is_taken(Decimal(amount), currency) is taken


CURRENCIES = ("EUR", "USD", "RON", "JPY", "KRW", "KWD", "BHD", "ISK", "HUF", "TND")


@given(st.integers(1, 99_999_999), st.sampled_from(CURRENCIES))
def test_there_and_back(units, currency):
	"""MO-15: any amount in units is the same amount again."""
	amount = from_units(units, currency)
	assert to_units(amount, currency) in (units, None)


@given(st.decimals(-10, 2_000_000, places=3), st.sampled_from(CURRENCIES))
def test_what_is_offered_stripe_takes(amount, currency):
	"""MO-15: nothing is offered that Stripe would refuse."""
	if is_taken(amount, currency):
		check_amount(to_units(amount, currency), currency.lower())
	else:
		units = to_units(amount, currency)
		with pytest.raises(Refusal):
			check_amount(0 if units is None else units, currency.lower())


def test_minimums_are_stripes():
	"""MO-15: both lists were written down by hand."""
	assert {name.lower(): units for name, units in MINIMUM.items()} == THEIR_MINIMUM
