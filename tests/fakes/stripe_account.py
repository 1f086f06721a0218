"""An account at the Stripe of tests/fakes/stripe.py: its objects, and what happens to them.

Each happening writes an event; `tell` gets it. Objects are the dicts that the API answers, links between them ids.
"""

import copy
import itertools
import secrets
import time
from collections.abc import Callable

MINUTE, HOUR = 60, 3600
SHORTEST, LONGEST = 30 * MINUTE, 24 * HOUR
ZERO_DECIMALS = set("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
THREE_DECIMALS = set("bhd jod kwd omr tnd".split())
WHOLE_OF_TWO_DECIMALS = {"isk", "ugx"}
TWO_DECIMALS = set(
	"aed ars aud bgn brl cad chf cop czk dkk eur gbp hkd huf idr ils inr mad mxn myr nok nzd "
	"pen php pln ron sar sek sgd thb try twd usd uyu zar".split()
)
# In the smallest unit, as Stripe's page of currencies lists them.
MINIMUM = {
	**dict.fromkeys(("usd", "aud", "brl", "cad", "chf", "eur", "inr", "nzd", "sgd"), 50),
	"aed": 200,
	"bgn": 100,
	"czk": 1500,
	"dkk": 250,
	"gbp": 30,
	"hkd": 400,
	"huf": 17500,
	"jpy": 50,
	"mxn": 1000,
	"myr": 200,
	"nok": 300,
	"pln": 200,
	"ron": 200,
	"sek": 300,
	"thb": 1000,
}
MOST = 99_999_999


class Refusal(Exception):
	"""An answer with an error, as Stripe's API gives it."""

	def __init__(
		self, message: str, code: str | None = None, status: int = 400, kind: str = "invalid_request_error"
	):
		super().__init__(message)
		self.status = status
		self.body = {"error": {"type": kind, "code": code, "message": message}}


class Account:
	"""`ahead`: how many seconds its clock is ahead of this machine's; `refunds_wait`: refunds stay pending."""

	def __init__(self, live: bool = False):
		self.live = live
		self.objects: dict[str, dict] = {}
		self.ahead = 0
		self.refunds_wait = False
		self.tell: Callable[[dict], None] = lambda event: None
		self._order = itertools.count(1)

	def now(self) -> int:
		return int(time.time()) + self.ahead

	def get(self, id: str, kind: str) -> dict:
		found = self.objects.get(id)
		if not found or found["object"] != kind:
			raise Refusal(f"No such {kind}: '{id}'", "resource_missing", 404)
		if kind == "checkout.session" and found["status"] == "open" and found["expires_at"] <= self.now():
			self._expire(found)
		return found

	def every(self, kind: str, **values) -> list[dict]:
		"""The objects of a kind with these values, the newest first."""
		return [
			found
			for found in reversed(self.objects.values())
			if found["object"] == kind and all(found.get(name) == value for name, value in values.items())
		]

	def events(self, type: str | None = None) -> list[dict]:
		"""All events, or those of a type, the oldest first."""
		return [event for event in reversed(self.every("event")) if type in (None, event["type"])]

	# -- Checkout Sessions: what the shop does ------------------------------------------------------

	def open_session(self, amount: int, currency: str, expires_at: int, **values) -> dict:
		check_amount(amount, currency)
		if not SHORTEST <= expires_at - self.now() <= LONGEST:
			raise Refusal("The `expires_at` timestamp must be from 30 minutes to 24 hours after creation.")
		return self._add(
			"checkout.session",
			"cs",
			{
				"amount_total": amount,
				"currency": currency,
				"expires_at": expires_at,
				"mode": "payment",
				"status": "open",
				"payment_status": "unpaid",
				"payment_intent": None,
				**values,
			},
		)

	def expire_session(self, id: str) -> dict:
		session = self.get(id, "checkout.session")
		if session["status"] != "open":
			raise Refusal(
				'Only Checkout Sessions with a status in ["open"] can be expired. '
				f"This Checkout Session has a status of {session['status']}."
			)
		return self._expire(session)

	def _expire(self, session: dict) -> dict:
		session.update(status="expired", url=None)
		self._happened("checkout.session.expired", session)
		return session

	# -- Checkout Sessions: what the patient does ---------------------------------------------------

	def pay(self, id: str) -> None:
		"""With a card that just works, or after 3-D Secure."""
		session, intent = self._intent_of(id)
		session.update(status="complete", payment_status="paid", url=None)
		self._receive(intent)
		self._happened("checkout.session.completed", session)

	def ask(self, id: str) -> None:
		"""With a card whose bank wants 3-D Secure first."""
		_session, intent = self._intent_of(id)
		intent["status"] = "requires_action"
		self._happened("payment_intent.requires_action", intent)

	def decline(self, id: str) -> None:
		"""With a card that is declined, or 3-D Secure failed; another one may be tried."""
		_session, intent = self._intent_of(id)
		intent["status"] = "requires_payment_method"
		self._happened("payment_intent.payment_failed", intent)

	def debit(self, id: str) -> None:
		"""By a debit that the bank answers in some days: `settle`."""
		session, intent = self._intent_of(id)
		session.update(status="complete", url=None)
		intent["status"] = "processing"
		self._happened("payment_intent.processing", intent)
		self._happened("checkout.session.completed", session)

	def settle(self, id: str, succeeds: bool = True) -> None:
		"""The bank's answer to a debit."""
		session = self.get(id, "checkout.session")
		intent = self.get(session["payment_intent"], "payment_intent")
		if succeeds:
			session["payment_status"] = "paid"
			self._receive(intent)
			self._happened("checkout.session.async_payment_succeeded", session)
		else:
			intent["status"] = "requires_payment_method"
			self._happened("payment_intent.payment_failed", intent)
			self._happened("checkout.session.async_payment_failed", session)

	def _intent_of(self, id: str) -> tuple[dict, dict]:
		session = self.get(id, "checkout.session")
		if session["status"] != "open":
			raise Refusal(f"This Checkout Session is {session['status']}.")
		if not session["payment_intent"]:
			values = {name: session[name] for name in ("currency", "metadata")}
			intent = self._add(
				"payment_intent",
				"pi",
				values
				| {"amount": session["amount_total"], "amount_received": 0, "latest_charge": None}
				| {"status": "requires_payment_method", "description": session["description"]},
			)
			session["payment_intent"] = intent["id"]
		return session, self.objects[session["payment_intent"]]

	def _receive(self, intent: dict) -> None:
		values = {name: intent[name] for name in ("amount", "currency", "metadata", "description")}
		charge = self._add(
			"charge",
			"ch",
			values
			| {"payment_intent": intent["id"], "amount_captured": intent["amount"], "amount_refunded": 0}
			| {"paid": True, "captured": True, "disputed": False, "refunded": False, "status": "succeeded"},
		)
		intent.update(status="succeeded", amount_received=intent["amount"], latest_charge=charge["id"])
		self._happened("charge.succeeded", charge)
		self._happened("payment_intent.succeeded", intent)

	# -- money back ---------------------------------------------------------------------------------

	def refund(self, intent_id: str, amount: int | None, metadata: dict) -> dict:
		intent = self.get(intent_id, "payment_intent")
		if not intent["latest_charge"]:
			raise Refusal("This PaymentIntent does not have a successful charge to refund.")
		charge = self.objects[intent["latest_charge"]]
		left = charge["amount"] - charge["amount_refunded"]
		amount = left if amount is None else amount
		if any(not each["is_charge_refundable"] for each in self.every("dispute", charge=charge["id"])):
			raise Refusal(
				f"Charge {charge['id']} has been charged back; cannot issue a refund.", "charge_disputed"
			)
		if not left:
			raise Refusal(f"Charge {charge['id']} has already been refunded.", "charge_already_refunded")
		if amount > left:
			raise Refusal(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})")
		if amount < 1:
			raise Refusal("Invalid positive integer", "parameter_invalid_integer")
		if charge["currency"] in THREE_DECIMALS and amount % 10:
			raise Refusal(f"Invalid amount for {charge['currency']}: the last digit must be 0.")
		refund = self._add(
			"refund",
			"re",
			{
				"amount": amount,
				"currency": charge["currency"],
				"charge": charge["id"],
				"payment_intent": intent_id,
			}
			| {"status": "pending" if self.refunds_wait else "succeeded", "metadata": metadata},
		)
		self._give_back(charge, amount)
		self._happened("refund.created", refund)
		self._happened("charge.refunded", charge)
		return refund

	def finish_refund(self, id: str, succeeds: bool = True) -> None:
		"""The bank's answer to a refund; one that succeeded may fail later, too."""
		refund = self.get(id, "refund")
		refund["status"] = "succeeded" if succeeds else "failed"
		self._happened("refund.updated" if succeeds else "refund.failed", refund)
		if not succeeds:
			self._give_back(self.objects[refund["charge"]], -refund["amount"])

	def _give_back(self, charge: dict, amount: int) -> None:
		charge["amount_refunded"] += amount
		charge["refunded"] = charge["amount_refunded"] == charge["amount"]

	# -- disputes -----------------------------------------------------------------------------------

	def dispute(self, session_id: str, amount: int | None = None, is_inquiry: bool = False) -> dict:
		"""All that was paid, or `amount`. An inquiry takes no money, and can be refunded."""
		intent = self.objects[self.get(session_id, "checkout.session")["payment_intent"]]
		charge = self.objects[intent["latest_charge"]]
		charge["disputed"] = True
		values = {name: charge[name] for name in ("currency", "payment_intent")}
		values |= {"amount": amount or charge["amount"], "charge": charge["id"]}
		status = "warning_needs_response" if is_inquiry else "needs_response"
		dispute = self._add("dispute", "dp", values | {"status": status, "is_charge_refundable": is_inquiry})
		self._happened("charge.dispute.created", dispute)
		return dispute

	def close_dispute(self, id: str, won: bool) -> None:
		"""The charge stays `disputed`, as at Stripe; the dispute says how it ended."""
		dispute = self.get(id, "dispute")
		dispute["status"] = "warning_closed" if dispute["is_charge_refundable"] else "won" if won else "lost"
		self._happened("charge.dispute.closed", dispute)

	def escalate(self, id: str) -> None:
		"""An inquiry becomes a dispute, and the money is taken."""
		dispute = self.get(id, "dispute")
		dispute.update(status="needs_response", is_charge_refundable=False)
		self._happened("charge.dispute.funds_withdrawn", dispute)

	# -- objects and events -------------------------------------------------------------------------

	def _add(self, kind: str, prefix: str, values: dict) -> dict:
		mode = "live" if self.live else "test"
		id = (
			f"{prefix}_{mode}_{secrets.token_hex(12)}"
			if kind == "checkout.session"
			else f"{prefix}_{secrets.token_hex(12)}"
		)
		made = {
			"id": id,
			"object": kind,
			"created": self.now(),
			"livemode": self.live,
			"metadata": {},
		} | values
		self.objects[id] = made
		return made

	def _happened(self, type: str, thing: dict) -> None:
		data = {"object": copy.deepcopy(thing)}
		self.tell(
			self._add(
				"event",
				"evt",
				{"type": type, "data": data, "api_version": "2026-01-01", "pending_webhooks": 1},
			)
		)


def check_amount(amount: int, currency: str) -> None:
	"""Raises `Refusal` for what Stripe would not take."""
	if currency not in ZERO_DECIMALS | TWO_DECIMALS | THREE_DECIMALS | WHOLE_OF_TWO_DECIMALS:
		raise Refusal(f"Invalid currency: {currency}.", "parameter_invalid_string")
	if amount < 1:
		raise Refusal("Invalid positive integer", "parameter_invalid_integer")
	if amount < MINIMUM.get(currency, 1):
		raise Refusal("The Checkout Session's total amount due must add up to more.", "amount_too_small")
	if amount > MOST:
		raise Refusal("Amount must be no more than 999,999.99", "amount_too_large")
	if currency in THREE_DECIMALS and amount % 10:
		raise Refusal(f"Invalid amount for {currency}: the last digit must be 0.")
	if currency in WHOLE_OF_TWO_DECIMALS and amount % 100:
		raise Refusal(f"Invalid amount for {currency}: it must be divisible by 100.")
