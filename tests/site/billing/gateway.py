"""A gateway in memory, which fails when told to, and payments that were made through it."""

from decimal import Decimal

import frappe

from clinic_booking.billing import modes, refund_work
from clinic_booking.billing.gateways.interface import (
	PAID,
	REFUNDED,
	GatewayUnavailable,
	Refund,
	Standing,
)
from clinic_booking.booking import clock
from tests.builders import insert


class InMemory:
	"""What the provider knows: `paid` by checkout, `given` by key. `answer`: how the next refunds stand.

	`fails`: errors that the next calls end with; one that is `after` comes when the work is done.
	"""

	name = "stripe"

	def __init__(self):
		self.paid, self.given, self.refunds = {}, {}, {}
		self.answer, self.fails, self.after, self.calls = REFUNDED, [], [], 0

	def takes(self, amount, currency):
		return True

	def look(self, checkout_id):
		amount, currency = self.paid[checkout_id]
		back = sum(
			(amount for checkout, amount, id in self.given.values() if checkout == checkout_id), Decimal(0)
		)
		return Standing(PAID, amount, currency, refunded=back)

	def refund(self, checkout_id, amount, currency, key):
		self.calls += 1
		if self.fails:
			raise self.fails.pop()
		_checkout, _amount, id = self.given.setdefault(key, (checkout_id, amount, f"re_{key[:12]}"))
		self.refunds.setdefault(id, self.answer)
		if self.after:
			raise self.after.pop()
		return Refund(id, self.refunds[id])

	def look_at_refund(self, refund_id):
		self.calls += 1
		return Refund(refund_id, self.refunds[refund_id])

	def total(self) -> Decimal:
		return sum((amount for _checkout, amount, _id in self.given.values()), Decimal(0))


def paid_online(visit, gateway=None, amount=None, method="stripe", **values):
	"""An Online Payment of a visit (all of its price) that is Paid."""
	amount = Decimal(str(visit.price if amount is None else amount))
	checkout = f"cs_{frappe.generate_hash(length=10)}"
	if gateway:
		gateway.paid[checkout] = (amount, visit.currency)
	return insert(
		"Online Payment",
		**{
			"appointment": visit.name,
			"clinic": visit.clinic,
			"reference": visit.reference,
			"method": method,
			"amount": float(amount),
			"received": float(amount),
			"currency": visit.currency,
			"state": "Paid",
			"checkout_id": checkout,
			"paid_at_utc": clock.to_database(clock.now()),
		}
		| values,
	)


def give_back() -> None:
	"""What the worker does after the commit."""
	frappe.db.commit()
	refund_work.every_minute()


def due_again() -> None:
	frappe.db.sql(
		"UPDATE `tabOnline Refund` SET due_at_utc = UTC_TIMESTAMP(6) WHERE outbox_status = 'Waiting'"
	)


def unavailable() -> GatewayUnavailable:
	return GatewayUnavailable("later")


def takes(practice, *methods) -> None:
	"""The practice's company has an account for what comes by these methods."""
	account = frappe.db.get_value(
		"Account", {"company": practice.clinic.company, "account_type": "Cash", "is_group": 0}
	)
	for method in methods:
		name = modes.mode_of(method)
		if not frappe.db.exists("Mode of Payment", name):
			insert("Mode of Payment", mode_of_payment=name, type="Bank")
		mode = frappe.get_doc("Mode of Payment", name)
		if practice.clinic.company not in [row.company for row in mode.accounts]:
			mode.append("accounts", {"company": practice.clinic.company, "default_account": account})
			mode.save()
