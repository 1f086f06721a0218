"""A booking's own page in a real browser: moved, cancelled and rated by whoever has its address."""

import re
from datetime import datetime, timedelta

import frappe
import pytest
from playwright.sync_api import expect

from clinic_booking.booking import clock
from tests import builders
from tests.browser.steps import (
	CONFLICT,
	DESKTOP,
	MADRID,
	PHONE,
	SMALLEST,
	Keyboard,
	appointments,
	assert_fits,
	free_times,
	other_browser_takes,
	problem,
	start_of,
	tomorrow,
)

API = "/api/method/clinic_booking.api.public."


@pytest.fixture
def token(server, offer):
	"""The token of Maria's visit tomorrow at 10:00 in Madrid."""
	return book(server, offer, at(10))


@pytest.fixture
def own_page(page, token):
	page.goto(f"/booking/{token}")
	return page


def at(hour, days=1):
	day = tomorrow() + timedelta(days=days - 1)
	return datetime(day.year, day.month, day.day, hour, tzinfo=MADRID).isoformat()


def book(server, offer, start):
	doctor, visit, clinic = offer
	client = server.client()

	def call(name, **given):
		answer = client.post(API + name, json=given)
		assert answer.ok, answer.text
		return answer.json()["message"]

	token = call("hold", doctor=doctor.name, service=visit.name, start=start, clinic=clinic.name)["token"]
	patient = {"name": "Maria Ionescu", "email": "maria@example.com", "phone": "+34 611 222 333"}
	call("book", token=token, patient=patient, consent=True)
	return token


def the_appointment():
	(appointment,) = appointments()
	return appointment


def hour_of(appointment):
	return clock.from_database(appointment.starts_at_utc).astimezone(MADRID).hour


def heading(page, name):
	return page.get_by_role("heading", name=name, level=1)


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], indirect=True, ids=["360", "1280"])
def test_patient_moves_then_cancels(own_page, shots):
	"""BK-7, PO-1, PO-2, PO-5: with the terms before each, its own time counting as free."""
	page = own_page
	shots("1-booked")
	assert_fits(page)
	page.get_by_role("link", name="Move it").click()
	expect(heading(page, "Choose a new time")).to_be_focused()
	expect(page.get_by_text("You can move it 2 more times, until")).to_be_visible()
	assert {"09:45", "10:15"} <= set(free_times(page).all_inner_texts()) - {"10:00"}
	assert "10:00" not in free_times(page).all_inner_texts()
	shots("2-new-time")
	assert_fits(page)
	page.get_by_role("link", name="11:00", exact=True).click()
	expect(heading(page, "Check the new time")).to_be_focused()
	expect(page.locator(".clinic-facts__value--old")).to_contain_text("10:00–10:30")
	expect(page.locator(".clinic-facts__value--new")).to_contain_text("11:00–11:30")
	expect(page.get_by_text("The price stays €35.00")).to_be_visible()
	expect(page.get_by_text(re.compile("You can move it once more, until .*10:00"))).to_be_visible()
	shots("3-review")
	assert_fits(page)
	page.get_by_role("button", name="Move the appointment").click()
	expect(heading(page, "Your appointment has been moved")).to_be_visible()
	shots("4-moved")
	assert (hour_of(the_appointment()), the_appointment().moves) == (11, 1)

	page.get_by_role("link", name="Cancel it").click()
	expect(heading(page, "Cancel this appointment?")).to_be_focused()
	expect(page.get_by_text("If you cancel now, nothing is owed")).to_be_visible()
	page.get_by_label("Reason (optional)").fill("I have to travel")
	shots("5-cancel")
	assert_fits(page)
	page.get_by_role("button", name="Cancel the appointment").click()
	expect(heading(page, "This appointment is cancelled")).to_be_visible()
	expect(page.get_by_role("link", name="Cancel it")).to_have_count(0)
	shots("6-cancelled")
	assert the_appointment().status == "Cancelled"


def test_keyboard_alone_moves_and_cancels(own_page):
	"""BK-7: without a mouse; each step begins at its heading, so the next key goes on from there."""
	page, keyboard = own_page, Keyboard(own_page)
	keyboard.tab_to(page.get_by_role("link", name="Move it")).press()
	expect(heading(page, "Choose a new time")).to_be_focused()
	keyboard.tab_to(free_times(page).first).press()
	expect(heading(page, "Check the new time")).to_be_focused()
	keyboard.tab_to(page.get_by_role("button", name="Move the appointment")).press()
	expect(heading(page, "Your appointment has been moved")).to_be_visible()
	keyboard.tab_to(page.get_by_role("link", name="Cancel it")).press()
	expect(heading(page, "Cancel this appointment?")).to_be_focused()
	keyboard.tab_to(page.get_by_label("Reason (optional)")).type("Travel")
	keyboard.tab_to(page.get_by_role("button", name="Cancel the appointment")).press()
	expect(heading(page, "This appointment is cancelled")).to_be_visible()
	assert (hour_of(the_appointment()), the_appointment().status) == (8, "Cancelled")


def go_to_review(page, time="11:00"):
	page.get_by_role("link", name="Move it").click()
	chosen = page.get_by_role("link", name=time, exact=True)
	start = start_of(chosen)
	chosen.click()
	expect(heading(page, "Check the new time")).to_be_focused()
	return start


def test_new_time_that_is_lost_offers_others_and_keeps_the_old(own_page, server, offer):
	"""BK-3, RA-5: somebody else was quicker; the appointment is as it was until another is confirmed."""
	page = own_page
	other_browser_takes(server, offer, go_to_review(page))
	page.expected_errors.append(CONFLICT)
	page.get_by_role("button", name="Move the appointment").click()
	expect(problem(page)).to_be_focused()
	expect(problem(page)).to_contain_text("Your appointment is still as it was")
	assert hour_of(the_appointment()) == 10
	problem(page).locator("ul button").first.click()
	expect(heading(page, "Check the new time")).to_be_focused()
	page.get_by_role("button", name="Move the appointment").click()
	expect(heading(page, "Your appointment has been moved")).to_be_visible()
	assert the_appointment().moves == 1


def test_move_after_the_deadline_is_said_with_the_way_on(own_page):
	"""PO-1, UI-1: the deadline passes while the page is open."""
	page = own_page
	go_to_review(page)
	soon = clock.to_database(clock.now() + timedelta(minutes=30))
	frappe.db.sql(
		"UPDATE `tabClinic Appointment` SET starts_at_utc = %s, ends_at_utc = %s + INTERVAL 30 MINUTE",
		(soon, soon),
	)
	frappe.db.commit()
	page.expected_errors.append("status of 422")
	page.get_by_role("button", name="Move the appointment").click()
	expect(problem(page)).to_contain_text("It is too late for this online")
	problem(page).get_by_role("button", name="See how it stands").click()
	expect(page.get_by_text("Please call the clinic to move it.")).to_be_visible()
	expect(page.get_by_role("link", name="Move it")).to_have_count(0)


def test_moved_as_often_as_allowed_is_said(own_page):
	"""PO-1: the last move is used up, in another tab, say."""
	page = own_page
	go_to_review(page)
	frappe.db.sql("UPDATE `tabClinic Appointment` SET moves = 2")
	frappe.db.commit()
	page.expected_errors.append(CONFLICT)
	page.get_by_role("button", name="Move the appointment").click()
	expect(problem(page)).to_contain_text("It can't be moved online any more")


def test_no_connection_changes_nothing_and_trying_again_works(own_page):
	"""UI-1: said as what it is; the reason typed is still there."""
	page = own_page
	page.get_by_role("link", name="Cancel it").click()
	page.get_by_label("Reason (optional)").fill("I have to travel")
	page.expected_errors.append("ERR_INTERNET_DISCONNECTED")
	page.context.set_offline(True)
	page.get_by_role("button", name="Cancel the appointment").click()
	expect(problem(page)).to_contain_text("We can't reach the clinic's computer")
	page.context.set_offline(False)
	expect(page.get_by_label("Reason (optional)")).to_have_value("I have to travel")
	problem(page).get_by_role("button", name="Try again").click()
	expect(heading(page, "This appointment is cancelled")).to_be_visible()


def test_double_click_moves_once(own_page):
	"""RA-4: two presses are one move."""
	page = own_page
	go_to_review(page)
	page.get_by_role("button", name="Move the appointment").dblclick()
	expect(heading(page, "Your appointment has been moved")).to_be_visible()
	assert the_appointment().moves == 1


def test_what_is_cancelled_elsewhere_can_no_longer_be_moved_here(own_page, server, token):
	"""RA-6: the page is older than the cancellation."""
	page = own_page
	go_to_review(page)
	assert server.client().post(API + "cancel", json={"token": token}).ok
	page.expected_errors.append("status of 422")
	page.get_by_role("button", name="Move the appointment").click()
	expect(problem(page)).to_contain_text("This can't be done any more")
	problem(page).get_by_role("button", name="See how it stands").click()
	expect(heading(page, "This appointment is cancelled")).to_be_visible()


def test_doctor_who_is_gone_leaves_the_phone(own_page, offer):
	"""RA-11: nothing to choose from is not an error."""
	page = own_page
	doctor, _visit, _clinic = offer
	doctor.reload()
	doctor.update({"enabled": 0, "affected": "keep"}).save()
	frappe.db.commit()
	page.get_by_role("link", name="Move it").click()
	expect(page.get_by_text("It can't be moved online")).to_be_visible()
	expect(page.locator("a[href='tel:+34911234567']").first).to_be_visible()


@pytest.mark.parametrize("screen", [SMALLEST], indirect=True, ids=["320"])
def test_completed_visit_gets_stars_once(own_page, shots):
	"""UI-1: stars by keyboard or finger; given once."""
	page = own_page
	frappe.db.sql("UPDATE `tabClinic Appointment` SET status = 'Completed'")
	frappe.db.commit()
	page.reload()
	expect(heading(page, "This visit is over")).to_be_visible()
	assert_fits(page)
	page.get_by_role("radio", name="4 stars").check(force=True)
	shots("stars")
	page.get_by_role("button", name="Send the stars").click()
	expect(page.get_by_text("4 of 5", exact=True)).to_be_visible()
	expect(page.get_by_role("button", name="Send the stars")).to_have_count(0)
	assert the_appointment().rating == 4


def test_news_are_asked_for_and_stopped(own_page):
	"""BK-1, UI-1: a box of its own after booking; what is chosen is shown, and as easily undone."""
	page = own_page
	page.get_by_role("button", name="Get the news").click()
	assert news() == []
	page.get_by_role("checkbox").check()
	page.get_by_role("button", name="Get the news").click()
	expect(page.get_by_text("You get news from the clinic.")).to_be_visible()
	assert [each.withdrawn_at for each in news()] == [None]
	page.get_by_role("button", name="Stop the news").click()
	expect(page.get_by_role("checkbox")).not_to_be_checked()
	assert all(each.withdrawn_at for each in news())


def news():
	frappe.db.rollback()
	return frappe.get_all("Patient Consent", {"kind": "Newsletter"}, ["withdrawn_at"])


def test_calendar_file_is_a_plain_link(own_page):
	"""BK-7: works without scripts."""
	with own_page.expect_download() as download:
		own_page.get_by_role("link", name="Add to calendar").click()
	text = download.value.path().read_text()
	assert text.startswith("BEGIN:VCALENDAR") and "T100000" in text


class TestWithoutJavaScript:
	@pytest.fixture
	def screen(self):
		return {**PHONE, "locale": "en-GB", "java_script_enabled": False}

	def test_all_can_be_read_and_the_clinic_be_called(self, own_page):
		"""UI-1, IN-15: the new time and its terms are shown, and nothing changes by looking."""
		page = own_page
		page.expected_errors.append("/js/booking/")
		go_to_review(page)
		expect(page.locator(".clinic-note")).to_contain_text("your browser needs JavaScript")
		expect(page.get_by_role("button", name="Move the appointment")).to_be_hidden()
		page.goto(re.sub(r"\?.*", "?change=cancel", page.url))
		expect(page.locator(".clinic-note")).to_contain_text("your browser needs JavaScript")
		expect(page.get_by_role("button", name="Cancel the appointment")).to_be_hidden()
		assert (hour_of(the_appointment()), the_appointment().status) == (10, "Confirmed")


def test_video_visit_is_moved_by_the_visitors_clock(page, server):
	"""UI-1, TI-11: 08:00 in Madrid is 09:00 to the visitor, also when it moves."""
	clinic = builders.a_clinic()
	call = builders.a_service(clinic, title="Video call", video=1)
	doctor = builders.a_doctor(call, clinics=[clinic], hours=("08:00", "12:00"))
	frappe.db.commit()
	token = book(server, (doctor, call, clinic), at(8))
	frappe.db.sql("UPDATE `tabClinic Appointment` SET timezone = 'Europe/Bucharest'")
	frappe.db.commit()
	page.goto(f"/booking/{token}")
	expect(page.locator("time")).to_contain_text("09:00")
	page.goto(f"/booking/{token}?change=move")
	expect(page.locator(".clinic-step__zone")).to_contain_text("The clinic is on Madrid time (UTC+")
	page.goto(f"/booking/{token}")
	go_to_review(page, "10:00")
	expect(page.locator(".clinic-facts__value--new")).to_contain_text("10:00–10:30")
	expect(page.locator(".clinic-facts__value--new")).to_contain_text("At the clinic")
	page.get_by_role("button", name="Move the appointment").click()
	expect(heading(page, "Your appointment has been moved")).to_be_visible()
	expect(page.locator("time")).to_contain_text("10:00")
	assert hour_of(the_appointment()) == 9
