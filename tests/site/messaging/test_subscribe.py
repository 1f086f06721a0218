"""`subscribe` over HTTP: a browser that wants a booking's messages (NT-2)."""

import frappe
import pytest
from cryptography.fernet import Fernet
from frappe.installer import update_site_config

from clinic_booking.messaging import browser_keys, browsers
from clinic_booking.messaging.channels.interface import ChannelRefused, Letter
from clinic_booking.messaging.registry import Recipient
from tests.fakes.push import PushService
from tests.site.api.conftest import error_of, set_settings
from tests.site.messaging import post


@pytest.fixture
def service(server):
	with PushService() as fake:
		update_site_config("clinic_booking_push_services", [fake.url])
		set_settings(push_contact="it@clinic.example")
		yield fake


@pytest.fixture
def token(practice, api):
	return api.booked(practice, api.slots(practice)[0]["start"])


def subscribe(api, token, browser):
	answer = api.post("subscribe", token=token, subscription=browser.subscription)
	frappe.db.rollback()
	return answer


def recipient():
	appointment = frappe.get_last_doc("Clinic Appointment")
	return Recipient("Patient", appointment.contact_name, appointment=appointment.name)


def send(text="Tomorrow 09:00"):
	letter = Letter("m1", browsers.address(recipient()), "", text, "en", sender="Clinic")
	return browsers.channel().send(letter)


def test_messages_arrive_at_the_browser_that_subscribed(service, api, token):
	"""NT-2: with the site's own keys; twice is once."""
	browser = service.browser(browsers.public_key())
	for _twice in range(2):
		assert subscribe(api, token, browser).json() == {"message": {}}
	assert frappe.db.count("Push Subscription") == 1
	send()
	assert [message["body"] for message in browser.shown] == ["Tomorrow 09:00"]


def test_what_the_browser_gave_is_encrypted(service, api, token):
	"""SE-5: a copy of the database writes to nobody."""
	browser = service.browser()
	subscribe(api, token, browser)
	row = frappe.get_last_doc("Push Subscription").as_dict()
	kept = " ".join(map(str, row.values()))
	assert service.url not in kept and browser.subscription["keys"]["auth"] not in kept


def test_a_browser_that_is_gone_is_forgotten(service, api, token):
	"""NT-2: 410, for all its bookings; whatever becomes of the message."""
	browser = service.browser(browsers.public_key())
	subscribe(api, token, browser)
	browser.leave()
	with pytest.raises(ChannelRefused):
		send()
	frappe.db.rollback()
	assert not frappe.db.count("Push Subscription")
	assert browsers.address(recipient()) is None


def test_the_last_five_of_a_booking(service, api, token):
	"""SE-2: a booking is no way to write to a thousand."""
	made = [service.browser() for _ in range(7)]
	for browser in made:
		subscribe(api, token, browser)
	send()
	assert [len(browser.shown) for browser in made] == [0, 0, 1, 1, 1, 1, 1]


def test_no_other_address_and_no_other_keys(service, api, token):
	"""IN-10: this server posts to browsers' push services only (SSRF), and to nothing it can't encrypt for."""
	keys = service.browser().subscription["keys"]
	for subscription in (
		{"endpoint": "https://169.254.169.254/latest", "keys": keys},
		{"endpoint": "http://localhost:6379/", "keys": keys},
		{"endpoint": "https://fcm.googleapis.com.evil.example/x", "keys": keys},
		{"endpoint": f"{service.url}/wpush/x", "keys": keys | {"auth": "short"}},
		{"endpoint": f"{service.url}/wpush/x", "keys": {}},
		{"endpoint": f"{service.url}/wpush/x"},
		"https://fcm.googleapis.com/x",
		[],
		None,
	):
		error = error_of(api.post("subscribe", token=token, subscription=subscription), 422, "ERR_VALIDATION")
		assert all(field.startswith("subscription") for field in error["fields"]), error
	frappe.db.rollback()
	assert not frappe.db.count("Push Subscription")


def test_only_with_the_link_of_a_booking_and_where_the_clinic_sends(service, practice, api, token):
	"""IN-14, DY-7: no stranger, no hold; half set up is off."""
	browser = service.browser()
	held = api.hold(practice, api.slots(practice)[3]["start"]).json()["message"]["token"]
	error_of(subscribe(api, held, browser), 422, "ERR_VALIDATION")
	error_of(subscribe(api, token[:-1] + "x", browser), 404, "ERR_NOT_FOUND")
	set_settings(push_contact="")
	error_of(subscribe(api, token, browser), 422, "ERR_VALIDATION")
	assert browsers.channel() is None


def test_keys_are_made_once_and_anew_where_they_can_not_be_read(site, monkeypatch):
	"""LI-8: after a restore without the encryption key browsers must be asked anew; the Test button says so."""
	post.reached_by(monkeypatch, "https://clinic.example")
	settings = frappe.get_doc("Clinic Booking Settings")
	public = settings.push_public_key
	assert public and not browser_keys.make_keys(settings)
	settings.push_contact = "it@clinic.example"
	settings.save()
	assert browser_keys.test() == []
	frappe.local.conf.encryption_key = Fernet.generate_key().decode()
	frappe.clear_document_cache("Clinic Booking Settings", "Clinic Booking Settings")
	assert len(browser_keys.test()) == 1
	assert browsers.public_key() is None and browsers.channel() is None
	settings = frappe.get_doc("Clinic Booking Settings")
	assert browser_keys.make_keys(settings)
	settings.save()
	assert settings.push_public_key != public and browsers.public_key() == settings.push_public_key
	assert browser_keys.test() == []


def test_the_demo_shows_what_it_would_send(practice, api, token, monkeypatch):
	"""Demo clinic: a browser may subscribe without a contact, and its messages can be read; nothing leaves."""
	set_settings(push_contact="")
	monkeypatch.setitem(frappe.local.conf, "clinic_booking_demo", 1)
	with PushService() as fake:
		browser = fake.browser(browsers.public_key())
		keys = browser.subscription["keys"]
		appointment = frappe.get_last_doc("Clinic Appointment")
		browsers.subscribe(appointment.name, "https://fcm.googleapis.com/fcm/send/x", **keys)
		frappe.db.set_value("Clinic Appointment", appointment.name, "channel", "push")
		post.send()
		told = post.told(appointment.name)["booked"]
		assert (told.status, told.channel, fake.received) == ("Sent", "push", [])
		assert "/booking/" in told.shown_text
