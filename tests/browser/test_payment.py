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
	problem,
	tomorrow,
)
from tests.site.billing.online import BANK

# What the page does by itself after some seconds, in milliseconds.
LONG = 30_000


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


def test_receipt_and_invoice_to_a_company(page, clinic):
	"""PY-6: what was paid as a PDF; a company for the invoice, said at its field what is wrong with it."""
	come_to_review(page, offered(clinic, payment="Pay First", price=35))
	confirm(page)
	expect(heading(page, "Waiting for your payment")).to_be_visible()
	transfers.confirm(booking(), 35)
	frappe.db.commit()
	page.reload()
	with page.expect_download() as download:
		page.get_by_role("link", name="Receipt (PDF)").click()
	assert download.value.path().read_bytes().startswith(b"%PDF")
	page.get_by_text("Invoice to a company").click()
	page.get_by_label("Company", exact=True).fill("A")
	page.get_by_label("Address", exact=True).fill("Calle Mayor 1, Madrid")
	page.expected_errors.append("status of 422")
	page.get_by_role("button", name="Make it out to the company").click()
	company = page.get_by_label("Company", exact=True)
	expect(company).to_be_focused()
	expect(company).to_have_accessible_description(re.compile("2 to 140"))
	company.fill("Sol S.L.")
	page.get_by_label("Tax number (optional)").fill("B12345678")
	page.get_by_role("button", name="Make it out to the company").click()
	expect(page.get_by_text("The invoice is made out to Sol S.L.")).to_be_visible()
	assert booking().invoice_address == "Calle Mayor 1, Madrid"
	page.get_by_text("Invoice to a company").click()
	assert_fits(page)


def test_what_is_over_leads_to_the_doctor_s_other_times(page, clinic):
	"""BK-5, BK-3: a request that was declined, or not paid, is not the end."""
	come_to_review(page, offered(clinic, payment="Pay First", price=35))
	confirm(page)
	expect(heading(page, "Waiting for your payment")).to_be_visible()
	frappe.db.sql("UPDATE `tabBooking Request` SET expires_at_utc = UTC_TIMESTAMP() - INTERVAL 1 SECOND")
	frappe.db.commit()
	page.reload()
	expect(heading(page, "This time was not booked")).to_be_visible()
	page.get_by_role("link", name="Other times of Dr. Ana Popescu").click()
	expect(heading(page, "Choose a time")).to_be_visible()


def test_time_that_waits_for_its_payment_says_how_long(page, clinic):
	"""BK-2, PY-2: counted down as it nears its end, and what has become of it when it is over."""
	come_to_review(page, offered(clinic, payment="Pay First", price=35))
	confirm(page)
	expect(heading(page, "Waiting for your payment")).to_be_visible()
	frappe.db.sql("UPDATE `tabBooking Request` SET expires_at_utc = UTC_TIMESTAMP() + INTERVAL 9 SECOND")
	frappe.db.commit()
	page.reload()
	expect(page.locator("[data-part=held-left]")).to_contain_text("Kept for you for 0 min")
	expect(page.locator("[data-part=warning]")).to_contain_text("kept for you for")
	expect(heading(page, "This time was not booked")).to_be_visible(timeout=LONG)


def test_payment_on_its_way_shows_itself_when_it_has_come(page, clinic):
	"""MO-8, PY-2: nobody presses anything; nothing can be paid a second time meanwhile."""
	come_to_review(page, offered(clinic, payment="Pay First", price=35))
	confirm(page)
	expect(heading(page, "Waiting for your payment")).to_be_visible()
	frappe.db.sql("UPDATE `tabOnline Payment` SET state = 'Processing', method = 'stripe'")
	frappe.db.commit()
	page.reload()
	expect(page.get_by_text("Your payment is on its way")).to_be_visible()
	expect(page.get_by_role("button", name=re.compile("^Pay"))).to_have_count(0)
	frappe.db.sql("UPDATE `tabOnline Payment` SET state = 'Failed'")
	frappe.db.commit()
	expect(page.get_by_text("The payment did not go through")).to_be_visible(timeout=LONG)
	expect(page.get_by_role("button", name="Pay €35.00")).to_be_visible()


def test_page_of_the_provider_that_does_not_open_loses_nothing(page, clinic):
	"""PY-2, MO-14: said as what it is; the time is kept, trying again works, and so does looking how it stands."""
	come_to_review(page, offered(clinic, payment="Pay First", price=35))
	page.expected_errors.append("status of 402")
	tries = []

	def fail_once(route):
		tries.append(route)
		if len(tries) > 1:
			return route.continue_()
		route.fetch()
		error = {"code": "ERR_PAYMENT_FAILED", "message": "The payment could not be begun."}
		return route.fulfill(status=402, json={"error": error})

	page.route("**/clinic_booking.api.public.book", fail_once)
	confirm(page)
	expect(problem(page)).to_contain_text("The payment page could not be opened")
	expect(page.locator("[data-part=review-name]")).to_have_text("Maria Ionescu")
	problem(page).get_by_role("button", name="Try again").click()
	expect(heading(page, "Waiting for your payment")).to_be_visible()
	assert frappe.db.count("Booking Request") == 1


@pytest.mark.parametrize(
	("status_code", "error", "said"),
	[
		(
			429,
			{"code": "ERR_RATE_LIMITED", "retry_after": 0, "message": "Pay or cancel one."},
			"Pay or cancel one.",
		),
		(422, {"code": "ERR_VALIDATION", "fields": {}, "message": "Please call."}, "Please call."),
		(
			422,
			{"code": "ERR_VALIDATION", "fields": {"payment_method": "Not that way."}, "message": "Check."},
			"Not that way.",
		),
		(402, {"code": "ERR_PAYMENT_FAILED", "message": "Too little time."}, "Too little time."),
	],
	ids=["too many unpaid", "must pay first", "another way", "too late to pay"],
)
def test_refusal_that_only_the_server_can_explain_is_in_its_words(page, clinic, status_code, error, said):
	"""SE-2, PY-8, PY-3: said above the review, and nothing typed is lost."""
	come_to_review(page, offered(clinic, payment="Pay First", price=35))
	page.expected_errors.append(f"status of {status_code}")
	answer = {"status": status_code, "json": {"error": error}}
	page.route("**/clinic_booking.api.public.book", lambda route: route.fulfill(**answer))
	confirm(page)
	expect(problem(page)).to_contain_text(said)
	expect(page.locator("[data-part=review-name]")).to_have_text("Maria Ionescu")
