"""Paying by Stripe, over HTTP from the hold to the books, with webhooks as Stripe posts them."""

import frappe
import pytest

from clinic_booking.billing import gateway_events, looks
from tests.fakes.server import BROKEN, BROKEN_AFTER, DROPPED, DROPPED_AFTER, TOO_MANY
from tests.fakes.stripe import Stripe
from tests.line import at_once
from tests.site.api.conftest import error_of
from tests.site.billing.stripe_shop import checkout_in, message, sweep, work_off


def alerts(kind="Payment"):
	return frappe.get_all("Clinic Alert", {"kind": kind, "status": "Open"}, pluck="subject")


def test_paid_and_confirmed(shop):
	"""PY-2: from the page at Stripe to the invoice, with one appointment that was waited for."""
	token, checkout = shop.to_pay()
	seen = shop.seen(token)
	assert (seen["status"], seen["can"]["pay"]) == ("Awaiting Payment", True)
	shop.stripe.account.pay(checkout)
	assert set(shop.told()) == {200}
	seen = shop.seen(token)
	assert (seen["status"], seen["payment_status"], seen["paid"]["amount"]) == ("Confirmed", "Paid", "35.00")
	(payment,) = shop.payments(token)
	assert payment.state == "Paid" and payment.payment_entry and payment.payment_id.startswith("pi_")
	assert not shop.disagreements()


def test_each_webhook_ten_times_at_once(shop):
	"""MO-1: stored once, applied once."""
	token, checkout = shop.to_pay()
	shop.stripe.account.pay(checkout)
	callbacks = shop.stripe.callbacks.take()
	posts = [
		lambda each=each: shop.stripe.callbacks.post([each]) for each in callbacks for _time in range(10)
	]
	assert all(status in ([200], [503]) for status in at_once(posts))
	shop.told(callbacks)
	assert frappe.db.count("Gateway Event") == len(callbacks)
	assert frappe.db.count("Payment Entry", {"clinic_booking_appointment": shop.found(token).name}) == 1
	assert not shop.disagreements()


def test_several_workers_at_once(shop, work_off_jobs):
	"""MO-1, LI-6: the jobs that the webhooks woke, and the scheduler's beside them."""
	token, checkout = shop.to_pay()
	shop.stripe.account.pay(checkout)
	shop.stripe.callbacks.post()
	work_off_jobs()
	assert shop.seen(token)["status"] == "Confirmed"
	work_off()
	assert not shop.disagreements()


@pytest.mark.parametrize("first", range(4))
def test_webhooks_in_any_order(shop, first):
	"""MO-2: of a payment and its partial refund, each first once, worked one by one."""
	token, checkout = shop.to_pay()
	shop.stripe.account.pay(checkout)
	callbacks = shop.stripe.callbacks.take()
	shuffled = [*callbacks[first:], *reversed(callbacks[:first])]
	for callback in shuffled:
		shop.told([callback])
	assert shop.seen(token)["status"] == "Confirmed"
	assert not shop.disagreements()


def test_lost_webhooks_cost_minutes(shop):
	"""MO-2: nothing is ever told, and the next look finds out."""
	token, checkout = shop.to_pay()
	shop.stripe.account.pay(checkout)
	shop.stripe.callbacks.take()
	sweep()
	assert shop.seen(token)["payment_status"] == "Paid"
	assert not shop.disagreements()


def test_bad_signatures_confirm_nothing(shop):
	"""MO-3: whoever posts that all is paid without Stripe's secret is not heard."""
	token, _checkout = shop.to_pay()
	with Stripe(webhook=shop.stripe.webhook) as other:
		other.webhook_secret = "whsec_of_somebody"
		other.account.objects = shop.stripe.account.objects
		other.account.pay(_checkout)
		assert set(other.callbacks.post()) == {403}
	assert not frappe.db.count("Gateway Event")


def test_webhooks_are_not_believed(shop):
	"""MO-4: rightly signed and untrue (another shop's page with our secret): the payment is looked at, and stands open."""
	token, checkout = shop.to_pay()
	session = dict(
		shop.stripe.account.get(checkout, "checkout.session"), payment_status="paid", status="complete"
	)
	shop.stripe.account._happened("checkout.session.completed", session)
	shop.stripe.account._happened("checkout.session.completed", session | {"id": "cs_of_another_shop"})
	shop.stripe.account._happened("customer.created", {"id": "cus_1", "object": "customer"})
	assert shop.told() == [200, 200, 200]
	assert shop.seen(token)["status"] == "Awaiting Payment"
	assert {event.outbox_status for event in frappe.get_all("Gateway Event", ["outbox_status"])} == {"Done"}


@pytest.mark.parametrize(
	"change", [{"amount_received": 3400}, {"amount_received": 3600}, {"currency": "usd"}], ids=str
)
def test_another_amount_or_currency_confirms_nothing(shop, change):
	"""MO-5: an alert; staff decide."""
	token, checkout = shop.to_pay()
	shop.stripe.account.pay(checkout)
	session = shop.stripe.account.get(checkout, "checkout.session")
	shop.stripe.account.objects[session["payment_intent"]] |= change
	session |= {name: value for name, value in change.items() if name == "currency"}
	shop.told()
	assert shop.seen(token)["status"] in ("Awaiting Payment", "Expired")
	assert len(alerts()) == 1


def test_paid_after_the_hold_lapsed_and_free(shop):
	"""MO-6, BK-8: the appointment is made."""
	token, checkout = shop.to_pay()
	shop.lapse(token)
	assert shop.seen(token)["status"] == "Expired"
	shop.stripe.account.pay(checkout)
	shop.told()
	assert shop.seen(token)["status"] == "Confirmed"
	assert not shop.disagreements()


def test_paid_after_the_hold_lapsed_and_taken(shop):
	"""MO-6, BK-8: the money goes back by itself, and the desk hears of it."""
	start = shop.start()
	token, checkout = shop.to_pay(start)
	shop.lapse(token)
	other, _checkout = shop.paid(start)
	shop.stripe.account.pay(checkout)
	shop.told()
	assert (shop.seen(token)["status"], shop.seen(other)["status"]) == ("Expired", "Confirmed")
	(charge,) = [each for each in shop.stripe.account.every("charge") if each["refunded"]]
	assert charge["amount_refunded"] == 3500
	assert len(alerts()) == 1
	assert not shop.disagreements()


def test_the_page_ends_with_its_request(shop):
	"""PY-2, MO-6: once the wait is over nobody can pay there any more; a cancelled one likewise."""
	lapsed, cancelled = shop.to_pay(), shop.to_pay()
	shop.lapse(lapsed[0])
	message(shop.api.post("cancel", token=cancelled[0]))
	sweep()
	for token, checkout in (lapsed, cancelled):
		assert shop.stripe.account.get(checkout, "checkout.session")["status"] == "expired"
		assert [payment.state for payment in shop.payments(token)] == ["Expired"]
	assert not shop.disagreements()


def test_abandoned_and_booked_again_must_be_paid(shop):
	"""MO-7: an earlier page that was left pays for nothing."""
	start = shop.start()
	token, _checkout = shop.to_pay(start)
	message(shop.api.post("cancel", token=token))
	again, _new = shop.to_pay(start)
	sweep()
	assert shop.seen(again)["status"] == "Awaiting Payment"


def test_three_d_secure_failed_left_and_passed(shop):
	"""MO-8: the booking waits through all of it; the same page is used again."""
	token, checkout = shop.to_pay()
	for happens in (shop.stripe.account.ask, shop.stripe.account.decline, shop.stripe.account.ask):
		happens(checkout)
		shop.told()
		assert shop.seen(token)["status"] == "Awaiting Payment"
	assert checkout_in(shop.api.post("pay", token=token)) == checkout
	shop.stripe.account.pay(checkout)
	shop.told()
	assert shop.seen(token)["status"] == "Confirmed"


@pytest.mark.parametrize("succeeds", [True, False])
def test_processing_for_days(shop, succeeds):
	"""MO-8: complete and unpaid confirms nothing; the bank's answer decides, days later."""
	token, checkout = shop.to_pay()
	shop.stripe.account.debit(checkout)
	shop.told()
	assert shop.payments(token)[0].state == "Processing"
	assert shop.seen(token)["status"] == "Awaiting Payment"
	shop.lapse(token)
	shop.stripe.account.settle(checkout, succeeds)
	shop.told()
	sweep()
	assert shop.payments(token)[0].state == ("Paid" if succeeds else "Failed")
	assert shop.seen(token)["status"] == ("Confirmed" if succeeds else "Expired")
	assert not shop.disagreements()


@pytest.mark.parametrize("fault", [TOO_MANY, DROPPED, DROPPED_AFTER, BROKEN, BROKEN_AFTER], ids=str)
def test_no_page_then_one(shop, fault):
	"""MO-13: the booking stands, pressing Pay again opens one page, and one charge is made."""
	token = shop.hold()
	shop.stripe.fail(fault, "POST /v1/checkout/sessions")
	error_of(shop.book(token), 402, "ERR_PAYMENT_FAILED")
	assert shop.seen(token)["status"] == "Awaiting Payment"
	checkout = checkout_in(shop.api.post("pay", token=token))
	assert checkout_in(shop.book(token)) == checkout
	shop.stripe.account.pay(checkout)
	shop.told()
	sweep()
	assert shop.seen(token)["status"] == "Confirmed"
	assert len(shop.stripe.account.every("charge")) == 1


@pytest.mark.parametrize("fault", [TOO_MANY, DROPPED, DROPPED_AFTER, BROKEN, BROKEN_AFTER], ids=str)
def test_looks_that_fail_are_made_again(shop, fault):
	"""MO-13: a webhook's work waits for the provider, and loses nothing."""
	token, checkout = shop.to_pay()
	shop.stripe.account.pay(checkout)
	shop.stripe.fail(fault, "GET /v1/checkout/sessions/*", times=3)
	shop.stripe.callbacks.post(shop.stripe.callbacks.take()[-1:])
	frappe.db.commit()
	gateway_events.every_minute()
	assert shop.seen(token)["status"] == "Awaiting Payment"
	shop.stripe.heal()
	work_off()
	assert shop.seen(token)["status"] == "Confirmed"


def test_one_that_can_not_be_looked_at_does_not_stop_the_others(shop):
	"""LI-6, MO-4: a payment of an account that is no longer ours is told; the others are looked at."""
	(strange, checkout), (token, good) = shop.to_pay(), shop.to_pay()
	frappe.db.set_value("Online Payment", {"checkout_id": checkout}, "checkout_id", "cs_of_another_account")
	shop.stripe.account.pay(good)
	sweep()
	assert shop.seen(token)["status"] == "Confirmed" and shop.seen(strange)["status"] == "Awaiting Payment"
	assert len(alerts("Look")) == 1


def test_cancelled_in_time_is_refunded_once(shop):
	"""MO-9: by the patient, twice, and told by Stripe's own webhooks as well."""
	token, _checkout = shop.paid()
	for _time in range(2):
		shop.api.post("cancel", token=token)
		work_off()
		shop.told()
	assert shop.seen(token)["payment_status"] == "Refunded"
	assert [refund["amount"] for refund in shop.stripe.account.every("refund")] == [3500]
	assert not shop.disagreements()


@pytest.mark.parametrize("fault", [TOO_MANY, DROPPED, DROPPED_AFTER, BROKEN_AFTER, BROKEN], ids=str)
def test_a_refund_that_is_not_answered_is_made_once(shop, fault):
	"""MO-13: one refund, whatever became of the first try."""
	token, _checkout = shop.paid()
	shop.stripe.fail(fault, "POST /v1/refunds")
	message(shop.api.post("cancel", token=token))
	work_off()
	# Stripe keeps a 500 under its key for a day.
	shop.stripe.account.ahead += 25 * 3600
	work_off()
	shop.told()
	assert [refund["amount"] for refund in shop.stripe.account.every("refund")] == [3500]
	assert not shop.disagreements()


def test_a_refund_that_fails_later(shop):
	"""MO-11: pending, then failed: the money is the patient's credit, and somebody is told."""
	shop.stripe.account.refunds_wait = True
	token, _checkout = shop.paid()
	message(shop.api.post("cancel", token=token))
	work_off()
	(refund,) = shop.stripe.account.every("refund")
	assert frappe.get_all("Online Refund", pluck="state") == ["Pending"]
	shop.stripe.account.finish_refund(refund["id"], succeeds=False)
	shop.told()
	assert frappe.get_all("Online Refund", pluck="state") == ["Failed"]
	assert len(alerts("Refund")) == 1


def test_a_dispute_opened_and_lost(shop):
	"""MO-12: marked and told once, also where its webhook is lost."""
	token, checkout = shop.paid()
	dispute = shop.stripe.account.dispute(checkout)
	shop.stripe.callbacks.take()
	sweep(days=1)
	assert shop.payments(token)[0].disputed
	assert len(alerts("Dispute")) == 1
	shop.stripe.account.close_dispute(dispute["id"], won=False)
	shop.told()
	assert shop.payments(token)[0].disputed
	assert shop.seen(token)["status"] == "Confirmed"


def test_a_dispute_won(shop):
	"""MO-12: all as before."""
	token, checkout = shop.paid()
	dispute = shop.stripe.account.dispute(checkout)
	shop.told()
	shop.stripe.account.close_dispute(dispute["id"], won=True)
	shop.told()
	assert not shop.payments(token)[0].disputed
	assert not shop.disagreements()


def test_the_patient_comes_back_before_the_webhook(shop):
	"""PY-2: the page they return to looks by itself, and only while there is something to see."""
	token, checkout = shop.to_pay()
	shop.stripe.account.pay(checkout)
	looks.look_for(token)
	assert shop.seen(token)["status"] == "Confirmed"
	asked = len(shop.stripe.received)
	looks.look_for(token)
	assert len(shop.stripe.received) == asked


def test_the_patient_comes_back_and_stripe_is_away(shop):
	"""MO-14: the page shows what is known."""
	token, checkout = shop.to_pay()
	shop.stripe.account.pay(checkout)
	with shop.stripe.gone():
		looks.look_for(token)
	assert shop.seen(token)["status"] == "Awaiting Payment"


def test_a_page_loaded_many_times_at_once_keeps_one_worker_waiting(shop):
	"""MO-14: whoever has the link can't have all workers wait for Stripe."""
	token, _checkout = shop.to_pay()
	(payment,) = shop.payments(token)
	asked = len(shop.stripe.received)
	with looks._alone(payment.name):
		looks.look_for(token)
	assert len(shop.stripe.received) == asked
	looks.look_for(token)
	assert len(shop.stripe.received) > asked


def test_one_that_stripe_fails_at_does_not_hide_the_others(shop):
	"""MO-13: a session that Stripe answers with 500 for good; the next one is still seen to be paid."""
	broken, well = shop.to_pay()[1], shop.to_pay()
	shop.stripe.account.pay(well[1])
	shop.stripe.fail(BROKEN, f"GET /v1/checkout/sessions/{broken}", times=99)
	sweep()
	assert shop.seen(well[0])["status"] == "Confirmed"


def test_a_page_that_never_came_is_forgotten(shop):
	"""MO-13: asked for, not answered, not asked for again: over with its time."""
	token = shop.hold()
	shop.stripe.fail(DROPPED_AFTER, "POST /v1/checkout/sessions")
	error_of(shop.book(token), 402, "ERR_PAYMENT_FAILED")
	frappe.db.sql("UPDATE `tabOnline Payment` SET expires_at_utc = UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE")
	frappe.db.commit()
	shop.lapse(token)
	sweep()
	assert [payment.state for payment in shop.payments(token)] == ["Expired"]
