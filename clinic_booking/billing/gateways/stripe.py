"""Stripe: hosted Checkout Sessions through the official SDK (PY-2); docs/gateways.md.

Stripe learns an amount and `Appointment <reference>`, no name, no contact, no service.
"""

import json
import queue
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from decimal import Decimal
from typing import TypeVar

import stripe

from clinic_booking.billing.gateways.interface import (
	EXPIRED,
	FAILED,
	OPEN,
	PAID,
	PENDING,
	PROCESSING,
	REFUNDED,
	REFUSED,
	BadSignature,
	Checkout,
	Demand,
	Event,
	GatewayError,
	GatewayUnavailable,
	Refund,
	Standing,
)
from clinic_booking.billing.gateways.stripe_amounts import from_units, is_taken, to_units

Answer = TypeVar("Answer")

# To connect, to read, and together, whatever may hang: what a patient waits for at most.
CONNECT_SECONDS, READ_SECONDS, ALL_SECONDS = 2, 4.5, 5
# How old a webhook may be, and how far ahead of our clock (MO-3).
OLDEST_SECONDS, NEWEST_SECONDS = 300, 60
WITH_MONEY = ["payment_intent.latest_charge"]
REFUND_STATES = {"succeeded": REFUNDED, "pending": PENDING, "requires_action": PENDING}
# An intent that waits for the patient; in a session that is complete they can do no more.
UNPAID = ("requires_payment_method", "canceled")
# Disputes that took nothing, or gave it back; of all others the money is gone.
OVER = ("won", "warning_closed", "prevented")
INQUIRIES = ("warning_needs_response", "warning_under_review")
# Those of Stripe's languages that we have.
LANGUAGES = ("en", "es", "fr", "ro")


class Stripe:
	"""One account. `secret_key`, `webhook_secret` as Stripe gives them; `address` another one than Stripe's own."""

	name = "stripe"

	def __init__(self, secret_key: str, webhook_secret: str, address: str | None = None):
		self.live = not is_test_key(secret_key)
		self._webhook_secret = webhook_secret
		self._client = stripe.StripeClient(
			secret_key,
			base_addresses={"api": address} if address else None,
			max_network_retries=0,
			http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS)),
		)

	def takes(self, amount: Decimal, currency: str) -> bool:
		return is_taken(amount, currency)

	def begin(self, demand: Demand) -> Checkout:
		"""A session may be open for 30 minutes to 24 hours: Stripe refuses another `expires_at`."""
		item = {
			"currency": demand.currency.lower(),
			"unit_amount": _units(demand.amount, demand.currency),
			"product_data": {"name": demand.text},
		}
		parameters = {
			"mode": "payment",
			"line_items": [{"price_data": item, "quantity": 1}],
			"payment_intent_data": {"description": demand.text},
			"success_url": demand.return_url,
			"cancel_url": demand.return_url,
			"expires_at": int(demand.expires_at.timestamp()),
			"locale": demand.language if demand.language in LANGUAGES else "auto",
		}
		try:
			session = self._ask(
				lambda client: client.checkout.sessions.create(parameters, {"idempotency_key": demand.key})
			)
		except _Broken as error:
			# Stripe keeps its 500 under the key for a day, so asking again is no use. If there is a session,
			# nobody knows its address.
			raise GatewayError from error
		return Checkout(session.id, session.url, datetime.fromtimestamp(session.expires_at, timezone.utc))

	def look(self, checkout_id: str) -> Standing:
		return self._ask(
			lambda client: _standing(
				client, client.checkout.sessions.retrieve(checkout_id, {"expand": WITH_MONEY})
			)
		)

	def end(self, checkout_id: str) -> Standing:
		try:
			self._ask(lambda client: client.checkout.sessions.expire(checkout_id))
		except GatewayUnavailable:
			raise
		except GatewayError:
			# Not open any more: paid, or over by itself.
			standing = self.look(checkout_id)
			if standing.state == OPEN:
				raise
			return standing
		return self.look(checkout_id)

	def refund(self, checkout_id: str, amount: Decimal, currency: str, key: str) -> Refund:
		"""Found again by its key first: Stripe forgets keys after a day, and keeps a 500 under one till then."""
		units = _units(amount, currency)

		def give_back(client):
			intent = client.checkout.sessions.retrieve(checkout_id).payment_intent
			if not intent:
				raise GatewayError("nothing was paid")
			made = client.refunds.list({"payment_intent": intent, "limit": 100}).data
			refund = next((each for each in made if _key(each) == key), None)
			return refund or client.refunds.create(
				{"payment_intent": intent, "amount": units, "metadata": {"key": key}},
				{"idempotency_key": key},
			)

		return _refund(self._ask(give_back))

	def look_at_refund(self, refund_id: str) -> Refund:
		return _refund(self._ask(lambda client: client.refunds.retrieve(refund_id)))

	def event(self, body: bytes, headers: dict[str, str], now: datetime) -> Event:
		header = next((value for name, value in headers.items() if name.lower() == "stripe-signature"), None)
		try:
			# Its own check of the age looks at this machine's clock; ours looks at `now`.
			stripe.WebhookSignature.verify_header(body.decode(), header, self._webhook_secret)
			said = json.loads(body)
			thing = said["data"]["object"]
			at = int(next(part[2:] for part in header.split(",") if part.startswith("t=")))
		except (stripe.SignatureVerificationError, ValueError, LookupError, TypeError):
			# Not "from": it knows the body.
			raise BadSignature from None
		if not -NEWEST_SECONDS <= now.timestamp() - at <= OLDEST_SECONDS:
			raise BadSignature("too old, or from the future")
		kind = thing.get("object")
		return Event(
			id=said["id"],
			type=said["type"],
			checkout_id=thing["id"] if kind == "checkout.session" else None,
			live=said["livemode"],
			payment_id=thing["id"] if kind == "payment_intent" else thing.get("payment_intent"),
		)

	def missing(self, webhook_address: str) -> list[str]:
		"""What speaks against taking payments with this account: "key", "mode", "webhook"; for the Test button.

		Raises `GatewayUnavailable` where Stripe doesn't answer.
		"""
		try:
			live = self._ask(lambda client: client.balance.retrieve()).livemode
		except _Locked:
			return ["key"]
		try:
			told = self._ask(lambda client: client.webhook_endpoints.list({"limit": 100})).data
		except GatewayError:
			return ["mode"] * (live != self.live)
		is_told = any(each.url == webhook_address and each.status == "enabled" for each in told)
		return ["mode"] * (live != self.live) + ["webhook"] * (not is_told)

	def _ask(self, call: Callable[[stripe.StripeClient], Answer]) -> Answer:
		"""What `call` gets from Stripe, in our errors, and in our time whatever hangs."""
		return _in_time(lambda: _in_our_words(lambda: call(self._client.v1)))


def is_test_key(secret_key: str) -> bool:
	"""Whether it is a key of Stripe's test mode, in which no money moves."""
	return "_test_" in secret_key


class _Broken(GatewayUnavailable):
	"""Stripe failed by itself (5xx), and says so again to the same key."""


class _Locked(GatewayUnavailable):
	"""Stripe does not take our key (401, 403): with another one, the same call is good."""


def _in_our_words(call: Callable[[], Answer]) -> Answer:
	try:
		return call()
	except stripe.StripeError as error:
		raise _ours(error) from None


def _ours(error: stripe.StripeError) -> GatewayError:
	"""The same in our words. Not in its message: that may quote what was sent."""
	told = f"{type(error).__name__} {error.http_status or ''} {error.code or ''}".strip()
	# 409: the same call is being answered just now.
	if isinstance(error, stripe.APIConnectionError | stripe.RateLimitError) or error.http_status == 409:
		return GatewayUnavailable(told)
	if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
		return _Locked(told)
	return _Broken(told) if isinstance(error, stripe.APIError) else GatewayError(told)


def _in_time(call: Callable[[], Answer]) -> Answer:
	"""Its result within `ALL_SECONDS`. Time-outs of a socket don't bound a name server, nor an answer that drips."""
	results: queue.SimpleQueue = queue.SimpleQueue()

	def run() -> None:
		try:
			results.put((call(), None))
		except Exception as error:  # raised again where it was asked for
			results.put((None, error))

	threading.Thread(target=run, daemon=True).start()
	try:
		result, error = results.get(timeout=ALL_SECONDS)
	except queue.Empty:
		raise GatewayUnavailable("no answer in time") from None
	if error:
		raise error
	return result


def _standing(client, session) -> Standing:
	intent = session.payment_intent
	charge = intent.latest_charge if intent else None
	currency = session.currency.upper()
	state = _state(session, intent)
	units = intent.amount_received if intent and state == PAID else session.amount_total
	disputes = _disputes(client, intent.id) if charge and charge.disputed else []
	return Standing(
		state,
		from_units(units, currency),
		currency,
		payment_id=intent.id if intent else None,
		refunded=from_units(charge.amount_refunded if charge else 0, currency),
		disputed=from_units(
			min(units, sum(_taken(each, session.currency, units) for each in disputes)), currency
		),
		questioned=any(dispute.status in INQUIRIES for dispute in disputes),
	)


def _state(session, intent) -> str:
	if session.payment_status == "paid" or (intent and intent.status == "succeeded"):
		return PAID
	if intent and intent.status == "processing":
		return PROCESSING
	if session.status == "complete":
		return FAILED if intent and intent.status in UNPAID else PROCESSING
	# A card that was declined may be followed by another one.
	return EXPIRED if session.status == "expired" else OPEN


def _disputes(client, intent: str) -> list:
	"""A charge stays marked as disputed when they are over."""
	return client.disputes.list({"payment_intent": intent, "limit": 100}).data


def _taken(dispute, currency: str, whole: int) -> int:
	"""How many units of the charge's `currency` a dispute has taken; told in another one, the `whole` charge."""
	if dispute.status in (*OVER, *INQUIRIES):
		return 0
	return dispute.amount if dispute.currency == currency else whole


def _key(refund) -> str | None:
	"""Ours; a refund made on Stripe's own pages has none."""
	return refund.metadata.to_dict().get("key") if refund.metadata else None


def _refund(refund) -> Refund:
	return Refund(refund.id, REFUND_STATES.get(refund.status, REFUSED))


def _units(amount: Decimal, currency: str) -> int:
	units = to_units(amount, currency)
	if not units:
		raise GatewayError("an amount that Stripe does not have")
	return units
