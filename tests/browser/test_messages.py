"""How a booking's messages come, chosen on its own page in a real browser (NT-2)."""

import json

import frappe
import pytest
from frappe.installer import update_site_config
from playwright.sync_api import expect

from clinic_booking.messaging import browsers
from clinic_booking.messaging.channels.interface import Letter
from clinic_booking.messaging.registry import Recipient
from tests.browser.steps import DESKTOP, PHONE, assert_fits
from tests.browser.test_manage import at, book
from tests.fakes.push import PushService

# What a browser asks its maker's push service, this one is given: nothing here reaches that far.
SUBSCRIBE = """(subscription) => {
	PushManager.prototype.subscribe = async (options) => {
		window.asked = options;
		return { toJSON: () => ({ ...subscription, expirationTime: null }) };
	};
}"""


@pytest.fixture
def service(server):
	with PushService() as fake:
		update_site_config("clinic_booking_push_services", [fake.url])
		frappe.db.set_single_value("Clinic Booking Settings", "push_contact", "it@clinic.example")
		frappe.db.commit()
		yield fake


def own_page(page, server, offer):
	token = book(server, offer, at(10))
	page.goto(f"/booking/{token}")
	return token


def appointment():
	frappe.db.rollback()
	return frappe.get_last_doc("Clinic Appointment")


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], indirect=True, ids=["360", "1280"])
def test_reminders_are_switched_off_and_on(page, server, offer, shots):
	"""NT-2, UI-1: by a press, said aloud, and still so when the page is opened again."""
	own_page(page, server, offer)
	expect(page.get_by_role("button", name="Send them to this device")).to_be_hidden()
	page.get_by_role("button", name="No reminders, please").click()
	expect(page.get_by_text("You will get no reminders.")).to_be_visible()
	assert appointment().no_reminders
	assert_fits(page)
	shots("no-reminders")
	page.reload()
	page.get_by_role("button", name="Remind me again").click()
	expect(page.get_by_text("You will be reminded")).to_be_visible()
	assert not appointment().no_reminders


def test_messages_come_to_the_device(page, server, offer, service, shots):
	"""NT-2: subscribed to the clinic's key; a message is shown, and opens the booking."""
	page.context.grant_permissions(["notifications"], origin=server.url)
	device = service.browser(browsers.public_key())
	page.add_init_script(f"({SUBSCRIBE})({json.dumps(device.subscription)})")
	token = own_page(page, server, offer)
	page.get_by_role("button", name="Send them to this device").click()
	expect(
		page.get_by_text("From now on messages about this appointment come to this device.")
	).to_be_visible()
	shots("this-device")
	assert page.evaluate("asked.applicationServerKey") == browsers.public_key()
	visit = appointment()
	assert visit.channel == "push"

	address = browsers.address(Recipient("Patient", "Maria", appointment=visit.name))
	link = f"{server.url}/booking/{token}"
	letter = Letter("m1", address, "", f"Tomorrow 10:00 {link}", "en", link=link, sender="Sunrise")
	browsers.channel().send(letter)
	assert deliver(page, server, device.shown[0]) == [["Sunrise", "Tomorrow 10:00", "m1", link]]


def test_a_browser_that_says_no(page, server, offer, service):
	"""NT-2: messages come as before."""
	page.context.clear_permissions()
	page.add_init_script("Notification.requestPermission = async () => 'denied'")
	own_page(page, server, offer)
	page.get_by_role("button", name="Send them to this device").click()
	expect(page.get_by_text("This browser does not allow it.")).to_be_visible()
	assert not appointment().channel


def deliver(page, server, message):
	"""Hand a message to the page's service worker as the push service would; what it shows."""
	session = page.context.new_cdp_session(page)
	registrations = []
	session.on(
		"ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"])
	)
	session.send("ServiceWorker.enable")
	page.wait_for_timeout(300)
	session.send(
		"ServiceWorker.deliverPushMessage",
		{
			"origin": server.url,
			"registrationId": registrations[0]["registrationId"],
			"data": json.dumps(message),
		},
	)
	return page.evaluate(
		"""async () => {
			const worker = await navigator.serviceWorker.getRegistration("/assets/clinic_booking/js/");
			for (let tries = 0; tries < 50; tries++) {
				const shown = await worker.getNotifications();
				if (shown.length) return shown.map((each) => [each.title, each.body, each.tag, each.data.url]);
				await new Promise((resolve) => setTimeout(resolve, 100));
			}
			return [];
		}"""
	)
