"""A Stripe on this machine: what the official SDK asks it, a page on which patients pay, webhooks really signed.

	with Stripe(webhook="http://localhost:8000/…") as stripe:
		client = StripeClient(stripe.secret_key, base_addresses={"api": stripe.url})
		session = client.v1.checkout.sessions.create(…)
		stripe.account.pay(session.id)      # what a patient does on session.url, and more: see stripe_account.py
		stripe.callbacks.post()             # the webhooks that follow

Idempotency as Stripe has it: for 24 hours the same key gets the same answer, a 500 as well, unless the call was
refused before it began; other values under the same key are an error. Run by itself it is the demo clinic's Stripe:
python -m tests.fakes.stripe --port 23005 --webhook URL --state FILE
"""

import argparse
import hashlib
import hmac
import json
import signal
import time
from pathlib import Path

from tests.fakes import stripe_page
from tests.fakes.callbacks import Callback
from tests.fakes.server import Answer, Call, Fake, answers
from tests.fakes.stripe_account import HOUR, Account, Refusal

SECRET_KEY, LIVE_KEY, WEBHOOK_SECRET = "sk_test_of_the_clinic", "sk_live_of_the_clinic", "whsec_of_the_clinic"
KEYS_LAST = 24 * HOUR


class Stripe(Fake):
	"""One account. `webhook`: where its events are posted, nowhere if None."""

	def __init__(
		self, port: int = 0, webhook: str | None = None, live: bool = False, state: Path | None = None
	):
		super().__init__(port)
		self.webhook = webhook
		self.secret_key = LIVE_KEY if live else SECRET_KEY
		self.webhook_secret = WEBHOOK_SECRET
		self.account = Account(live)
		self.account.tell = self._tell
		self._answers: dict[str, tuple[str, bytes, Answer, int]] = {}
		self._state = state
		if state and state.exists():
			self.account.objects = json.loads(state.read_text())

	# -- the API ------------------------------------------------------------------------------------

	@answers("POST", "/v1/checkout/sessions")
	def create_session(self, call: Call) -> Answer:
		form = call.form
		item = "line_items[0][price_data]"
		for name in ("mode", "success_url", "line_items[0][quantity]", f"{item}[product_data][name]"):
			if not form.get(name):
				raise Refusal(f"Missing required param: {name}.", "parameter_missing")
		session = self.account.open_session(
			_integer(form, f"{item}[unit_amount]"),
			form.get(f"{item}[currency]", ""),
			_integer(form, "expires_at", self.account.now() + KEYS_LAST),
			success_url=form["success_url"],
			cancel_url=form.get("cancel_url"),
			client_reference_id=form.get("client_reference_id"),
			description=form[f"{item}[product_data][name]"],
			metadata=_metadata(form),
			locale=form.get("locale"),
		)
		session["url"] = f"{self.url}/c/pay/{session['id']}"
		return Answer(session)

	@answers("GET", "/v1/checkout/sessions/{id}")
	def retrieve_session(self, call: Call, id: str) -> Answer:
		return self._expanded(call, self.account.get(id, "checkout.session"))

	@answers("POST", "/v1/checkout/sessions/{id}/expire")
	def expire_session(self, call: Call, id: str) -> Answer:
		return Answer(self.account.expire_session(id))

	@answers("GET", "/v1/payment_intents/{id}")
	def retrieve_intent(self, call: Call, id: str) -> Answer:
		return self._expanded(call, self.account.get(id, "payment_intent"))

	@answers("POST", "/v1/refunds")
	def create_refund(self, call: Call) -> Answer:
		form = call.form
		amount = _integer(form, "amount") if "amount" in form else None
		return Answer(self.account.refund(form.get("payment_intent", ""), amount, _metadata(form)))

	@answers("GET", "/v1/refunds/{id}")
	def retrieve_refund(self, call: Call, id: str) -> Answer:
		return Answer(self.account.get(id, "refund"))

	@answers("GET", "/v1/refunds")
	def list_refunds(self, call: Call) -> Answer:
		return self._list("refund", call)

	@answers("GET", "/v1/disputes")
	def list_disputes(self, call: Call) -> Answer:
		return self._list("dispute", call)

	@answers("GET", "/v1/balance")
	def balance(self, call: Call) -> Answer:
		return Answer({"object": "balance", "livemode": self.account.live, "available": [], "pending": []})

	@answers("GET", "/v1/webhook_endpoints")
	def list_webhooks(self, call: Call) -> Answer:
		endpoints = [{"id": "we_1", "object": "webhook_endpoint", "url": self.webhook, "status": "enabled"}]
		endpoints[0]["enabled_events"] = ["*"]
		return Answer({"object": "list", "has_more": False, "data": endpoints if self.webhook else []})

	# -- the patient's browser ----------------------------------------------------------------------

	@answers("GET", "/c/pay/{id}")
	def page(self, call: Call, id: str) -> Answer:
		shown = stripe_page.checkout(self.account.get(id, "checkout.session"), self.account.objects)
		return Answer(shown, headers={"Cache-Control": "no-store"})

	@answers("POST", "/c/pay/{id}/{action}")
	def act(self, call: Call, id: str, action: str) -> Answer:
		session = self.account.get(id, "checkout.session")
		if session["status"] != "open" or action not in stripe_page.ACTIONS:
			return _see(f"/c/pay/{id}")
		if action != "leave":
			getattr(self.account, action)(id)
		return _see(stripe_page.goes_to(action, session))

	# -- how each call is answered ------------------------------------------------------------------

	def work(self, call: Call) -> Answer:
		is_api = call.path.startswith("/v1/")
		try:
			if is_api:
				self._check_key(call)
			answer = self._once(call) if is_api and call.method == "POST" else super().work(call)
		except Refusal as refusal:
			answer = Answer(refusal.body if is_api else str(refusal), refusal.status)
		if self._state and call.method == "POST":
			self._state.write_text(json.dumps(self.account.objects))
		return answer

	def serve(self, call: Call) -> Answer | None:
		answer = super().serve(call)
		key = call.headers.get("idempotency-key")
		if key and answer and answer.status >= 500:
			self._answers[key] = (call.path, call.body, answer, self.account.now())
		return answer

	def error(self, status: int) -> object:
		kind = "rate_limit_error" if status == 429 else "api_error"
		return {"error": {"type": kind, "message": f"This answer is {status} because a test wants it so."}}

	def _check_key(self, call: Call) -> None:
		if call.headers.get("authorization") != f"Bearer {self.secret_key}":
			raise Refusal("Invalid API Key provided", status=401)

	def _once(self, call: Call) -> Answer:
		key = call.headers.get("idempotency-key")
		path, body, answer, at = self._answers.get(key, (None, None, None, 0))
		if answer and at + KEYS_LAST > self.account.now():
			if (path, body) != (call.path, call.body):
				raise Refusal(
					"Keys for idempotent requests can only be used with the same parameters they were first used with.",
					kind="idempotency_error",
				)
			return answer
		# A copy: the same answer again is what it was then, not what has become of it.
		answer = Answer(json.loads(json.dumps(super().work(call).body)))
		if key:
			self._answers[key] = (call.path, call.body, answer, self.account.now())
		return answer

	def _expanded(self, call: Call, thing: dict) -> Answer:
		"""With the objects instead of ids that `expand[]` names, as "payment_intent.latest_charge"."""
		whole = dict(thing)
		for path in (value for name, value in call.query.items() if name.startswith("expand")):
			part = whole
			for name in path.split("."):
				if isinstance(part.get(name), str):
					part[name] = dict(self.account.objects[part[name]])
				if not (part := part.get(name)):
					break
		return Answer(whole)

	def _list(self, kind: str, call: Call) -> Answer:
		found = self.account.every(kind, payment_intent=call.query.get("payment_intent"))
		return Answer({"object": "list", "url": call.path, "has_more": False, "data": found})

	# -- webhooks -----------------------------------------------------------------------------------

	def _tell(self, event: dict) -> None:
		if self.webhook:
			body = json.dumps(event).encode()
			self.callbacks.add(Callback(self.webhook, body, self._sign, about=event["type"]))

	def _sign(self, body: bytes) -> dict[str, str]:
		return {"Stripe-Signature": signature(body, self.webhook_secret, int(time.time()))}


def signature(body: bytes, secret: str, at: int) -> str:
	"""The header of a webhook posted at `at` (seconds since 1970), by Stripe's scheme v1."""
	digest = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
	return f"t={at},v1={digest}"


def _see(address: str) -> Answer:
	return Answer(status=303, headers={"Location": address})


def _integer(form: dict[str, str], name: str, default: int | None = None) -> int:
	if name not in form and default is not None:
		return default
	if not form.get(name, "").lstrip("-").isdecimal():
		raise Refusal(f"Invalid integer: {name}", "parameter_invalid_integer")
	return int(form[name])


def _metadata(form: dict[str, str]) -> dict[str, str]:
	return {name[9:-1]: value for name, value in form.items() if name.startswith("metadata[")}


def main() -> None:
	options = argparse.ArgumentParser()
	options.add_argument("--port", type=int, required=True)
	options.add_argument("--webhook", required=True)
	options.add_argument("--state", type=Path)
	chosen = options.parse_args()
	with Stripe(chosen.port, chosen.webhook, state=chosen.state) as stripe:
		stripe.callbacks.start()
		signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
	main()
