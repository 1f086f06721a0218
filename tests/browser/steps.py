"""What people do on the pages, step by step, and what must hold wherever they are."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit
from zoneinfo import ZoneInfo

import frappe
from playwright.sync_api import expect

MADRID = ZoneInfo("Europe/Madrid")
PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
SMALLEST = {"viewport": {"width": 320, "height": 640}, "has_touch": True}
ANSWERS = {
	"Full name": "Maria Ionescu",
	"E-mail": "maria@example.com",
	"Phone": "+34 611 222 333",
	"Note (optional)": "The side door, please",
}
MOST_TABS, MOST_ANSWERS = 25, 5
CONFLICT, GONE = "status of 409", "status of 410"


def tomorrow():
	return datetime.now(MADRID).date() + timedelta(days=1)


def other_browser_takes(server, offer, start):
	doctor, visit, clinic = offer
	held = server.client().post(
		"/api/method/clinic_booking.api.public.hold",
		json={"doctor": doctor.name, "service": visit.name, "start": start, "clinic": clinic.name},
	)
	assert held.ok, held.text


def free_times(page):
	"""The times of the day that is unfolded."""
	return page.locator("details[open] .clinic-time")


def time_at(page, start):
	return page.locator(f".clinic-time[href*='start={quote(start, safe=':')}']")


def start_of(time):
	return parse_qs(urlsplit(time.get_attribute("href")).query)["start"][0]


# Steps, as a person with a mouse or a finger does them


def started(page):
	"""Wait until the page's modules listen: who presses before follows the link itself."""
	page.evaluate("() => import(document.querySelector('script[type=module][src]').src).then(() => null)")


def pick(page, number=2):
	"""Press the nth free time shown, and come to the details. Returns its start."""
	started(page)
	time = free_times(page).nth(number)
	start = start_of(time)
	time.click()
	expect(page.get_by_role("heading", name="Your details")).to_be_focused()
	return start


def fill(page):
	for label, text in ANSWERS.items():
		page.get_by_label(label, exact=True).fill(text)
	page.get_by_role("checkbox").check()


def check(page):
	page.get_by_role("button", name="Continue to check").click()
	expect(page.get_by_role("heading", name="Check and confirm")).to_be_focused()


def confirm(page):
	page.get_by_role("button", name="Confirm the booking").click()
	# A booking, and then another page: on a busy machine that takes longer than what one page does.
	expect(page.get_by_role("heading", name="Your appointment is booked")).to_be_visible(timeout=15_000)


def problem(page):
	return page.locator("[data-part=problem]")


def assert_nothing_typed_is_lost(page):
	for label, text in ANSWERS.items():
		expect(page.get_by_label(label, exact=True)).to_have_value(text)
	expect(page.get_by_role("checkbox")).to_be_checked()


def appointments():
	frappe.db.rollback()
	return frappe.get_all("Clinic Appointment", fields=["*"])


def holds():
	frappe.db.rollback()
	return frappe.db.count("Booking Request", {"status": "Held"})


class Keyboard:
	"""Somebody without a mouse, who counts how often they press Tab."""

	def __init__(self, page):
		self.page = page
		self.tabs = 0

	def tab_to(self, locator):
		for _ in range(60):
			self.page.keyboard.press("Tab")
			self.tabs += 1
			if self.is_on(locator):
				self.assert_focus_is_seen()
				return self
		raise AssertionError(f"Tab never reaches {locator}")

	def is_on(self, locator):
		return locator.evaluate("element => element === document.activeElement")

	def assert_focus_is_seen(self):
		focus = self.page.evaluate(
			"(({outlineStyle, outlineWidth}) => [outlineStyle, parseFloat(outlineWidth)])"
			"(getComputedStyle(document.activeElement))"
		)
		assert focus[0] != "none" and focus[1] >= 2

	def press(self, key="Enter"):
		self.page.keyboard.press(key)
		return self

	def type(self, text):
		self.page.keyboard.type(text)
		return self


def lapse_all_holds():
	frappe.db.sql("UPDATE `tabBooking Request` SET expires_at_utc = UTC_TIMESTAMP() - INTERVAL 1 SECOND")
	frappe.db.sql(
		"UPDATE `tabBooked Slot` SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE kind = 'Hold'"
	)
	frappe.db.commit()


def assert_words_are_whole(page):
	"""No word that is seen goes on in the next line."""
	broken = page.evaluate(
		"""() => {
			const broken = [];
			const unseen = "script, noscript, option, .clinic-hidden, .clinic-skip, .clinic-top__number";
			const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
			while (texts.nextNode()) {
				const text = texts.currentNode;
				if (!text.parentElement.checkVisibility() || text.parentElement.closest(unseen)) continue;
				for (const { 0: word, index } of text.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
					const range = document.createRange();
					range.setStart(text, index);
					range.setEnd(text, index + word.length);
					if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) broken.push(word);
				}
			}
			return broken;
		}"""
	)
	assert not broken, (page.url, broken)


def assert_fits(page):
	"""Nothing to scroll sideways for, and every target 44 px wide and high."""
	width, view = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
	wide = page.evaluate(
		"""() => [...document.querySelectorAll("main *")].map((each) => [each.outerHTML, each.getBoundingClientRect()])
			.filter(([_, { left, right }]) => right > innerWidth + 0.5 || left < -0.5).map(([html]) => html.slice(0, 200))"""
	)
	assert width <= view, (page.url, wide)
	small = page.evaluate(
		"""() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
			.filter((each) => each.checkVisibility() && !each.matches(".clinic-skip"))
			.map((each) => [each.outerHTML, each.getBoundingClientRect()])
			.filter(([_, { width, height }]) => width < 44 || height < 44)
			.map(([html, { width, height }]) => `${width} × ${height}: ${html}`)"""
	)
	assert small == [], small
