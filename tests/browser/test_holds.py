"""The held time in a real browser: kept, lapsed, lost, given back."""

import re
from urllib.parse import quote

import frappe
from playwright.sync_api import expect

from tests.browser.steps import (
	ANSWERS,
	CONFLICT,
	GONE,
	appointments,
	assert_nothing_typed_is_lost,
	check,
	confirm,
	fill,
	free_times,
	holds,
	lapse_all_holds,
	other_browser_takes,
	pick,
	problem,
	start_of,
	time_at,
)


def test_own_hold_survives_reload_back_and_a_second_tab(page, times):
	"""BK-2, RA-7: the time stays its owner's, and no token is in an address."""
	page.goto(times)
	pick(page)
	fill(page)
	held = page.locator("[data-part=held-time]").inner_text()

	page.reload()
	expect(page.get_by_role("heading", name="Your details")).to_be_visible()
	expect(page.locator("[data-part=held-time]")).to_have_text(held)
	assert_nothing_typed_is_lost(page)

	check(page)
	page.go_back()
	expect(page.get_by_role("heading", name="Your details")).to_be_focused()
	assert_nothing_typed_is_lost(page)
	page.go_back()
	expect(page.get_by_role("heading", name="Choose a time")).to_be_visible()
	expect(page.locator("[data-part=held-time]")).to_have_text(held)

	second = page.context.new_page()
	second.goto(times)
	expect(second.locator("[data-part=held-time]")).to_have_text(held)
	second.get_by_role("link", name="Continue").click()
	fill(second)
	check(second)
	token = second.evaluate("Object.values(localStorage).map((each) => JSON.parse(each).token)[0]")
	assert len(token) > 20 and token not in second.url
	confirm(second)
	# The first tab learns of it by itself.
	expect(page.get_by_role("heading", name="Your appointment is booked")).to_be_visible()
	assert len(appointments()) == 1
	assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_lost_time_offers_others_and_loses_nothing(page, server, offer, times):
	"""BK-3: one press takes another time; what was typed is still there, and the times shown are free now."""
	page.goto(times)
	pick(page, 2)
	fill(page)
	check(page)
	page.get_by_role("link", name="Choose another time").click()
	wanted = free_times(page).nth(8)
	start = start_of(wanted)
	also_gone = start_of(free_times(page).nth(14))
	other_browser_takes(server, offer, start)
	other_browser_takes(server, offer, also_gone)
	page.expected_errors.append(CONFLICT)
	wanted.click()
	expect(problem(page)).to_be_focused()
	expect(problem(page)).to_contain_text("That time has just been taken")
	expect(time_at(page, start)).to_have_count(0)
	expect(time_at(page, also_gone)).to_have_count(0)
	others = problem(page).locator("ul button")
	assert 1 <= others.count() <= 3
	chosen = others.first.inner_text()
	others.first.click()
	expect(page.locator("[data-part=held-time]")).to_have_text(chosen)
	expect(problem(page)).to_be_hidden()
	assert_nothing_typed_is_lost(page)
	check(page)
	confirm(page)
	assert len(appointments()) == 1


def test_lapsed_hold_is_taken_again_and_loses_nothing(page, times):
	"""BK-2, RA-7: the hold lapses over the details; one press takes it again."""
	page.goto(times)
	page.clock.install()
	pick(page)
	fill(page)
	page.clock.fast_forward("08:30")
	expect(page.locator("[data-part=warning]")).to_contain_text("Keep it longer if you need to")
	lapse_all_holds()
	page.clock.fast_forward("02:00")
	expect(problem(page)).to_be_focused()
	expect(problem(page)).to_contain_text("Your time is no longer kept")
	assert_nothing_typed_is_lost(page)
	problem(page).get_by_role("button", name=re.compile("^Take .* again$")).click()
	expect(page.locator("[data-part=held]")).to_be_visible()
	expect(problem(page)).to_be_hidden()
	check(page)
	confirm(page)


def test_hold_that_lapsed_and_was_taken_offers_others(page, server, offer, times):
	"""BK-2, BK-3, RA-7: somebody else has it by the time it is confirmed."""
	page.goto(times)
	start = pick(page)
	fill(page)
	check(page)
	lapse_all_holds()
	other_browser_takes(server, offer, start)
	page.expected_errors += [CONFLICT, GONE]
	page.get_by_role("button", name="Confirm the booking").click()
	expect(problem(page)).to_contain_text("Your time is no longer kept")
	problem(page).get_by_role("button", name=re.compile("^Take .* again$")).click()
	expect(problem(page)).to_contain_text("That time has just been taken")
	problem(page).locator("ul button").last.click()
	expect(problem(page)).to_be_hidden()
	expect(page.get_by_role("heading", name="Check and confirm")).to_be_focused()
	expect(page.locator("[data-part=review-name]")).to_have_text("Maria Ionescu")
	confirm(page)


def test_hold_that_lapses_while_a_call_is_under_way_is_said_after_it(page, times):
	"""BK-2: the countdown doesn't stand still, whatever the call answers."""
	page.goto(times)
	page.clock.install()
	pick(page)
	fill(page)
	check(page)
	page.expected_errors += ["ERR_CONNECTION_RESET", GONE]
	calls = []
	page.route("**/clinic_booking.api.public.book", lambda route: calls.append(route))
	page.get_by_role("button", name="Confirm the booking").click()
	expect(page.locator("[data-part=status]")).not_to_be_empty()
	page.clock.fast_forward("10:30")
	expect(page.locator("[data-part=held-left]")).to_be_empty()
	lapse_all_holds()
	calls[0].abort("connectionreset")
	page.clock.run_for(1_000)
	page.wait_for_timeout(200)
	calls[1].continue_()
	expect(problem(page)).to_contain_text("Your time is no longer kept")
	expect(page.locator("[data-part=held]")).to_be_hidden()
	expect(page.locator("[data-part=review-name]")).to_have_text(ANSWERS["Full name"])


def test_doctor_who_is_gone_does_not_cost_the_time_that_is_held(page, times):
	"""BK-2, RA-11: choosing another time fails, and the one that is held stays so."""
	page.goto(times)
	pick(page)
	fill(page)
	page.get_by_role("link", name="Choose another time").click()
	page.expected_errors.append("status of 404")
	page.route(
		"**/clinic_booking.api.public.hold",
		lambda route: route.fulfill(status=404, json={"error": {"code": "ERR_NOT_FOUND", "message": "gone"}}),
	)
	free_times(page).nth(6).click()
	expect(problem(page)).to_contain_text("This can't be booked online any more")
	expect(page.locator("[data-part=held]")).to_be_visible()
	assert holds() == 1


def test_warning_and_one_press_keeps_it_longer(page, times):
	"""BK-2: WCAG 2.2.1, warned before the end and extended by one action."""
	page.goto(times)
	page.clock.install()
	pick(page)
	warning = page.locator("[data-part=warning]")
	expect(warning).to_be_empty()
	page.clock.fast_forward("08:10")
	expect(warning).to_contain_text("This time is kept for you for 2 minutes more")
	page.get_by_role("button", name="Keep it longer").click()
	expect(warning).to_be_empty()
	frappe.db.rollback()
	assert frappe.db.get_value("Booking Request", {}, "extensions") == 1


def test_time_let_go_is_free_again(page, times):
	"""BK-2: giving a time back gives it back at once."""
	page.goto(times)
	start = pick(page)
	page.get_by_role("link", name="Choose another time").click()
	with page.expect_response("**/*public.release"):
		page.get_by_role("button", name="Let it go").click()
	expect(page.locator("[data-part=held]")).to_be_hidden()
	expect(page.get_by_role("heading", name="Choose a time")).to_be_focused()
	page.reload()
	expect(time_at(page, start)).to_be_visible()


def test_link_to_a_time_holds_nothing_by_itself(page, offer, times):
	"""IN-15: an address that somebody sends or scans takes no time from others."""
	page.goto(times)
	start = start_of(free_times(page).first)
	page.goto(times.partition("?")[0] + f"?start={quote(start)}")
	expect(page.get_by_text("You chose")).to_be_visible()
	expect(page.locator("[data-part=held]")).to_be_hidden()
	assert holds() == 0
	page.get_by_role("link", name="Book this time").click()
	expect(page.get_by_role("heading", name="Your details")).to_be_focused()
	assert holds() == 1


class TestStorageForbidden:
	def test_booking_works_within_the_page(self, page, times):
		"""BK-2: a browser that stores nothing can book all the same."""
		page.add_init_script(
			"""for (const name of ["localStorage", "sessionStorage"]) {
				Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });
			}"""
		)
		page.goto(times)
		pick(page)
		fill(page)
		check(page)
		confirm(page)
