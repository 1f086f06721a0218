"""Money that came and finds nothing open: an accountant has entered it, or other money, by hand."""

from functools import partial

import frappe
import pytest
from frappe.utils import getdate, today

from clinic_booking.billing import desk_refunds, payments, reconciliation, to_do
from tests.site.billing.accountant import discount, enter, take_off, write_off
from tests.site.billing.gateway import give_back, paid_online, takes
from tests.site.billing.practice import alerts, payment_status, work_off
from tests.site.billing.test_by_hand import asked_for
from tests.site.billing.test_by_hand import told as loose
from tests.site.billing.test_credit import credit_of
from tests.site.billing.test_money_back import cancel, give, rows


@pytest.fixture
def paid(practice, gateway):
	"""A visit that is invoiced, and its payment of all by Stripe, which is not posted yet."""
	takes(practice, "stripe")
	visit = practice.visit(source="Online", payment_method="stripe")
	work_off()
	payment = paid_online(visit, gateway, payment_id="pi_1")
	to_do.leave(visit.name, "on_paid")
	return visit, payment


def told(payment, status="Open") -> int:
	return frappe.db.count("Clinic Alert", {"reference_name": payment.name, "status": status})


def differences(visit) -> list[str]:
	day = getdate(today())
	return [row.what for row in reconciliation.differences(day, day, [visit.clinic])]


@pytest.mark.parametrize("values", [{"mode_of_payment": "Stripe"}, {"reference_no": "pi_1"}])
def test_the_same_money_entered_by_hand_is_its_entry(paid, values):
	"""MO-18, MO-19: it counts once, and can go back as any other."""
	visit, payment = paid
	entry = enter(visit, **values)
	work_off()
	assert payment.reload().payment_entry == entry.name and not payment.problem
	assert (payment_status(visit), differences(visit), told(payment)) == ("Paid", [], 0)
	cancel(visit)
	assert payment_status(visit) == "Refunded" and alerts(visit) == []


def test_other_money_entered_by_hand(paid, practice, gateway):
	"""MO-19, MO-20: what came in vain counts for nothing and never quietly; given back at the provider it is well."""
	visit, payment = paid
	enter(visit)
	work_off()
	assert (payment.reload().problem, payment_status(visit), told(payment)) == ("Paid Twice", "Paid", 1)
	assert differences(visit) == [reconciliation.TWICE]
	assert desk_refunds.refundable(visit) == practice.price
	cancel(visit)
	give_back()
	work_off()
	assert (gateway.total(), credit_of(practice), alerts(visit)) == (0, practice.price, [])


def test_entry_by_hand_that_is_cancelled_makes_room(paid):
	"""MO-18: it was the same money: ours is posted then, and the alert is done."""
	visit, payment = paid
	entry = enter(visit)
	work_off()
	entry.cancel()
	work_off()
	assert payment.reload().payment_entry not in (None, entry.name) and not payment.problem
	assert (payment_status(visit), differences(visit), told(payment)) == ("Paid", [], 0)
	assert told(payment, "Done") == 1


def test_part_of_it_entered_by_hand(paid, practice, gateway):
	"""MO-18: ours takes what is left, the rest is told of; the entry cancelled, it takes all."""
	visit, payment = paid
	entry = enter(visit, part=10)
	work_off()
	assert not payment.reload().problem and (payment_status(visit), asked_for(visit)) == ("Paid", 0)
	assert differences(visit) == [reconciliation.NOT_ALLOCATED] and len(loose(visit)) == 1
	assert desk_refunds.refundable(visit) == practice.price + 10
	entry.cancel()
	work_off()
	assert (payment_status(visit), differences(visit), loose(visit)) == ("Paid", [], [])
	cancel(visit)
	assert (gateway.total(), credit_of(practice)) == (practice.price, 0)


@pytest.mark.parametrize("how", ["Journal Entry", "Unreconcile Payment"])
def test_what_else_an_accountant_takes_off_makes_room(paid, how):
	"""MO-18: a Journal Entry over the invoice that is cancelled, an entry that is taken off it."""
	visit, payment = paid
	entry = write_off(visit) if how == "Journal Entry" else enter(visit)
	work_off()
	assert (payment.reload().problem, payment_status(visit), told(payment)) == ("Paid Twice", "Paid", 1)
	(entry.reload().cancel if how == "Journal Entry" else partial(take_off, entry))()
	work_off()
	assert payment.reload().payment_entry and not payment.problem
	assert (payment_status(visit), differences(visit), told(payment)) == ("Paid", [], 0)


@pytest.mark.parametrize("by", ["amending", "a return"])
def test_discount_of_an_accountant(paid, practice, gateway, by):
	"""MO-18, MO-19, PO-3: nobody is asked for more, all that came is in the books, and the rest of it is told of."""
	visit, payment = paid
	discount(visit, 5.35, by)
	work_off()
	assert payment.reload().payment_entry and not payment.problem
	assert (payment_status(visit), asked_for(visit)) == ("Paid", 0)
	assert differences(visit) == [reconciliation.NOT_ALLOCATED] and len(loose(visit)) == 1
	assert desk_refunds.refundable(visit) == practice.price
	visit = cancel(visit)
	assert rows(visit) == [("stripe", "Refunded", 30.0)] and alerts(visit) == []
	give(visit, "Stripe", "5.35")
	give_back()
	work_off()
	assert (gateway.total(), credit_of(practice), payment_status(visit)) == (practice.price, 0, "Refunded")
	assert differences(visit) == loose(visit) == alerts(visit) == []


def test_after_a_discount_the_page_asks_as_the_desk_does(practice, gateway):
	"""PY-5: what is open of the invoice."""
	takes(practice, "stripe")
	visit = practice.visit(source="Online", payment_method="stripe")
	work_off()
	assert asked_for(visit) == practice.price
	discount(visit, 5.35, "amending")
	assert asked_for(visit) == payments.owed(visit) == 30
	paid_online(visit, gateway, 30)
	to_do.leave(visit.name, "on_paid")
	work_off()
	assert (payment_status(visit), asked_for(visit), differences(visit)) == ("Paid", 0, [])


def test_what_goes_back_by_itself_is_not_counted_again(paid, gateway):
	"""MO-19: paid on two pages, the second one is on its way back when something becomes open."""
	visit, payment = paid
	work_off()
	second = paid_online(visit, gateway, problem="Paid Twice")
	frappe.get_doc(
		doctype="Online Refund",
		payment=second.name,
		clinic=visit.clinic,
		reference=visit.reference,
		method="stripe",
		amount=second.amount,
		currency="EUR",
		cause="twice",
	).insert()
	frappe.get_doc("Payment Entry", payment.reload().payment_entry).cancel()
	to_do.leave(visit.name, "again")
	work_off()
	assert second.reload().problem == "Paid Twice" and payment_status(visit) == "Unpaid"
