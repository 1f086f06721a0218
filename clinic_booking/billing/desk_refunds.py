"""Money that staff give back: out of the till, or the way it was paid (PY-5, MO-10)."""

from decimal import Decimal
from functools import partial

import frappe

from clinic_booking.billing import books, ledger, modes, payments, refunds, registry, repayments
from clinic_booking.billing.session import as_the_system
from clinic_booking.billing.state import NOTHING
from clinic_booking.booking.money import rounded
from clinic_booking.booking.transaction import run
from clinic_booking.errors import PaymentFailed, Validation, _


def refundable(appointment) -> Decimal:
	"""What was paid for the appointment and neither went back nor is about to, its credit included."""
	kept = ledger.account_of(appointment.name, appointment.currency).kept
	under_way = refunds.promised_of({appointment.name}, appointment.currency, for_people=False)
	return max(kept - under_way.get(appointment.name, NOTHING), NOTHING)


def ways(appointment) -> list[str]:
	"""How it can go back, by mode of payment: the providers that it was paid with first, then out of the till."""
	return [*_providers(appointment), *payments.modes(appointment.clinic)]


def give(appointment, way: str, amount: Decimal | None, of: Decimal, cashier: str) -> None:
	"""Give `amount` back, all there is if none is given; the caller has checked who may, and commits.

	`of`: what was refundable when it was asked, so that a second click gives nothing (MO-9). Starts a fresh
	transaction, in which nobody cancels the visit or pays it online (MO-20). A provider is asked after the commit.
	Raises `Validation` for more than there is (MO-10) and for what is finer than the currency; `PaymentFailed` where
	ERPNext refuses.
	"""
	run(_give, way, amount, of, cashier, on=partial(books.find, appointment.name))


def _give(name: str, doctor: str, way: str, amount: Decimal | None, of: Decimal, cashier: str) -> None:
	appointment = books.at_the_till(name, doctor)
	there = refundable(appointment)
	if of != there:
		raise Validation(
			fields={"refundable": _("Something was paid or given back meanwhile. Please look again.")}
		)
	amount = there if amount is None else amount
	if amount <= 0 or amount != rounded(amount, appointment.currency):
		raise Validation(fields={"amount": _("This is no amount of this currency.")})
	if amount > there:
		raise Validation(fields={"amount": _("This is more than was paid.")})
	if way not in ways(appointment):
		raise Validation(fields={"way": _("It can't be given back that way.")})
	try:
		# Credit notes, too, are an accountant's to make; who gives back was let in at the door.
		with as_the_system():
			# The worker may not have come to it yet, or not be to before the visit is completed.
			books.take_in(appointment, goes_back=True)
			if method := _providers(appointment).get(way):
				_by_provider(appointment, method, amount)
			else:
				_out_of_the_till(appointment, way, amount, cashier)
		ledger.refresh(appointment.name)
	except frappe.ValidationError as error:
		raise PaymentFailed(
			_("The books do not take this payment now. Please ask the accountant.")
		) from error


def _by_provider(appointment, method: str, amount: Decimal) -> None:
	left = amount
	for payment in _paid_by(appointment.name, method):
		there = refunds.left_of(payment)
		part = min(left, there)
		# What is left it has taken as it is; of parts it may not have every amount.
		if 0 < part < there and not registry.gateway(method).takes(part, appointment.currency):
			raise Validation(fields={"amount": _("It can't be given back that way.")})
		cause = f"{payment.name} staff {frappe.generate_hash(length=10)}"
		if refund := refunds.intend(payment.name, part, cause):
			repayments.make_credit(appointment, refund)
			left -= part
	if left:
		raise Validation(fields={"amount": _("This is more than was paid that way.")})


def _out_of_the_till(appointment, mode_of_payment: str, amount: Decimal, cashier: str) -> None:
	"""What was promised and waits for people is handed out first."""
	company = frappe.db.get_value("Clinic", appointment.clinic, "company")
	account = frappe.db.get_value(
		"Mode of Payment Account", {"parent": mode_of_payment, "company": company}, "default_account"
	)
	till = {"account": account, "mode_of_payment": mode_of_payment, "cashier": cashier}
	for waiting in refunds.waiting_for_people(appointment.name):
		part = min(amount, rounded(waiting.amount, appointment.currency))
		if part:
			repayments.drop_draft(waiting.name)
			_hand_out(appointment, refunds.split(waiting, part), till)
			amount -= part
	if amount:
		cause = f"{appointment.name} till {frappe.generate_hash(length=10)}"
		_hand_out(appointment, refunds.owe(appointment, amount, cause), till)


def _hand_out(appointment, refund: str, till: dict) -> None:
	refund = frappe.get_doc(refunds.DOCTYPE, refund)
	repayments.enter(appointment, refund, till)


def _providers(appointment) -> dict[str, str]:
	"""The methods by their modes, behind which there is a gateway now, and a payment of which something is left."""
	methods = frappe.get_all(
		"Online Payment",
		{"appointment": appointment.name, "state": "Paid", "method": ("not in", refunds.BY_HAND)},
		pluck="method",
		distinct=True,
	)
	return {
		modes.mode_of(method): method
		for method in sorted(methods)
		if registry.gateway(method)
		and any(refunds.left_of(payment) > 0 for payment in _paid_by(appointment.name, method))
	}


def _paid_by(appointment: str, method: str) -> list:
	return [each for each in refunds.paid_online(appointment) if each.method == method]
