"""Lives of paid bookings with everything going wrong at once: calls that fail, webhooks lost, doubled and out of order."""

import random

import frappe

from tests.fakes.server import EVERY
from tests.site.billing.stripe_shop import Shop, checkout_in, sweep, work_off

FAULT_RATE, SESSION = 0.2, "checkout.session"


def live(shop: Shop, lives: int, seed: int) -> list[str]:
	"""So many bookings, then all is well again for as long as it takes; what does not agree in the end."""
	dice = random.Random(seed)
	shop.stripe.be_random(seed, FAULT_RATE, EVERY)
	tokens = [Life(shop, dice).live() for _life in range(lives)]
	shop.stripe.heal()
	for session in shop.stripe.account.every(SESSION, status="complete", payment_status="unpaid"):
		intent = shop.stripe.account.objects[session["payment_intent"]]
		if intent["status"] == "processing":
			shop.stripe.account.settle(session["id"], dice.random() < 0.5)
	shop.stripe.callbacks.take()
	for token in tokens:
		if shop.found(token).status == "Awaiting Payment":
			shop.lapse(token)
	# Stripe keeps a 500 under its key for a day. Of a page that never came only its hour says that it is over.
	shop.stripe.account.ahead += 25 * 3600
	frappe.db.sql(
		"UPDATE `tabOnline Payment` SET expires_at_utc = expires_at_utc - INTERVAL 25 HOUR WHERE state = 'Open'"
	)
	for _round in range(3):
		sweep()
	return shop.disagreements()


class Life:
	"""One booking, from the hold to wherever it ends."""

	def __init__(self, shop: Shop, dice: random.Random):
		self.shop, self.dice, self.account = shop, dice, shop.stripe.account
		self.start = shop.start()
		self.pages = set()

	def live(self) -> str:
		"""The booking's token."""
		self.token = self.shop.hold(self.start)
		answer = self.shop.book(self.token)
		self.press_pay(answer)
		self.happen(0.15, self.lapse)
		self.pay()
		self.happen(0.15, self.lapse)
		self.webhooks()
		self.happen(0.3, lambda: self.press_pay(self.shop.api.post("pay", token=self.token)))
		self.happen(0.25, lambda: self.shop.api.post("cancel", token=self.token))
		self.happen(0.2, self.pay)
		self.webhooks()
		self.happen(0.2, sweep)
		return self.token

	def happen(self, chance: float, what) -> None:
		if self.dice.random() < chance:
			what()

	def press_pay(self, answer) -> None:
		"""Up to three times, while no page comes."""
		for _time in range(3):
			if answer.status_code == 200:
				self.pages.add(checkout_in(answer))
			if answer.status_code != 402:
				assert answer.status_code in (200, 410, 422), answer.text
				return
			answer = self.shop.api.post("pay", token=self.token)

	def pay(self) -> None:
		"""On any page that they were sent to and that is still open, in any way."""
		pages = [page for page in sorted(self.pages) if self.account.get(page, SESSION)["status"] == "open"]
		if not pages:
			return
		page = self.dice.choice(pages)
		ways = ["pay", "pay", "pay", "ask", "decline", "debit", "leave"]
		if (way := self.dice.choice(ways)) != "leave":
			getattr(self.account, way)(page)
		if way in ("ask", "decline") and self.dice.random() < 0.6:
			self.account.pay(page)
		if way == "debit" and self.dice.random() < 0.5:
			self.account.settle(page, self.dice.random() < 0.5)

	def lapse(self) -> None:
		"""The wait is over, and somebody else may be quicker."""
		if self.shop.found(self.token).status == "Awaiting Payment":
			self.shop.lapse(self.token)
			self.happen(0.5, lambda: self.shop.hold(self.start))

	def webhooks(self) -> None:
		self.shop.stripe.callbacks.post_badly(self.dice.randrange(10**9))
		work_off()
