"""Amounts of money as callers write them."""

from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from clinic_booking.inputs import Amount

AMOUNT = TypeAdapter(Amount)


@pytest.mark.parametrize("text", ["35", "35.5", "35.50", "0.001", "999999999.999"])
def test_amount_is_taken_exactly(text):
	"""MO-15: as written, never by way of a float."""
	assert AMOUNT.validate_python(text) == Decimal(text)


@pytest.mark.parametrize(
	"value", ["1,50", "1e308", "NaN", "Infinity", "-1", "+1", "", " ", "1.", ".5", "1.0001", "٣", 35, 35.5, True, None]
)  # fmt: skip
def test_what_is_no_amount_is_refused(value):
	"""MO-15: numbers are text; commas, exponents, signs and other digits are not guessed at."""
	with pytest.raises(ValidationError):
		AMOUNT.validate_python(value)
