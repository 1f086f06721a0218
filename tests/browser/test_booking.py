"""Booking in a real browser, from the list of doctors to the confirmation."""

import re

import frappe
import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser.steps import (
	ANSWERS,
	DESKTOP,
	MOST_ANSWERS,
	MOST_TABS,
	PHONE,
	Keyboard,
	appointments,
	assert_nothing_typed_is_lost,
	check,
	confirm,
	fill,
	free_times,
	pick,
	problem,
	tomorrow,
)


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], indirect=True, ids=["360", "1280"])
def test_keyboard_alone_books_and_the_desk_calendar_shows_it(page, offer, request, shots):
	"""UI-1, BK-1: from the list of doctors to the confirmation without a mouse, and then at the clinic."""
	keyboard = Keyboard(page)
	page.goto("/book")
	shots("1-doctors")
	keyboard.tab_to(page.locator(".clinic-card .clinic-time").first).press()
	expect(page.get_by_role("heading", name="Your details")).to_be_focused()
	shots("2-details")
	assert page.locator("form").locator("input, textarea, select").count() <= MOST_ANSWERS
	for label, text in ANSWERS.items():
		keyboard.tab_to(page.get_by_label(label, exact=True)).type(text)
	keyboard.tab_to(page.get_by_role("checkbox")).press("Space")
	keyboard.tab_to(page.get_by_role("button", name="Continue to check")).press()
	expect(page.get_by_role("heading", name="Check and confirm")).to_be_focused()
	shots("3-review")
	keyboard.tab_to(page.get_by_role("button", name="Confirm the booking")).press()
	expect(page.get_by_role("heading", name="Your appointment is booked")).to_be_visible()
	shots("4-confirmation")
	assert keyboard.tabs <= MOST_TABS

	(booked,) = appointments()
	assert (booked.status, booked.contact_name) == ("Confirmed", "Maria Ionescu")
	expect(page.locator(".clinic-reference")).to_have_text(booked.reference)
	if page.viewport_size == DESKTOP["viewport"]:  # Desk takes half a minute to come up
		see_it_in_the_desk_calendar(page, booked, shots)


def see_it_in_the_desk_calendar(page, booked, shots):
	page.request.post("/api/method/login", data={"usr": "Administrator", "pwd": "admin"})
	page.set_viewport_size({"width": 1280, "height": 900})
	# The test server has no socket.io; Desk asks for it again and again.
	page.expected_errors += ["status of 404", "socket.io"]
	page.goto("/app/clinic-appointment/view/calendar/default")
	event = page.locator(".fc-event", has_text="Maria Ionescu")
	try:
		expect(event.first).to_be_visible(timeout=30_000)
	except AssertionError:
		# The month ends between today and the visit.
		page.locator(".fc-next-button").click()
		expect(event.first).to_be_visible()
	expect(event.first).to_contain_text(f"{booked.starts_at:%H:%M} - {booked.ends_at:%H:%M}")
	shots("5-desk-calendar")


def test_double_click_books_once(page, times):
	"""RA-4: two presses are one booking."""
	page.goto(times)
	pick(page)
	fill(page)
	check(page)
	page.get_by_role("button", name="Confirm the booking").dblclick()
	expect(page.get_by_role("heading", name="Your appointment is booked")).to_be_visible()
	assert len(appointments()) == 1


def test_answer_that_never_came_is_not_booked_twice(page, times):
	"""RA-4: the first answer is lost on its way; the same request again gets it."""
	page.goto(times)
	pick(page)
	fill(page)
	check(page)
	lost = []

	def lose(route):
		if lost:
			return route.continue_()
		lost.append(route.fetch())
		return route.abort("connectionreset")

	page.route("**/clinic_booking.api.public.book", lose)
	page.expected_errors.append("ERR_CONNECTION_RESET")
	confirm(page)
	assert lost[0].ok
	assert len(appointments()) == 1


def test_no_connection_says_so_and_loses_nothing(page, times):
	"""UI-1: an error is not an empty list, and trying again works."""
	page.goto(times)
	pick(page)
	fill(page)
	check(page)
	page.expected_errors.append("ERR_INTERNET_DISCONNECTED")
	page.context.set_offline(True)
	page.get_by_role("button", name="Confirm the booking").click()
	expect(problem(page)).to_contain_text("We can't reach the clinic's computer")
	page.context.set_offline(False)
	problem(page).get_by_role("button", name="Try again").click()
	expect(page.get_by_role("heading", name="Your appointment is booked")).to_be_visible()


def test_missing_answers_are_said_above_and_at_their_fields(page, times):
	"""UI-1, SE-3: a summary that leads to each field, each field with its error."""
	page.goto(times)
	pick(page)
	page.get_by_role("button", name="Continue to check").click()
	summary = page.locator("[data-part=summary]")
	expect(summary).to_be_focused()
	expect(summary.get_by_role("link")).to_have_count(4)
	summary.get_by_role("link", name="Enter your phone number").click()
	phone = page.get_by_label("Phone", exact=True)
	expect(phone).to_be_focused()
	expect(phone).to_have_attribute("aria-invalid", "true")
	expect(phone).to_have_accessible_description(re.compile("Enter your phone number"))


def test_wrong_phone_is_refused_at_once(page, times):
	"""IN-2: before anything is sent; the other answers stay."""
	page.goto(times)
	pick(page)
	fill(page)
	phone = page.get_by_label("Phone", exact=True)
	# Too short, and one of Bucharest without its code.
	for wrong in ("611 222", "0722 333 444"):
		phone.fill(wrong)
		page.get_by_role("button", name="Continue to check").click()
		expect(page.locator("[data-part=summary]")).to_be_focused()
		expect(phone).to_have_accessible_description(re.compile("Enter a phone number, with"))
	phone.fill(ANSWERS["Phone"])
	assert_nothing_typed_is_lost(page)
	phone.fill("611 222 333")
	check(page)
	expect(page.locator("[data-part=review-phone]")).to_have_text("+34 611 222 333")


def test_answer_the_server_refuses_is_said_at_its_field(page, times):
	"""IN-2: the server knows phone numbers better; its words stand at the field."""
	page.goto(times)
	pick(page)
	fill(page)
	page.get_by_label("Phone", exact=True).fill("+1 234 567")
	check(page)
	page.expected_errors.append("status of 422")
	page.get_by_role("button", name="Confirm the booking").click()
	expect(page.locator("[data-part=summary]")).to_be_focused()
	expect(page.get_by_label("Phone", exact=True)).to_have_attribute("aria-invalid", "true")
	page.get_by_label("Phone", exact=True).fill("+34 611 222 333")
	assert_nothing_typed_is_lost(page)
	check(page)
	confirm(page)


def test_clinic_visit_keeps_the_clinics_clock(page, offer, times):
	"""UI-1, TI-11: 08:00 in Madrid, also to a browser in Bucharest, and the zone is named."""
	page.goto(times)
	expect(page.locator(".clinic-step__zone")).to_contain_text("Madrid time (UTC+")
	first = free_times(page).first
	expect(first).to_have_text("08:00")
	first.click()
	expect(page.locator("[data-part=held-time]")).to_contain_text("08:00")
	expect(page.locator("[data-part=held-zone]")).to_contain_text("Madrid time (UTC+")


def test_video_visit_is_shown_by_the_visitors_clock(page, server):
	"""UI-1, TI-11: 08:00 in Madrid is 09:00 to a browser in Bucharest; both are named."""
	clinic = builders.a_clinic()
	call = builders.a_service(clinic, title="Video call", video=1)
	doctor = builders.a_doctor(call, clinics=[clinic], hours=("08:00", "12:00"))
	frappe.db.commit()
	page.goto(f"/book/{doctor.slug}/{call.name}?from={tomorrow()}")
	zone = page.locator(".clinic-step__zone")
	expect(zone).to_contain_text("Times are yours: Bucharest time (UTC+")
	expect(zone).to_contain_text("The clinic is on Madrid time (UTC+")
	expect(free_times(page).first).to_have_text("09:00")
	page.get_by_role("link", name="Show the clinic's time").click()
	expect(free_times(page).first).to_have_text("08:00")
	page.get_by_role("link", name="Show them in my own time zone").click()
	pick(page, 0)
	expect(page.locator("[data-part=held-time]")).to_contain_text("09:00")
	both = re.compile(r"Bucharest time \(UTC\+\d\)\. At the clinic: .*, 08:00, Madrid time \(UTC\+\d\)")
	expect(page.locator("[data-part=held-zone]")).to_have_text(both)
	fill(page)
	check(page)
	expect(page.locator("[data-part=review-zone]")).to_have_text(both)
	confirm(page)
	expect(page.locator("time")).to_contain_text("09:00")
	expect(page.get_by_text("At the clinic:")).to_contain_text("08:00")


def test_hostile_name_stays_a_name(page, times):
	"""IN-1, IN-4: what is typed is shown as typed, on review and confirmation, and never runs."""
	hostile = "<img src=x onerror=alert(1)> O'Neill ‮ 🙂"
	page.goto(times)
	pick(page)
	fill(page)
	page.get_by_label("Full name").fill(hostile)
	page.get_by_label("Note (optional)").fill(hostile)
	check(page)
	expect(page.locator("[data-part=review-note]")).to_have_text(hostile)
	assert page.locator("main img").count() == 0


class TestWithoutJavaScript:
	@pytest.fixture
	def screen(self):
		return {**PHONE, "locale": "en-GB", "java_script_enabled": False}

	def test_everything_can_be_read_and_the_phone_number_is_there(self, page, offer, times):
		"""UI-1: times, prices and the number to call."""
		page.expected_errors.append("/js/booking/")
		page.goto(times)
		note = page.locator(".clinic-note")
		expect(note).to_be_visible()
		expect(note).to_contain_text("Booking online needs JavaScript")
		expect(note.locator("a[href='tel:+34911234567']")).to_be_visible()
		assert free_times(page).count() > 4
		expect(page.get_by_text("€35.00")).to_be_visible()
