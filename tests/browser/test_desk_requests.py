"""Requests at the Desk in a real browser: approved ones that wait for money, and whose they are."""

import frappe
from frappe.utils import get_system_timezone
from playwright.sync_api import expect

from tests.browser.test_desk import scene, screen, sign_in
from tests.scenes import on_day
from tests.site.booking.site_scene import booked, hold, request_of

__all__ = ("scene", "screen", "sign_in")


def test_what_is_approved_waits_for_its_money(page, scene, sign_in):
	"""BK-5: with its approval noted it waits for no answer any more, and says until when for its money."""
	visit = booked(scene)
	due = {"payment": "pay_first", "price": 35, "payment_status": "Unpaid"}
	frappe.db.set_value("Clinic Appointment", visit.name, due)
	frappe.db.commit()
	hand = sign_in("Manager")
	page.goto("/app/clinic-booking")
	waiting = page.locator(".shortcut-widget-box", has_text="Waiting for Approval")
	expect(waiting).to_contain_text("1 waiting")
	page.goto(f"/app/clinic-appointment/{visit.name}")
	hand.click(hand.button("Approve"))
	expect(page.get_by_text("Approved, waits for the payment until")).to_be_visible()
	expect(page.locator(".indicator-pill:visible", has_text="Approved").first).to_be_visible()
	expect(hand.button("Cancel Appointment")).to_be_visible()
	for answer in ("Approve", "Decline"):
		expect(hand.button(answer)).to_have_count(0)
	page.goto("/app/clinic-booking")
	expect(waiting).to_contain_text("0 waiting")


def test_a_request_tells_utc(page, scene, sign_in):
	"""TI-11: the instant itself, under no other zone's name, whatever zone the site and the user have."""
	request = request_of(hold(scene, on_day(5, 12))["token"])
	frappe.db.commit()
	sign_in("Receptionist")
	page.goto(f"/app/booking-request/{request.name}")
	shown = page.locator("[data-fieldname=starts_at_utc]:visible")
	expect(shown).to_contain_text(f"{request.starts_at_utc:%H:%M}")
	expect(shown).not_to_contain_text(get_system_timezone())
