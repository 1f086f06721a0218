"""Cancelled visits give money back the way it was paid, and the books follow."""

from decimal import Decimal

import frappe
import pytest

from clinic_booking.api import public
from clinic_booking.billing import desk_refunds, ledger, payments, refunds, to_do
from clinic_booking.billing.gateways.interface import REFUSED, GatewayError
from clinic_booking.booking import refund as given_back
from clinic_booking.booking import tokens
from clinic_booking.errors import Validation
from tests.site.billing.gateway import give_back, paid_online, takes
from tests.site.billing.practice import alerts, become, invoices, payment_status, posted, work_off
from tests.site.billing.test_credit import credit_of, paid, starts_in

NOTHING = Decimal(0)


def paid_by(practice, gateway, method="stripe", amount=None, **values):
	"""A visit that was paid online, in the books."""
	takes(practice, method)
	visit = practice.visit(source="Online", payment_method=method, **values)
	paid_online(visit, gateway, amount, method)
	to_do.leave(visit.name, "on_paid")
	work_off()
	return frappe.get_doc("Clinic Appointment", visit.name)


def cancel(visit, refund_as=None, **values):
	visit = frappe.get_doc("Clinic Appointment", visit.name)
	visit.flags.refund_as = refund_as
	visit.flags.in_use_case = True
	visit.update({"status": "Cancelled", "cancel_reason": "Ill", "cancelled_by": "Clinic"} | values).save()
	work_off()
	give_back()
	work_off()
	return visit


def rows(visit) -> list[tuple]:
	found = frappe.get_all(
		"Online Refund",
		{"appointment": visit.name},
		["method", "state", "amount"],
		order_by="creation",
		as_list=True,
	)
	return [(method, state, float(amount)) for method, state, amount in found]


def entries(visit, docstatus=1) -> list:
	filters = {"clinic_booking_appointment": visit.name, "payment_type": "Pay", "docstatus": docstatus}
	return [
		frappe.get_doc("Payment Entry", name)
		for name in frappe.get_all("Payment Entry", filters, pluck="name", order_by="creation")
	]


def balanced(company) -> bool:
	((difference,),) = frappe.db.sql(
		"SELECT SUM(debit) - SUM(credit) FROM `tabGL Entry` WHERE company = %s", company
	)
	return abs(difference or 0) < 1e-6


def told_of(refund_of) -> list[str]:
	names = frappe.get_all("Online Refund", {"appointment": refund_of.name}, pluck="name")
	return frappe.get_all(
		"Clinic Alert", {"kind": refunds.KIND, "reference_name": ("in", names or [""])}, pluck="status"
	)


def test_paid_by_a_gateway_goes_back_there(practice_abroad, gateway):
	"""PO-3, MO-15, MO-19: all of it, once, in the ledger to the smallest unit, and no credit is left over."""
	visit = paid_by(practice_abroad, gateway)
	cancelled = cancel(visit)
	assert given_back.told(cancelled)["as"] == "money"
	assert gateway.total() == practice_abroad.price
	assert credit_of(practice_abroad) == 0
	(entry,) = entries(visit)
	assert posted(entry) == {"Asset": 0}
	assert payment_status(visit) == "Refunded"
	assert balanced(practice_abroad.clinic.company)
	assert not alerts(visit)
	for _each in range(2):
		frappe.db.sql(
			"UPDATE `tabBilling Task` SET outbox_status = 'Waiting', attempts = 0, due_at_utc = UTC_TIMESTAMP(6)"
		)
		work_off()
	assert len(entries(visit)) == 1 and credit_of(practice_abroad) == 0


def test_as_credit_where_the_patient_wants_it(practice, gateway):
	"""PO-3: nothing is asked of the gateway, and the next visit of the desk uses it."""
	visit = cancel(paid_by(practice, gateway), "credit", cancelled_by="Patient")
	assert given_back.told(visit) == {"amount": "35.35", "currency": "EUR", "as": "credit"}
	assert gateway.calls == 0 and credit_of(practice) == practice.price
	following = practice.visit()
	work_off()
	assert payment_status(following) == "Paid" and credit_of(practice) == 0


@pytest.mark.parametrize("written", [0, 9999])
def test_what_was_paid_is_not_for_the_caller_to_say(practice, gateway, written):
	"""PO-3, BK-6: a form or REST cancels, and writes what it reads only as well."""
	visit = paid_by(practice, gateway)
	visit.update({"status": "Cancelled", "cancel_reason": "Ill", "paid": written, "currency": "JPY"}).save()
	assert given_back.told(visit) == {"amount": "35.35", "currency": "EUR", "as": "money"}


@pytest.mark.parametrize(("minutes", "back"), [(61, "35.35"), (59, "0.00")])
def test_late_gives_nothing_back(practice, gateway, minutes, back):
	"""PO-2, PO-3, MO-17: the patient in time gets everything, later nothing."""
	visit = paid_by(practice, gateway)
	starts_in(visit, minutes)
	cancelled = cancel(visit, "money", cancelled_by="Patient")
	assert given_back.told(cancelled)["amount"] == back
	assert gateway.total() == Decimal(back)
	assert payment_status(visit) == ("Refunded" if minutes == 61 else "Paid")


def test_clinic_that_cancels_late_adds_credit(practice, gateway):
	"""PO-3: the money goes back, and 10 stay as credit, for the desk's next booking and for no guest's."""
	visit = paid_by(practice, gateway)
	starts_in(visit, 30)
	cancel(visit)
	assert gateway.total() == practice.price and credit_of(practice) == Decimal(10)
	guest = practice.visit(source="Online")
	work_off()
	assert payment_status(guest) == "Unpaid"
	desk = practice.visit()
	work_off()
	assert payment_status(desk) == "Partly Paid" and credit_of(practice) == Decimal(10) - 2 * practice.price


def test_bank_transfer_is_prepared_for_the_accountant(practice, gateway):
	"""PO-3, BK-8: an alert and a draft; once it is submitted the money has gone back."""
	visit = cancel(paid_by(practice, gateway, "bank_transfer"))
	assert rows(visit) == [("bank_transfer", "Waiting", 35.35)] and gateway.calls == 0
	assert told_of(visit) == ["Open"]
	(draft,) = entries(visit, docstatus=0)
	following = practice.visit()
	work_off()
	assert payment_status(following) == "Unpaid", "what is promised as money is no credit to spend"
	draft.submit()
	work_off()
	assert rows(visit) == [("bank_transfer", "Refunded", 35.35)] and told_of(visit) == ["Done"]
	assert credit_of(practice) == -practice.price  # what the following visit owes


def test_cash_is_owed_at_the_desk_where_money_is_wanted(practice):
	"""PO-3: the desk hands it out; then nothing is left, and a second click gives nothing (MO-9)."""
	visit = cancel(paid(practice), "money", cancelled_by="Patient")
	assert rows(visit) == [("at_clinic", "Waiting", 35.35)] and told_of(visit) == ["Open"]
	give(visit, "Cash")
	assert rows(visit) == [("at_clinic", "Refunded", 35.35)] and told_of(visit) == ["Done"]
	assert credit_of(practice) == 0
	with pytest.raises(Validation):
		give(visit, "Cash", of="35.35")
	assert len(entries(visit)) == 1


def give(visit, way, amount=None, of=None):
	visit = frappe.get_doc("Clinic Appointment", visit.name)
	there = desk_refunds.refundable(visit) if of is None else Decimal(of)
	frappe.db.commit()
	desk_refunds.give(visit, way, amount and Decimal(amount), there, "Administrator")
	frappe.db.commit()


def test_refused_refund_becomes_credit(practice, gateway):
	"""MO-11, PY-5: nothing of it in the books but the credit note; an alert says so; the desk may give it otherwise."""
	visit = paid_by(practice, gateway)
	gateway.fails.append(GatewayError("too old"))
	cancel(visit)
	assert rows(visit) == [("stripe", "Failed", 35.35)]
	assert told_of(visit) == ["Open"]
	assert credit_of(practice) == practice.price
	give(visit, "Cash", "20.00")
	assert credit_of(practice) == Decimal("15.35")
	following = practice.visit()
	work_off()
	assert payment_status(following) == "Partly Paid"


def test_what_was_given_back_as_credit_before_is_no_payment_any_more(practice, gateway):
	"""PO-3, MO-11: all of it went back once, if only as credit; the clinic that then cancels late adds nothing."""
	visit = paid_by(practice, gateway)
	gateway.fails.append(GatewayError("too old"))
	give(visit, "Stripe", practice.price)
	give_back()
	work_off()
	assert credit_of(practice) == practice.price
	starts_in(visit, 30)
	cancel(visit)
	assert credit_of(practice) == practice.price


def test_clinic_that_cancels_late_gives_credit_on_top_however_quick_the_desk_is(practice):
	"""PO-3: what was paid is handed out before the worker comes; the credit on top is the patient's all the same."""
	visit = paid(practice)
	starts_in(visit, 30)
	become(visit, "Cancelled")
	give(visit, "Cash")
	work_off()
	assert credit_of(practice) == Decimal("10.00") and len(entries(visit)) == 1


def test_a_provider_gives_back_a_part_that_it_has(practice, gateway, monkeypatch):
	"""PY-5, MO-15: of a part that it has no coins for it is not asked, nor is the patient told; all of it it took."""
	monkeypatch.setattr(gateway, "takes", lambda amount, currency: amount % Decimal("0.10") == 0)
	visit = paid_by(practice, gateway)
	with pytest.raises(Validation) as refused:
		give(visit, "Stripe", "10.05")
	frappe.db.rollback()
	assert refused.value.facts["fields"].keys() == {"amount"} and rows(visit) == []
	give(visit, "Stripe", "10.10")
	give(visit, "Stripe")
	give_back()
	assert gateway.total() == practice.price


def test_refund_that_fails_after_it_was_posted(practice, gateway):
	"""MO-11: the Payment Entry is cancelled, and what is left is credit."""
	visit = cancel(paid_by(practice, gateway))
	assert len(entries(visit)) == 1
	gateway.refunds = dict.fromkeys(gateway.refunds, REFUSED)
	refunds.look_again(frappe.db.get_value("Online Payment", {"appointment": visit.name}))
	give_back()
	work_off()
	assert entries(visit) == [] and len(entries(visit, docstatus=2)) == 1
	assert credit_of(practice) == practice.price
	assert told_of(visit) == ["Open"]


def test_deposit_and_rest_go_back_the_way_they_came(practice, gateway):
	"""MO-16: a part by the gateway, a part at the desk."""
	visit = paid_by(practice, gateway, amount="10.00")
	payments.take(visit, "Cash", None, "Administrator")
	frappe.db.commit()
	visit = cancel(visit)
	assert rows(visit) == [("stripe", "Refunded", 10.0), ("at_clinic", "Waiting", 25.35)]
	assert gateway.total() == Decimal("10.00") and credit_of(practice) == Decimal("25.35")


@pytest.mark.parametrize("way", ["Cash", "Stripe"])
def test_part_is_given_back_twice_of_a_visit_that_goes_on(practice_abroad, gateway, way):
	"""PY-5, MO-10: the visit costs that much less; ERPNext takes an item back once, so the second stands alone."""
	visit = paid_by(practice_abroad, gateway)
	part = practice_abroad.price / 5
	part = part.quantize(practice_abroad.price)
	for _each in range(2):
		give(visit, way, part)
		give_back()
		work_off()
	assert payment_status(visit) == "Partly Refunded"
	assert credit_of(practice_abroad) == 0 and len(entries(visit)) == 2
	become(visit, "Completed")
	work_off()
	assert len(invoices(visit, is_return=0)) == 1
	visit.reload()
	assert Decimal(str(visit.paid)).quantize(part) == practice_abroad.price - 2 * part
	left = desk_refunds.refundable(visit)
	assert left == practice_abroad.price - 2 * part
	with pytest.raises(Validation):
		give(visit, way, left + part)
	give(visit, way)
	give_back()
	work_off()
	assert payment_status(visit) == "Refunded" and credit_of(practice_abroad) == 0
	assert gateway.total() == (practice_abroad.price if way == "Stripe" else 0)
	assert balanced(practice_abroad.clinic.company)


@pytest.mark.parametrize("way", ["Cash", "Stripe"])
@pytest.mark.parametrize(
	("invoice_on", "came"), [("Confirmation", None), ("Completion", None), ("Completion", "10.00")]
)
def test_part_is_given_back_before_the_visit_is_invoiced(practice, gateway, way, invoice_on, came):
	"""PY-1, PY-5, MO-16: the worker has not come to it, or is not to before it is completed: invoiced first, and once."""
	frappe.db.set_single_value("Clinic Booking Settings", "invoice_on", invoice_on)
	takes(practice, "stripe")
	visit = practice.visit(source="Online", payment_method="stripe")
	paid_online(visit, gateway, came)
	if invoice_on == "Completion":
		work_off()
	assert invoices(visit) == []
	give(visit, way, "5.35")
	give_back()
	work_off()
	assert payment_status(visit) == "Partly Refunded" and credit_of(practice) == (
		0 if came is None else Decimal("-25.35")
	)
	become(visit, "Completed")
	work_off()
	assert len(invoices(visit, is_return=0)) == 1 and len(entries(visit)) == 1 and not alerts(visit)
	assert gateway.total() == (Decimal("5.35") if way == "Stripe" else 0)
	account = ledger.account_of(visit.name, visit.currency)
	assert (account.charged, account.open) == (30, 0 if came is None else Decimal("25.35"))


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "35.36"])
def test_no_more_than_was_paid_and_no_finer(practice, amount):
	"""MO-10, MO-15: nothing is posted."""
	visit = paid(practice)
	with pytest.raises(Validation):
		give(visit, "Cash", amount)
	assert entries(visit) == []


def test_cancelled_after_a_part_went_back(practice, gateway):
	"""MO-19: the rest goes back, and no more."""
	visit = paid_by(practice, gateway)
	give(visit, "Stripe", "5.35")
	cancel(visit)
	assert gateway.total() == practice.price and credit_of(practice) == 0
	assert rows(visit) == [("stripe", "Refunded", 5.35), ("stripe", "Refunded", 30.0)]


def test_closed_books_do_not_keep_the_money(practice, gateway):
	"""PY-5, MO-18: the patient has it back; it is posted once the period is open."""
	visit = paid_by(practice, gateway)
	frappe.db.set_single_value("Accounts Settings", "acc_frozen_upto", frappe.utils.today())
	frappe.db.set_single_value("Accounts Settings", "frozen_accounts_modifier", "Clinic Manager")
	cancel(visit)
	assert gateway.total() == practice.price and entries(visit) == [] and len(alerts(visit)) == 1
	frappe.db.set_single_value("Accounts Settings", "acc_frozen_upto", None)
	frappe.db.sql("UPDATE `tabBilling Task` SET due_at_utc = UTC_TIMESTAMP(6)")
	work_off()
	assert len(entries(visit)) == 1 and credit_of(practice) == 0 and alerts(visit) == []


def test_a_providers_mode_is_none_of_the_tills(practice, gateway):
	"""PY-4, PY-5: what is posted as Stripe's is what Stripe was asked for; it is offered while it has something left."""
	visit = paid_by(practice, gateway)
	assert "Stripe" not in payments.modes(practice.clinic.name)
	assert desk_refunds.ways(visit)[0] == "Stripe"
	give(visit, "Stripe")
	assert "Stripe" not in desk_refunds.ways(visit)


def test_patient_who_cancels_is_told_what_comes_back(practice, gateway):
	"""PO-3, PO-5: as api.md says it, before and after; once more it is the same."""
	visit = paid_by(practice, gateway)
	token = tokens.token_of(visit.seed)
	before = public.booking.function(token=token)["terms"]["refund_if_cancelled_now"]
	assert before == {"amount": "35.35", "currency": "EUR", "as": ["money", "credit"]}
	for _each in range(2):
		frappe.db.commit()
		answer = public.cancel.function(token=token, refund="credit")
		assert answer["refund"] == {"amount": "35.35", "currency": "EUR", "as": "credit"}
		work_off()
	assert gateway.calls == 0 and credit_of(practice) == practice.price


def test_paid_with_credit_comes_back_as_credit(practice, gateway):
	"""PO-3, PO-4: there is no money to send."""
	cancel(paid_by(practice, gateway), "credit")
	visit = practice.visit(payment_method="credit")
	work_off()
	assert payment_status(visit) == "Paid"
	cancelled = cancel(visit, "money")
	assert given_back.told(cancelled)["as"] == "credit"
	assert rows(visit) == [] and credit_of(practice) == practice.price
