"""Amounts as Stripe counts them: whole numbers of a currency's smallest unit, with its exceptions (PY-2)."""

from decimal import Decimal

# Stripe's own list: it counts some otherwise than ISO 4217 does.
NO_DECIMALS = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
THREE_DECIMALS = frozenset("BHD JOD KWD OMR TND".split())
# The last digits must be zeros: of three decimals card networks take two, and these two have no cents any more.
STEP = {**dict.fromkeys(THREE_DECIMALS, 10), "ISK": 100, "UGX": 100}
# In smallest units. Where Stripe names none it refuses what is worth too little once it is asked.
MINIMUM = {
	"AED": 200,
	"AUD": 50,
	"BGN": 100,
	"BRL": 50,
	"CAD": 50,
	"CHF": 50,
	"CZK": 1500,
	"DKK": 250,
	"EUR": 50,
	"GBP": 30,
	"HKD": 400,
	"HUF": 17500,
	"INR": 50,
	"JPY": 50,
	"MXN": 1000,
	"MYR": 200,
	"NOK": 300,
	"NZD": 50,
	"PLN": 200,
	"RON": 200,
	"SEK": 300,
	"SGD": 50,
	"THB": 1000,
	"USD": 50,
}
MOST = 99_999_999


def to_units(amount: Decimal, currency: str) -> int | None:
	"""`amount` in smallest units; None for what is no whole number of them, or negative, or no number."""
	if not amount.is_finite() or amount < 0 or amount > MOST:
		return None
	units = amount.scaleb(_decimals(currency))
	return int(units) if units == units.to_integral_value() and units % STEP.get(currency, 1) == 0 else None


def from_units(units: int, currency: str) -> Decimal:
	"""An amount in the currency's own unit."""
	return Decimal(units).scaleb(-_decimals(currency))


def is_taken(amount: Decimal, currency: str) -> bool:
	"""Whether Stripe would take it: whole units, not below its minimum, at most eight digits."""
	units = to_units(amount, currency)
	return units is not None and max(1, MINIMUM.get(currency, 1)) <= units <= MOST


def _decimals(currency: str) -> int:
	return 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2
