"""Visits that are paid in parts, and what is left of them."""

from clinic_booking.billing import desk_refunds, online_payments
from clinic_booking.booking import status
from tests.site.billing.gateway import give_back
from tests.site.billing.online import METHOD, NEXT_WEEK, a_paying_scene, awaiting, pay, payments_of
from tests.site.billing.practice import invoices, work_off
from tests.site.booking.site_scene import book, hold


def test_deposit_makes_it_certain_and_the_rest_is_paid_later(provider):
	"""MO-16: the deposit first, the rest online, both in the books."""
	scene = a_paying_scene("Deposit", price=80, deposit=20)
	token = awaiting(scene, METHOD)
	pay(provider, token)
	work_off()
	shown = status.booking(token)
	assert (shown["status"], shown["payment_status"], shown["paid"]["amount"]) == (
		"Confirmed",
		"Partly Paid",
		"20.00",
	)
	assert shown["can"]["pay"] and shown["terms"]["due_now"]["amount"] == "0.00"
	assert shown["terms"]["payment_methods"] == ["at_clinic", METHOD, "bank_transfer"]
	assert online_payments.begin(token, METHOD)["amount"]["amount"] == "60.00"
	pay(provider, token)
	work_off()
	assert status.booking(token)["payment_status"] == "Paid"
	assert [payment.amount for payment in payments_of(token)] == [20, 60]
	(invoice,) = invoices(status.find(token))
	assert (invoice.grand_total, invoice.outstanding_amount) == (80, 0)


def test_deposit_given_back_leaves_the_rest(provider):
	"""MO-16, MO-19: the visit goes on and costs that much less; the rest of it can still be paid, and no more."""
	token = awaiting(a_paying_scene("Deposit", price=80, deposit=20), METHOD)
	pay(provider, token)
	work_off()
	visit = status.find(token)
	there = desk_refunds.refundable(visit)
	desk_refunds.give(visit, "Test Gateway", None, there, "Administrator")
	give_back()
	work_off()
	assert status.booking(token)["payment_status"] == "Refunded"
	assert status.booking(token)["can"]["pay"]
	assert online_payments.begin(token, METHOD)["amount"]["amount"] == "60.00"
	pay(provider, token)
	work_off()
	visit = status.find(token)
	assert (visit.paid, visit.payment_status) == (60, "Partly Refunded")
	assert not payments_of(token)[-1].problem and sum(i.outstanding_amount for i in invoices(visit)) == 0
	assert not status.booking(token)["can"]["pay"]


def test_at_the_clinic_can_be_paid_before(provider):
	"""BK-7: what is open can be paid by the booking's link."""
	token = hold(a_paying_scene("At Clinic"), NEXT_WEEK)["token"]
	assert book(token)["status"] == "Confirmed"
	assert status.booking(token)["can"]["pay"]
	online_payments.begin(token, METHOD)
	pay(provider, token)
	assert status.booking(token)["payment_status"] == "Paid"
	assert status.find(token).payment_method == METHOD
