"""Visits as life has it, reckoned beside the books: booked, paid, given back, cancelled, missed, taken back.

The model here knows nothing of invoices: only what was agreed, what was paid and what went back.
"""

from dataclasses import dataclass, field
from decimal import Decimal

import frappe

from clinic_booking.billing import desk_refunds, modes, online_payments, payments, refunds, transfers
from clinic_booking.billing.gateways.interface import PAID, REFUSED, GatewayError, Standing
from clinic_booking.booking.money import unit
from tests.site.billing.accountant import Accountant
from tests.site.billing.gateway import give_back, paid_online, takes
from tests.site.billing.practice import become, invoices, payment_status, work_off
from tests.site.billing.test_credit import credit_of, starts_in

NOTHING = Decimal(0)
ONLINE, TRANSFER, DESK = "stripe", "bank_transfer", "Cash"


@dataclass
class Visit:
	"""`price` is what it costs by now, `settled` how much of that is paid, be it with credit.

	`arrived`: `[way, amount]` of what came by a provider or a transfer and did not go back there, oldest first;
	`cash`: what the desk took less what it gave.
	"""

	doc: object
	price: Decimal
	is_desk: bool
	settled: Decimal = NOTHING
	cash: Decimal = NOTHING
	arrived: list = field(default_factory=list)
	is_invoiced: bool = False
	has_discount: bool = False

	@property
	def open(self) -> Decimal:
		return self.price - self.settled


class Life(Accountant):
	"""One patient's visits; `owed` is what the clinic should owe them in all, `credit` what they can spend of it."""

	def __init__(self, practice, gateway, dice):
		self.practice, self.gateway, self.dice = practice, gateway, dice
		self.owed = self.credit = self.at_the_provider = NOTHING
		self.smallest = unit(practice.currency)

	def live_through_a_visit(self) -> None:
		visit = self.book()
		if self.dice.random() < 0.9:
			self.settle(visit)
			if self.dice.random() < 0.3:
				self.dice.choice((self.accountant_gives_a_discount, self.accountant_enters_a_part))(visit)
			for _each in range(self.dice.randint(0, 2)):
				self.dice.choice((self.pay_cash, self.pay_online, self.pay_by_transfer))(visit)
			if self.dice.random() < 0.3:
				self.dice.choice((self.give_cash, self.give_online))(visit)
			if self.dice.random() < 0.15:
				self.accountant_cancels_a_payment(visit)
		self.dice.choice((self.complete, self.miss, self.cancel, self.cancel))(visit)
		self.agree()

	def agree(self) -> None:
		"""The ledger, the provider and the model say the same, to the smallest unit."""
		assert credit_of(self.practice) == self.owed
		assert _through(self.practice, ONLINE) == self.at_the_provider

	# -- what happens --------------------------------------------------------------------------------

	def book(self) -> Visit:
		price, source = self.some(9_999), self.dice.choice(("Desk", "Online"))
		method = self.dice.choice((ONLINE, TRANSFER, None))
		doc = self.practice.visit(price=float(price), source=source, payment_method=method)
		return Visit(doc, price, source == "Desk")

	def pay_cash(self, visit) -> None:
		if amount := self.part(visit.open):
			payments.take(self.fresh(visit), DESK, amount, "Administrator")
			self.pay(visit, DESK, amount)

	def pay_online(self, visit) -> None:
		if amount := visit.open:
			payment = paid_online(self.fresh(visit), self.gateway, amount, state="Open", received=None)
			frappe.db.commit()
			standing = Standing(PAID, amount, self.practice.currency, payment_id=payment.checkout_id)
			for _each in range(self.dice.randint(1, 2)):
				online_payments.apply(payment.name, standing)
			self.at_the_provider += amount
			self.pay(visit, ONLINE, amount)

	def pay_by_transfer(self, visit) -> None:
		if amount := self.part(visit.open):
			transfers.confirm(self.fresh(visit), amount, frappe.generate_hash(length=10))
			self.pay(visit, TRANSFER, amount)

	def give_cash(self, visit) -> None:
		if amount := self.part(visit.settled):
			self.give(visit, DESK, amount)
			visit.cash -= amount
			self.cost_less(visit, amount)

	def give_online(self, visit) -> None:
		there = sum((amount for way, amount in visit.arrived if way == ONLINE), NOTHING)
		amount = self.part(min(there, visit.settled))
		if not amount:
			return
		fails = self.dice.random() < 0.3
		self.gateway.fails = [GatewayError("no")] if fails else []
		self.give(visit, modes.mode_of(ONLINE), amount)
		if fails:
			self.credit += amount
			self.owed += amount
		else:
			self.at_the_provider -= amount
			self.sent_back(visit, amount)
		self.cost_less(visit, amount)

	def complete(self, visit) -> None:
		self.become(visit, "Completed")
		self.charge(visit)
		unpaid = "Unpaid" if visit.price else "Not Required"
		self.expect(
			visit, "Partly Paid" if visit.settled and visit.open else "Paid" if visit.settled else unpaid
		)
		self.perhaps_reopen(visit)

	def miss(self, visit) -> None:
		self.become(visit, "No Show")
		if visit.is_invoiced:
			self.owed += visit.open
		self.expect(visit, "Paid" if visit.settled else "Not Required")
		missed, visit.price, visit.is_invoiced = visit.price, visit.settled, False
		# Invoiced anew it costs its price.
		if not visit.has_discount and self.dice.random() < 0.3:
			become(visit.doc, "Confirmed")
			work_off()
			visit.price = missed
			self.owed -= visit.open
			visit.is_invoiced = True
			self.spend(visit)
			self.complete(visit)

	def perhaps_reopen(self, visit) -> None:
		if self.dice.random() < 0.2:
			become(visit.doc, "Confirmed")
			work_off()
			self.become(visit, "Completed")

	def cancel(self, visit) -> None:
		by_patient, minutes = self.dice.choice((True, False)), self.dice.choice((30, 90))
		chosen = self.dice.choice((None, "money", "credit"))
		starts_in(visit.doc, minutes)
		doc = self.fresh(visit)
		doc.flags.update({"in_use_case": True, "refund_as": chosen})
		who = "Patient" if by_patient else "Clinic"
		self.gateway.fails = [GatewayError("no")] * 5 if (fails := self.dice.random() < 0.2) else []
		doc.update({"status": "Cancelled", "cancel_reason": "Ill", "cancelled_by": who}).save()
		self.work()
		if visit.is_invoiced:
			self.owed += visit.open
		if by_patient and minutes == 30:
			self.expect(visit, "Paid" if visit.settled else "Not Required")
			return
		as_money = (chosen or ("money" if doc.payment_method else "credit")) == "money"
		self.give_all_back(visit, as_money, fails, late=minutes == 30 and not by_patient)
		self.expect(visit, "Refunded" if visit.settled else "Not Required")

	def give_all_back(self, visit, as_money, fails, late) -> None:
		if late and visit.settled:
			self.credit += 10
			self.owed += 10
		self.owed += visit.settled
		self.credit += visit.settled
		if not as_money:
			return
		online, by_hand = the_way_it_was_paid(visit)
		self.credit -= by_hand  # waits for people, and is nobody's to spend
		if not fails:
			self.credit -= online
			self.owed -= online
			self.at_the_provider -= online
		if not fails and online and self.dice.random() < 0.3:
			self.fail_later(visit)
		if by_hand and self.dice.random() < 0.5:
			self.gateway.fails = []
			self.give(visit, DESK, by_hand)
			self.owed -= by_hand

	def fail_later(self, visit) -> None:
		"""The patient's bank sends it back days after."""
		rows = frappe.get_all(
			"Online Refund",
			{"appointment": visit.doc.name, "state": "Refunded", "method": ONLINE},
			["refund_id", "payment", "amount", "cause"],
		)
		for row in rows:
			if " cancelled " not in row.cause:
				continue
			amount = Decimal(str(row.amount)).quantize(self.smallest)
			self.gateway.refunds[row.refund_id] = REFUSED
			refunds.look_again(row.payment)
			self.credit, self.owed = self.credit + amount, self.owed + amount
			self.at_the_provider += amount
		self.work()

	# -- what follows --------------------------------------------------------------------------------

	def settle(self, visit) -> None:
		"""The worker has invoiced it."""
		work_off()
		self.charge(visit)

	def charge(self, visit) -> None:
		if not visit.is_invoiced:
			visit.is_invoiced = True
			self.owed -= visit.open
		self.spend(visit)
		self.tell(visit)

	def spend(self, visit) -> None:
		"""The desk's visits use what credit there is."""
		part = min(self.credit, visit.open) if visit.is_desk else NOTHING
		self.credit -= part
		visit.settled += part

	def pay(self, visit, way, amount) -> None:
		frappe.db.commit()
		visit.settled += amount
		self.owed += amount
		if way == DESK:
			visit.cash += amount
		else:
			visit.arrived.append([way, amount])
		self.work()
		self.tell(visit)

	def give(self, visit, way, amount) -> None:
		doc = self.fresh(visit)
		there = desk_refunds.refundable(doc)
		frappe.db.commit()
		desk_refunds.give(doc, way, amount, there, "Administrator")
		self.work()

	def cost_less(self, visit, amount) -> None:
		"""What was given back of a visit that goes on it costs less."""
		visit.price -= amount
		visit.settled -= amount
		self.spend(visit)
		self.tell(visit)

	def sent_back(self, visit, amount) -> None:
		"""The payment that came last goes back first."""
		for payment in reversed(visit.arrived):
			if payment[0] == ONLINE:
				part = min(amount, payment[1])
				payment[1], amount = payment[1] - part, amount - part

	def become(self, visit, status) -> None:
		visit.doc = become(visit.doc, status)
		work_off()

	def work(self) -> None:
		work_off()
		give_back()
		work_off()

	def tell(self, visit) -> None:
		"""Midway: what is paid, as the appointment says it."""
		paid = self.fresh(visit).paid
		assert Decimal(str(paid)).quantize(self.smallest) == visit.settled, invoices(visit.doc)

	def expect(self, visit, status) -> None:
		assert payment_status(visit.doc) in (status, *_also(visit)), (visit, payment_status(visit.doc))

	def fresh(self, visit):
		return frappe.get_doc("Clinic Appointment", visit.doc.name)

	def some(self, most: int) -> Decimal:
		return self.smallest * self.dice.randint(1, most)

	def part(self, of: Decimal) -> Decimal:
		"""All of it, or less; nothing of nothing."""
		return of and self.dice.choice((of, self.some(int(of / self.smallest))))


def the_way_it_was_paid(visit) -> tuple[Decimal, Decimal]:
	"""Of all that goes back: how much by the provider, and how much by people; the rest had been credit."""
	left, ways = visit.settled, dict.fromkeys((ONLINE, TRANSFER, DESK), NOTHING)
	for way, amount in (*reversed(visit.arrived), (DESK, max(visit.cash, NOTHING))):
		part = min(left, amount)
		ways[way], left = ways[way] + part, left - part
	return ways[ONLINE], ways[TRANSFER] + ways[DESK]


def _also(visit) -> tuple[str, ...]:
	"""Where a part went back before, the state says so, too."""
	went_back = frappe.db.exists("Online Refund", {"appointment": visit.doc.name})
	return ("Partly Refunded", "Refunded") if went_back else ()


def _through(practice, method) -> Decimal:
	"""What came less what went back by a provider, as the books of the practice's patient have it."""
	((amount,),) = frappe.db.sql(
		"""SELECT SUM(IF(entry.payment_type = 'Receive', 1, -1) * entry.paid_amount) FROM `tabPayment Entry` entry
		JOIN `tabClinic Patient` patient ON patient.customer = entry.party
		LEFT JOIN `tabOnline Payment` payment ON payment.payment_entry = entry.name
		LEFT JOIN `tabOnline Refund` refund ON refund.name = entry.clinic_booking_refund
		WHERE patient.name = %s AND entry.docstatus = 1
			AND COALESCE(payment.method, refund.method) = %s""",
		(practice.patient.name, method),
	)
	return Decimal(str(amount or 0)).quantize(unit(practice.currency))


def live(practice, gateway, dice, visits: int) -> Life:
	"""So many visits of one patient, and at the end the books as a whole."""
	takes(practice, ONLINE, TRANSFER)
	life = Life(practice, gateway, dice)
	for _each in range(visits):
		life.live_through_a_visit()
	((difference,),) = frappe.db.sql(
		"SELECT SUM(debit) - SUM(credit) FROM `tabGL Entry` WHERE company = %s", practice.clinic.company
	)
	assert abs(difference) < 1e-6
	assert not frappe.db.exists("Billing Task", {"outbox_status": ("!=", "Done")})
	return life
