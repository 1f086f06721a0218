"""Paying in a real browser: what is due, by transfer, and what the booking's own page says of it."""

import re
from datetime import timedelta

import frappe
import pytest
from playwright.sync_api import expect

from clinic_booking.billing import transfers
from clinic_booking.booking import status
from tests import builders
from tests.browser.steps import (
	DESKTOP,
	PHONE,
	assert_fits,
	check,
	fill,
	pick,
	tomorrow,
)
from tests.site.billing.online import BANK


@pytest.fixture
def clinic(server):
	return builders.a_clinic(title="Sunrise", city="Madrid", **BANK, bank_bic="CAIXESBB")


def offered(clinic, **service):
	"""The page of the times of a service, a week from now."""
	visit = builders.a_service(clinic, **{"title": "First visit", **service})
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


def confirm(page, name="Confirm the booking"):
	page.get_by_role("button", name=name).click()


def heading(page, name):
	return page.get_by_role("heading", name=name, level=1)


def booking():
	frappe.db.rollback()
	return status.find_by_reference(frappe.get_last_doc("Booking Request").reference)


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], indirect=True, ids=["360", "1280"])
def test_what_is_paid_by_transfer_is_booked_when_it_has_come(page, clinic, shots):
	"""PY-3, BK-5, PO-5: the amount before confirming, the account and the reference after it, booked once it came."""
	come_to_review(page, offered(clinic, payment="Pay First", price=35))
	expect(page.get_by_text("To pay now: €35.00 · By bank transfer")).to_be_visible()
	shots("1-review")
	assert_fits(page)
	confirm(page)
	expect(heading(page, "Waiting for your payment")).to_be_visible()
	for fact in ("€35.00", BANK["bank_account_holder"], BANK["bank_account_number"], "CAIXESBB"):
		expect(page.locator("#pay")).to_contain_text(fact)
	expect(page.locator("#pay")).to_contain_text(booking().reference)
	expect(page.get_by_text(re.compile("€35.00 to pay until .*kept for you until then"))).to_be_visible()
	shots("2-transfer")
	assert_fits(page)
	page.reload()
	expect(page.locator("#pay")).to_contain_text(BANK["bank_account_number"])
	transfers.confirm(booking(), 35)
	frappe.db.commit()
	page.reload()
	expect(heading(page, "Your appointment is booked")).to_be_visible()
	expect(page.get_by_text("€35.00 paid")).to_be_visible()
	expect(page.locator("#pay")).to_have_count(0)
	shots("3-paid")


def test_details_are_copied(page, clinic):
	"""PY-3: an IBAN is nothing to type."""
	page.context.grant_permissions(["clipboard-read", "clipboard-write"])
	come_to_review(page, offered(clinic, payment="Pay First", price=35))
	confirm(page)
	page.get_by_role("button", name="Copy Account (IBAN)").click()
	expect(page.get_by_role("button", name="Copied")).to_be_visible()
	assert page.evaluate("navigator.clipboard.readText()") == BANK["bank_account_number"]


def test_deposit_says_what_is_left_for_the_clinic(page, clinic):
	"""MO-16, PO-5: how much now and how much there, before and after."""
	prices = [{"clinic": clinic.name, "price": 80, "deposit": 20}]
	come_to_review(page, offered(clinic, payment="Deposit", prices=prices))
	expect(page.get_by_text("To pay now: €20.00. The rest, €60.00, is paid at the clinic.")).to_be_visible()
	confirm(page)
	expect(page.get_by_text("€20.00 to pay until")).to_be_visible()
	transfers.confirm(booking(), 20)
	frappe.db.commit()
	page.reload()
	expect(page.get_by_text("€20.00 paid")).to_be_visible()
	expect(page.get_by_text("€60.00 to pay at the clinic")).to_be_visible()


def test_who_may_pay_at_the_clinic_chooses(page, clinic):
	"""BK-5, PY-3: booked at once either way; by transfer with its details."""
	come_to_review(page, offered(clinic, payment="Optional", price=40))
	expect(page.get_by_role("radio", name="At the clinic")).to_be_checked()
	page.get_by_role("radio", name="By bank transfer").check()
	page.go_back()
	page.go_forward()
	expect(page.get_by_role("radio", name="By bank transfer")).to_be_checked()
	confirm(page)
	expect(heading(page, "Your appointment is booked")).to_be_visible()
	expect(page.locator("#pay")).to_contain_text(BANK["bank_account_number"])


def test_what_waits_for_its_payment_can_be_cancelled(page, clinic):
	"""PO-2: nothing was paid, the time is free at once."""
	times = offered(clinic, payment="Pay First", price=35)
	come_to_review(page, times)
	confirm(page)
	page.get_by_role("link", name="Cancel it").click()
	page.get_by_role("button", name="Cancel the appointment").click()
	expect(heading(page, "This appointment is cancelled")).to_be_visible()
	expect(page.locator("#pay")).to_have_count(0)
