"""Paying by Stripe in a real browser: there and back, 3-D Secure, the back button, a second tab (PY-2)."""

import re
from datetime import timedelta

import frappe
import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser.steps import DESKTOP, PHONE, assert_fits, check, fill, pick, tomorrow
from tests.fakes.server import slow
from tests.site.billing.conftest import stripe  # noqa: F401
from tests.site.billing.stripe_shop import mark_as_demo, work_off

BOOKED, WAITING = "Your appointment is booked", "Waiting for your payment"


@pytest.fixture
def times(server, stripe):  # noqa: F811
	"""The page of the times of a visit for 35 EUR, paid first, a week from now."""
	stripe.webhook = f"{server.url}/api/method/clinic_booking.api.webhooks.stripe"
	mark_as_demo(stripe)
	clinic = builders.a_clinic(title="Sunrise", city="Madrid")
	visit = builders.a_service(clinic, title="First visit", price=35, payment="Pay First")
	doctor = builders.a_doctor(
		visit, clinics=[clinic], doctor_name="Dr. Ana Popescu", hours=("08:00", "12:00")
	)
	frappe.db.commit()
	return f"/book/{doctor.slug}/{visit.name}?from={tomorrow() + timedelta(days=7)}"


def come_to_review(page, times):
	page.goto(times)
	pick(page)
	fill(page)
	check(page)


def confirm(page):
	page.get_by_role("button", name="Continue to the payment").click()


def come_to_stripe(page, times):
	come_to_review(page, times)
	confirm(page)
	expect(heading(page, "Appointment ")).to_be_visible()


def heading(page, name):
	return page.get_by_role("heading", name=name, level=1)


def press(page, name):
	page.get_by_role("button", name=name, exact=True).click()


def pay_again(page):
	"""Pay on the booking's own page, and come to Stripe's."""
	press(page, "Pay €35.00")
	expect(page.get_by_role("button", name="Leave without paying")).to_be_visible()


def charges(stripe):  # noqa: F811
	return len(stripe.account.every("charge"))


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], indirect=True, ids=["360", "1280"])
def test_pick_pay_confirmed_receipt(page, times, stripe, shots):  # noqa: F811
	"""PY-2, PY-6: five steps to a booked visit; the page that one returns to knows, before any webhook."""
	come_to_review(page, times)
	expect(page.get_by_text(re.compile("To pay now: €35.00"))).to_be_visible()
	shots("1-review")
	assert_fits(page)
	confirm(page)
	expect(heading(page, "Appointment ")).to_be_visible()
	shots("2-stripe")
	press(page, "Pay")
	expect(heading(page, BOOKED)).to_be_visible()
	expect(page.get_by_text("€35.00 paid")).to_be_visible()
	shots("3-booked")
	assert_fits(page)
	assert set(stripe.callbacks.post()) == {200}
	work_off()
	page.reload()
	expect(heading(page, BOOKED)).to_be_visible()
	receipt = page.get_by_role("link", name=re.compile("[Rr]eceipt"))
	answer = page.request.get(receipt.get_attribute("href"))
	assert answer.ok and answer.body().startswith(b"%PDF")


def test_three_d_secure_failed_left_and_resumed(page, times, stripe, shots):  # noqa: F811
	"""MO-8: the time is kept, the page says that nothing is paid, and the same payment goes on."""
	come_to_stripe(page, times)
	press(page, "Pay with a card that asks for 3-D Secure")
	press(page, "Fail authentication")
	expect(page.get_by_text("The card was declined")).to_be_visible()
	press(page, "Pay with a card that asks for 3-D Secure")
	press(page, "Leave without paying")
	expect(heading(page, WAITING)).to_be_visible()
	expect(page.get_by_text("No payment has arrived yet")).to_be_visible()
	shots("1-left")
	assert_fits(page)
	pay_again(page)
	press(page, "Complete authentication")
	expect(heading(page, BOOKED)).to_be_visible()
	assert charges(stripe) == 1 and len(stripe.account.every("checkout.session")) == 1


def test_the_back_button(page, times, stripe):  # noqa: F811
	"""RA-7: from Stripe's page back to the booking, which waits; after paying, back to nothing that could be paid."""
	come_to_stripe(page, times)
	page.go_back()
	expect(heading(page, WAITING)).to_be_visible()
	pay_again(page)
	press(page, "Pay")
	expect(heading(page, BOOKED)).to_be_visible()
	page.go_back()
	expect(heading(page, "This page has ended")).to_be_visible()
	page.go_forward()
	expect(heading(page, BOOKED)).to_be_visible()
	assert charges(stripe) == 1


def test_a_second_tab(page, times, stripe):  # noqa: F811
	"""RA-7: both are at the same payment; paid in one, the other finds it paid."""
	come_to_stripe(page, times)
	page.go_back()
	expect(heading(page, WAITING)).to_be_visible()
	other = page.context.new_page()
	other.goto(page.url)
	for tab in (page, other):
		pay_again(tab)
	press(page, "Pay")
	expect(heading(page, BOOKED)).to_be_visible()
	press(other, "Pay")
	expect(heading(other, "This page has ended")).to_be_visible()
	other.goto(page.url)
	expect(heading(other, BOOKED)).to_be_visible()
	assert charges(stripe) == 1


@pytest.mark.parametrize("succeeds", [True, False])
def test_a_debit_on_its_way(page, times, stripe, shots, succeeds):  # noqa: F811
	"""MO-8: the page says that it is on its way, and by itself what became of it."""
	come_to_stripe(page, times)
	press(page, "Pay by bank debit (answered later)")
	expect(page.get_by_text("Your payment is on its way")).to_be_visible()
	shots("1-on-its-way")
	assert_fits(page)
	(session,) = stripe.account.every("checkout.session")
	stripe.account.settle(session["id"], succeeds)
	stripe.callbacks.post()
	work_off()
	if succeeds:
		expect(heading(page, BOOKED)).to_be_visible(timeout=60_000)
	else:
		expect(page.get_by_text("The payment did not go through")).to_be_visible(timeout=60_000)
		pay_again(page)


def test_stripe_is_away_and_back(page, times, stripe, shots):  # noqa: F811
	"""MO-14: told, with the time kept; one press tries again."""
	come_to_review(page, times)
	page.expected_errors += ["status of 402"]
	stripe.fail(slow(30))
	confirm(page)
	expect(page.get_by_text("The payment page could not be opened")).to_be_visible(timeout=15_000)
	shots("1-away")
	assert_fits(page)
	press(page, "Try again")
	expect(heading(page, "Appointment ")).to_be_visible()
	press(page, "Pay")
	expect(heading(page, BOOKED)).to_be_visible()
