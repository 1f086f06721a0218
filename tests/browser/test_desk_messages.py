"""Messages at the Desk in a real browser (NT-7)."""

import frappe
from playwright.sync_api import expect

from tests.browser.test_desk import scene, screen, sign_in
from tests.fakes.smtp import MailServer
from tests.site.booking.site_scene import booked
from tests.site.messaging import post

__all__ = ("scene", "screen", "sign_in")


def test_reception_sends_a_message_and_sees_what_became_of_it(sign_in, scene):
	"""NT-7, NT-3: from the appointment; what failed has its button."""
	frappe.db.set_value("Doctor", scene.doctors[0], "approves_bookings", 0)
	with MailServer() as mails:
		post.an_email_account(mails.port)
		visit = booked(scene)
		mails.refuses["maria@example.com"] = "550 No such user"
		hand = sign_in("Receptionist")
		page = hand.page
		page.goto(f"/app/clinic-appointment/{visit.name}")
		hand.click(hand.button("Send a Message"))
		dialog = page.locator(".modal.show")
		dialog.locator("[data-fieldname=kind] select").select_option("Booked")
		hand.click(dialog.get_by_role("button", name="Send", exact=True))
		expect(dialog).to_be_hidden()
		post.send()
		frappe.db.commit()

		page.goto(f"/app/clinic-message?status=Failed&appointment={visit.name}")
		expect(page.locator(".list-row-container")).to_have_count(2)
		page.locator(".list-row-container .list-subject a").first.click()
		mails.refuses.clear()
		hand.click(hand.button("Try Again"))
		expect(page.locator("[data-fieldname=status] .control-value:visible").first).to_have_text("Waiting")
		post.send()
		assert [mail.to for mail in mails.received] == ["maria@example.com"]
		frappe.db.commit()

		page.goto(f"/app/clinic-message?status=Failed&appointment={visit.name}")
		page.locator(".list-row-container .list-row-checkbox").check()
		hand.click(hand.button("Actions"))
		hand.click(page.locator(".dropdown-item:visible", has_text="Try Again"))
		expect(page.locator(".list-row-container")).to_have_count(0)
		post.send()
		assert [mail.to for mail in mails.received] == ["maria@example.com"] * 2
