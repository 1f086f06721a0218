"""Gateway, ledger and appointments agree, whatever happens (issue: Paying online)."""

from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest

from tests.line import at_once
from tests.site.api.conftest import Api
from tests.site.billing.stripe_lifecycles import live
from tests.site.billing.stripe_shop import sweep, work_off

SEED, LIVES, TRIES = 20261121, 50, 6


def test_fifty_lives_with_all_faults_on(shop):
	"""MO-1, MO-2, MO-13, MO-19: no money without an appointment or a refund, no appointment without its money."""
	assert live(shop, LIVES, SEED) == []
	states = frappe.get_all("Clinic Appointment", {"clinic": shop.scene.clinic}, pluck="status")
	assert {"Confirmed", "Cancelled"} <= set(states)
	assert frappe.db.count("Online Refund")


def test_cancelled_and_paid_at_once(shop):
	"""RA-6: whoever is first, the money is with the appointment or on its way back."""
	for _try in range(TRIES):
		token, checkout = shop.to_pay()
		shop.stripe.account.pay(checkout)
		callbacks = shop.stripe.callbacks.take()
		other = Api(shop.server.client())
		at_once(
			[
				lambda token=token, other=other: other.post("cancel", token=token),
				lambda callbacks=callbacks: shop.stripe.callbacks.post(callbacks),
				lambda token=token: shop.api.post("pay", token=token),
			]
		)
		work_off()
		sweep()
	assert not shop.disagreements()


def test_paid_confirmed_and_cancelled_by_workers_at_once(shop, work_off_jobs):
	"""RA-6: workers of the site beside a patient who cancels."""
	for _try in range(2):
		token, checkout = shop.to_pay()
		shop.stripe.account.pay(checkout)
		shop.stripe.callbacks.post()
		with ThreadPoolExecutor(1) as thread:
			cancelled = thread.submit(Api(shop.server.client()).post, "cancel", token=token)
			work_off_jobs()
			assert cancelled.result().status_code == 200
		sweep()
	assert not shop.disagreements()


@pytest.mark.parametrize("is_taken", [False, True])
def test_the_hold_lapses_during_the_payment(shop, is_taken):
	"""RA-7: the wait ends while the patient is at Stripe; made if it is still free, else given back."""
	start = shop.start()
	token, checkout = shop.to_pay(start)
	shop.stripe.account.ask(checkout)
	shop.told()
	shop.lapse(token)
	if is_taken:
		shop.hold(start)
	shop.stripe.account.pay(checkout)
	shop.told()
	assert shop.seen(token)["status"] == ("Expired" if is_taken else "Confirmed")
	assert not shop.disagreements()


def test_two_browsers_pay_one_booking(shop):
	"""RA-7: a second tab gets the same page, and what is paid twice by any road goes back once."""
	token, checkout = shop.to_pay()
	answers = at_once([lambda: Api(shop.server.client()).post("pay", token=token)] * 4)
	assert {answer.json()["message"]["payment"]["url"].rpartition("/")[2] for answer in answers} == {checkout}
	shop.stripe.account.pay(checkout)
	shop.told()
	assert not shop.disagreements()
