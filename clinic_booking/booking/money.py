"""Amounts as the API speaks them: exact decimals in the currency's own smallest unit."""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import get_currency_precision


@cache
def unit(currency: str) -> Decimal:
	"""The smallest amount of a currency: 0.01 EUR, 1 JPY, 0.001 KWD (CLDR)."""
	return Decimal(1).scaleb(-get_currency_precision(currency))


def rounded(amount, currency: str) -> Decimal:
	"""An amount in whole smallest units, half away from zero."""
	return Decimal(str(amount or 0)).quantize(unit(currency), ROUND_HALF_UP)


def money(amount, currency: str) -> dict:
	"""`{"amount": "35.00", "currency": "EUR"}`."""
	return {"amount": f"{rounded(amount, currency):f}", "currency": currency}
