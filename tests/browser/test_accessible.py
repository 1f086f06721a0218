"""Every page, step, error and question as somebody with a disability meets it (WCAG 2.1 AA)."""

import os
from datetime import timedelta

import frappe
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import builders
from tests.browser.steps import (
	ANSWERS,
	CONFLICT,
	DESKTOP,
	SMALLEST,
	appointments,
	assert_fits,
	assert_words_are_whole,
	check,
	confirm,
	fill,
	free_times,
	other_browser_takes,
	pick,
	problem,
	start_of,
	tomorrow,
)
from tests.browser.test_payment import come_to_review, offered
from tests.site.billing.online import BANK

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
SCHEMES = ("light", "dark")
OFFLINE = "ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def look(page, shots):
	"""A function that has the page, as it stands, examined in light and dark."""

	def look(name):
		for scheme in SCHEMES:
			page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
			found = Axe().run(page, options=RULES).response["violations"]
			places = [
				(each["id"], node["html"], node["failureSummary"]) for each in found for node in each["nodes"]
			]
			assert places == [], f"{name}, {scheme}"
			shots(f"{name}-{scheme}")
		assert_fits(page)
		look.seen.append(name)

	look.seen = []
	return look


@pytest.mark.parametrize("screen", [SMALLEST, DESKTOP], indirect=True, ids=["320", "1280"])
def test_nobody_is_shut_out_anywhere(page, server, offer, times, look):
	"""UI-1: no violation, nothing to scroll sideways for, every target 44 px, in light and dark."""
	look_at_lists(page, offer, look)
	look_at_booking(page, server, offer, times, look)
	look_at_changes(page, server, offer, look)
	page.expected_errors.append("status of 404")
	page.goto("/booking/nothing")
	look("not-found")
	assert len(look.seen) == 20


def look_at_lists(page, offer, look):
	doctor, _visit, _clinic = offer
	page.goto("/book")
	look("doctors")
	page.get_by_text("More filters").click()
	look("doctors-filters")
	page.goto("/book?q=nobody")
	look("doctors-none")
	page.goto(f"/book/{doctor.slug}")
	look("doctor")
	page.goto(f"/book/{doctor.slug}?month={tomorrow() + timedelta(days=31):%Y-%m}")
	look("doctor-month")


def look_at_booking(page, server, offer, times, look):
	page.goto(times)
	look("times")
	other_browser_takes(server, offer, start_of(free_times(page).nth(5)))
	page.expected_errors.append(CONFLICT)
	free_times(page).nth(5).click()
	expect(problem(page)).to_be_focused()
	look("taken")
	page.clock.install()
	pick(page)
	look("details")
	page.clock.fast_forward("08:30")
	expect(page.locator("[data-part=warning]")).not_to_be_empty()
	look("details-warning")
	page.get_by_role("button", name="Continue to check").click()
	expect(page.get_by_text("Please check these answers")).to_be_visible()
	look("details-wrong")
	fill(page)
	page.get_by_label("Note (optional)").fill("W" * 300)
	check(page)
	look("review")
	page.expected_errors.append(OFFLINE)
	page.context.set_offline(True)
	page.get_by_role("button", name="Confirm the booking").click()
	expect(problem(page)).to_be_focused()
	look("review-offline")
	page.context.set_offline(False)
	confirm(page)
	look("booked")


def look_at_changes(page, server, offer, look):
	page.get_by_role("link", name="Move it").click()
	look("move")
	chosen = free_times(page).nth(7)
	other_browser_takes(server, offer, start_of(chosen))
	chosen.click()
	look("move-review")
	page.get_by_role("button", name="Move the appointment").click()
	expect(problem(page)).to_be_focused()
	look("move-taken")
	page.get_by_role("link", name="Leave it as it is").first.click()
	page.get_by_role("link", name="Cancel it").click()
	look("cancel")
	frappe.db.sql("UPDATE `tabClinic Appointment` SET status = 'Completed'")
	frappe.db.commit()
	page.get_by_role("link", name="Leave it as it is").first.click()
	look("stars")
	frappe.db.sql("UPDATE `tabClinic Appointment` SET status = 'Cancelled'")
	frappe.db.commit()
	page.reload()
	look("cancelled")


@pytest.mark.parametrize("screen", [SMALLEST, DESKTOP], indirect=True, ids=["320", "1280"])
def test_nobody_is_shut_out_of_paying(page, server, look):
	"""UI-1, PY-2, PY-3: the choice, the transfer's details, on its way, failed, too late."""
	clinic = builders.a_clinic(**BANK, bank_bic="CAIXESBB", bank_text="Please pay the fees of your own bank.")
	come_to_review(page, offered(clinic, payment="Optional", price=40))
	look("how-to-pay")
	page.get_by_role("radio", name="By bank transfer").check()
	confirm(page)
	look("transfer-wanted")
	come_to_review(page, offered(clinic, payment="Pay First", price=35))
	page.get_by_role("button", name="Confirm the booking").click()
	expect(page.get_by_role("heading", name="Waiting for your payment")).to_be_visible()
	look("transfer-due")
	for state, problem_of_it in (("Failed", ""), ("Processing", ""), ("Paid", "Amount Differs")):
		frappe.db.sql("UPDATE `tabOnline Payment` SET state = %s, problem = %s", (state, problem_of_it))
		frappe.db.commit()
		page.reload()
		look(f"payment-{state}")
	assert len(look.seen) == 6


@pytest.mark.parametrize("screen", [SMALLEST], indirect=True, ids=["320"])
def test_right_to_left_nothing_is_cut_or_overlaps(page, offer, times):
	"""UI-1: turned around, every page still fits the smallest screen."""
	doctor, _visit, _clinic = offer
	page.add_init_script(
		"document.addEventListener('DOMContentLoaded', () => document.documentElement.dir = 'rtl')"
	)
	for address in ("/book", f"/book/{doctor.slug}", times):
		page.goto(address)
		assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
		assert_fits(page)
	pick(page)
	assert_fits(page)
	fill(page)
	check(page)
	assert_fits(page)
	confirm(page)
	assert_fits(page)
	page.get_by_role("link", name="Cancel it").click()
	assert_fits(page)


@pytest.mark.parametrize(
	"screen",
	[{**SMALLEST, "locale": each} for each in ("ro-RO", "es-ES", "fr-FR")],
	indirect=True,
	ids=["ro", "es", "fr"],
)
def test_longer_words_of_other_languages_fit_too(page, offer, times, screen):
	"""UI-1: the smallest screen, in every language the pages are written in, with letters twice as large too."""
	doctor, _visit, _clinic = offer
	for address in ("/book", f"/book/{doctor.slug}", times):
		page.goto(address)
		assert screen["locale"].startswith(page.locator("html").get_attribute("lang"))
		assert_fits_with_large_letters(page)
	free_times(page).first.click()
	expect(page.locator("#step-details")).to_be_focused()
	assert_fits_with_large_letters(page)
	page.locator("form [type=submit]").click()
	expect(page.locator("[data-part=summary]")).to_be_focused()
	assert_fits_with_large_letters(page)


def assert_fits_with_large_letters(page):
	"""WCAG 1.4.4."""
	assert_fits(page)
	page.evaluate("document.documentElement.style.fontSize = '200%'")
	assert_fits(page)
	assert_words_are_whole(page)
	page.evaluate("document.documentElement.style.fontSize = ''")


def test_screen_reader_hears_what_is_booked_at_every_step(page, times, report):
	"""UI-1: the tree that assistive technology gets; printed when SCREEN_READER is set."""
	heard = {}

	def listen(step):
		heard[step] = page.locator("body").aria_snapshot()

	page.goto(times)
	listen("time")
	pick(page)
	listen("details")
	page.get_by_role("button", name="Continue to check").click()
	listen("details, nothing typed")
	fill(page)
	check(page)
	listen("review")
	confirm(page)
	listen("booked")
	if os.environ.get("SCREEN_READER"):
		for step, tree in heard.items():
			report(f"=== {step} ===\n{tree}")

	for tree in heard.values():
		for landmark in ("- banner:", "- main:", "- contentinfo:"):
			assert landmark in tree
	assert 'heading "Choose a time" [level=1]' in heard["time"]
	assert "Times are the clinic's: Madrid time" in heard["time"]
	assert 'link "08:00"' in heard["time"]
	for label in ANSWERS:
		assert f'textbox "{label}"' in heard["details"]
	assert "checkbox" in heard["details"] and "Kept for you for" in heard["details"]
	assert 'link "Enter your name"' in heard["details, nothing typed"]
	assert 'heading "Please check these answers"' in heard["details, nothing typed"]
	for fact in ("Dr. Ana Popescu", "€35.00", "Maria Ionescu", "Sunrise, Madrid"):
		assert fact in heard["review"]
	assert 'link "Change the time"' in heard["review"]
	assert 'button "Confirm the booking"' in heard["review"]
	(booked,) = appointments()
	assert 'heading "Your appointment is booked" [level=1]' in heard["booked"]
	assert booked.reference in heard["booked"]


def test_clinics_own_colour_name_and_welcome_are_readable(page, offer, look):
	"""UI-1: a colour that nobody could read on white is darkened, and the policy lets it in."""
	settings = frappe.get_doc("Clinic Booking Settings")
	settings.update(
		{"brand_name": "Casa Sol", "accent_color": "#ffe600", "welcome_text": "A warm welcome to our clinic."}
	)
	settings.save()
	frappe.db.commit()
	doctor, _visit, _clinic = offer
	page.goto("/book")
	expect(page.get_by_role("banner")).to_contain_text("Casa Sol")
	expect(page.get_by_text("A warm welcome")).to_be_visible()
	assert page.title() == "Choose a doctor · Casa Sol"
	look("own-colour-doctors")
	page.goto(f"/book/{doctor.slug}")
	look("own-colour-doctor")
	page.emulate_media(color_scheme="light")
	button = page.locator(".clinic-card .clinic-button").first
	assert button.evaluate("each => getComputedStyle(each).backgroundColor") not in (
		"rgb(255, 230, 0)",
		"rgb(15, 95, 99)",
	)
