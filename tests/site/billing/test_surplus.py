"""Money that came and finds nothing open: an accountant has entered it, or other money, by hand."""

import frappe
import pytest
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from frappe.utils import getdate, today

from clinic_booking.billing import desk_refunds, reconciliation, to_do
from tests.site.billing.gateway import give_back, paid_online, takes
from tests.site.billing.practice import alerts, invoices, payment_status, work_off
from tests.site.billing.test_credit import credit_of
from tests.site.billing.test_money_back import cancel


@pytest.fixture
def paid(practice, gateway):
	"""A visit that is invoiced, and its payment of all by Stripe, which is not posted yet."""
	takes(practice, "stripe")
	visit = practice.visit(source="Online", payment_method="stripe")
	work_off()
	payment = paid_online(visit, gateway, payment_id="pi_1")
	to_do.leave(visit.name, "on_paid")
	return visit, payment


def enter(visit, **values):
	"""An accountant pays the invoice by hand."""
	entry = get_payment_entry("Sales Invoice", invoices(visit)[0].name)
	entry.update({"reference_no": "1", "reference_date": today(), "mode_of_payment": "Cash"} | values)
	return entry.insert().submit()


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
