"""What a gateway is: how money comes, what became of it, and how it goes back (PY-7).

A gateway knows money and its provider, nothing of Frappe, pages or sessions; clock and configuration are handed
to its constructor. What comes back is in one vocabulary. Amounts are in the currency's own units (35.00),
instants aware and in UTC. It never tries again by itself: whoever calls keeps the row, and with it the key.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

# What became of a payment. Processing: the patient has done their part and the bank has not answered.
OPEN, PROCESSING, PAID, FAILED, EXPIRED = "Open", "Processing", "Paid", "Failed", "Expired"
# What became of a refund.
PENDING, REFUNDED, REFUSED = "Pending", "Refunded", "Refused"


class GatewayError(Exception):
	"""The provider did not do it, and says so: asking again with the same values is no use."""


class GatewayUnavailable(GatewayError):
	"""No answer, or "later": it may have been done or not. The same call with the same key is safe."""


class BadSignature(GatewayError):
	"""A webhook that is not the provider's, too old, or from the future."""


@dataclass(frozen=True)
class Demand:
	"""What is to be paid. `key`: the idempotency key, stored before the call. `text`: all the provider learns of
	what for. `return_url`: where the patient comes back to, paid or not. `expires_at`: until when it may be paid.
	"""

	key: str
	text: str
	amount: Decimal
	currency: str
	expires_at: datetime
	return_url: str
	language: str | None = None


@dataclass(frozen=True)
class Checkout:
	"""Where the patient pays: at `url`. `id` is the provider's own name of it; it is over at `expires_at`."""

	id: str
	url: str
	expires_at: datetime


@dataclass(frozen=True)
class Standing:
	"""How a payment stands at the provider now.

	`state` is one of the five above; `amount` and `currency` what was paid or is asked for; `payment_id` the
	provider's name of the money itself, once there is some; `refunded` how much of it has gone back, by whomever;
	`disputed` how much the patient's bank has taken back and not returned; `questioned`: the bank asks about it, and
	has taken nothing. `asked_at`: when the provider was asked, which whoever asks notes down.
	"""

	state: str
	amount: Decimal
	currency: str
	payment_id: str | None = None
	refunded: Decimal = Decimal(0)
	disputed: Decimal = Decimal(0)
	questioned: bool = False
	asked_at: datetime | None = None


@dataclass(frozen=True)
class Refund:
	"""A refund at the provider: `state` is Pending, Refunded or Refused."""

	id: str
	state: str


@dataclass(frozen=True)
class Event:
	"""A webhook whose signature is good: the provider's id of it, and which payment it is about.

	What it says is not used: the payment is looked at again, found by its `Checkout.id` or by the money's own
	`Standing.payment_id` (refunds and disputes know only that). Both are None for what concerns no payment.
	`live`: of the live account, not of its test mode.
	"""

	id: str
	type: str
	checkout_id: str | None
	live: bool
	payment_id: str | None = None


class Gateway(Protocol):
	"""A provider with hosted payment pages. All but `takes` and `event` talk to it, and may raise both errors.

	`live`: money moves; in a provider's test mode none does.
	"""

	name: str
	live: bool

	def takes(self, amount: Decimal, currency: str) -> bool:
		"""Whether it can take this at all: a currency it has, no less than its minimum, no more than its most."""
		...

	def begin(self, demand: Demand) -> Checkout:
		"""Open a page to pay on; the same demand with the same key is the same page."""
		...

	def look(self, checkout_id: str) -> Standing:
		"""How it stands now, asked anew."""
		...

	def end(self, checkout_id: str) -> Standing:
		"""Take no more payment on it, and say how it stands: it may have been paid a moment ago."""
		...

	def refund(self, checkout_id: str, amount: Decimal, currency: str, key: str) -> Refund:
		"""Give `amount` back; the same key gives back once."""
		...

	def look_at_refund(self, refund_id: str) -> Refund:
		"""How a refund stands now: one that was accepted may fail days later."""
		...

	def event(self, body: bytes, headers: dict[str, str], now: datetime) -> Event:
		"""Read a webhook as it came. Raises `BadSignature`."""
		...
