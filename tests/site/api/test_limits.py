"""Limits with the settings as they are installed (SE-2), and without Redis."""

import frappe
import pytest

from clinic_booking.api.limits import DEFAULTS, hourly
from tests.site.api.conftest import PATIENT, Api, error_of, set_settings

TOKEN = "A" * 43


@pytest.fixture
def limited(practice):
	"""The practice, with the limits as installed."""
	set_settings(**defaults())
	frappe.cache.delete_keys("clinic_booking_limit")
	return practice


def defaults():
	meta = frappe.get_meta("Clinic Booking Settings")
	return {
		field.fieldname: int(field.default or 0)
		for field in meta.fields
		if field.fieldname.startswith("limit_")
	}


def statuses(call, times):
	return [call().status_code for _ in range(times)]


def test_the_settings_and_the_code_agree():
	"""SE-2: what a site that never saved a field gets is what a new one gets."""
	installed = defaults()
	assert {name: installed[name] for name in DEFAULTS} == DEFAULTS
	settings = frappe.get_single("Clinic Booking Settings")
	assert {name: settings.get(name) for name in installed} == installed


def test_reading_is_limited_by_address_whatever_a_client_says_of_itself(limited, server):
	"""IN-16: 300 an hour; forged forwarding headers, other cookies and another client change nothing."""
	session = server.client()

	def call(number):
		return session.get(
			"/api/method/clinic_booking.api.public.booking",
			params={"token": TOKEN},
			headers={
				"X-Forwarded-For": f"203.0.{number // 250}.{number % 250}",
				"X-Real-Ip": f"203.0.113.{number % 250}",
				"Forwarded": f"for=203.0.113.{number % 250}",
				"Cookie": f"clinic_browser={number}; sid={number}",
			},
		)

	answers = [call(number).status_code for number in range(305)]
	assert answers == [404] * 300 + [429] * 5
	refused = call(1000)
	assert error_of(refused, 429, "ERR_RATE_LIMITED")["retry_after"] > 0
	assert int(refused.headers["Retry-After"]) > 0
	error_of(Api(server.client()).get("filters"), 429, "ERR_RATE_LIMITED")
	# Another kind of call has a limit of its own.
	error_of(Api(server.client()).post("extend", token=TOKEN), 404, "ERR_NOT_FOUND")


def test_a_configured_proxy_is_believed(limited, server):
	"""SE-2: then callers behind it are told apart, by the entry the proxy itself wrote."""
	set_settings(trusted_proxies="127.0.0.1", limit_read=3)
	session = server.client()

	def call(forwarded):
		return session.get(
			"/api/method/clinic_booking.api.public.booking",
			params={"token": TOKEN},
			headers={"X-Forwarded-For": forwarded},
		).status_code

	assert [call("203.0.113.1") for _ in range(4)] == [404, 404, 404, 429]
	assert call("203.0.113.2") == 404
	assert call("198.51.100.1, 203.0.113.1") == 429
	assert [call(f"2001:db8:1:1::{number}") for number in range(4)] == [404, 404, 404, 429]
	assert call("2001:db8:1:2::1") == 404


def test_holding_is_limited_by_browser(limited, api):
	"""IN-16: 60 an hour for one browser, the call that brought its cookie included."""
	assert statuses(lambda: api.post("extend", token=TOKEN), 61) == [404] * 60 + [429]


def test_without_our_cookie_the_address_is_limited(limited, server):
	"""IN-16: none, a made-up one, a fresh client each time: 60 an hour together."""
	path = "/api/method/clinic_booking.api.public.extend"
	cookies = ["", "clinic_browser=made-up", "clinic_browser=" + "a" * 22 + "." + "b" * 32]

	def call(number):
		cookie = {"Cookie": cookies[number % 3]}
		return server.client().post(path, json={"token": TOKEN}, headers=cookie).status_code

	assert [call(number) for number in range(62)] == [404] * 60 + [429] * 2


def test_many_cookies_of_one_address_are_limited_together(limited, server):
	"""IN-16: ten times a browser's limit, so that collecting cookies doesn't help for long."""
	set_settings(limit_hold=3)
	clients = [Api(server.client()) for _ in range(3)]
	passed = sum(
		client.post("extend", token=TOKEN).status_code == 404 for client in clients for _ in range(20)
	)
	assert passed == 9
	assert Api(server.client()).post("extend", token=TOKEN).status_code == 429


def test_one_client_cannot_hold_a_whole_day(limited, server):
	"""IN-16: 5 live holds for a browser, 50 for an address."""
	api = Api(server.client())
	slots = api.slots(limited, days=10)
	starts = [slot["start"] for slot in slots[::2]]
	assert len(starts) > 60
	held = [api.hold(limited, start).status_code for start in starts[:8]]
	assert held.count(200) <= 6  # the first came without a cookie
	assert held[-1] == 429
	others = [Api(server.client()).hold(limited, start).status_code for start in starts[8:62]]
	frappe.db.rollback()
	live = frappe.db.count("Booking Request", {"status": "Held"})
	assert live <= 50
	assert 429 in others


def test_every_door_has_its_limit_and_none_is_off(limited, server):
	"""SE-2: book 100, receipt 30."""
	api = Api(server.client())

	def book():
		return api.post("book", token=TOKEN, patient=PATIENT, consent=True)

	assert statuses(book, 101) == [404] * 100 + [429]


def test_a_limit_of_zero_is_none(limited, api):
	"""SE-2: 0 is off."""
	set_settings(limit_hold=0)
	assert 429 not in statuses(lambda: api.post("extend", token=TOKEN), 70)


def test_whoever_is_signed_in_has_one_limit_of_their_own(limited, api):
	"""SE-2: 1,000 an hour, wherever from; here 3."""
	set_settings(limit_signed_in=3)
	api.session.login("Administrator")
	assert statuses(lambda: api.get("filters"), 4) == [200, 200, 200, 429]


def test_a_forgotten_proxy_raises_an_alert(limited, server):
	"""SE-2: behind one that is not listed all callers share a limit; whoever runs the clinic is told."""
	set_settings(limit_read=1)
	for _ in range(2):
		answer = server.client().get(
			"/api/method/clinic_booking.api.public.filters", headers={"X-Forwarded-For": "203.0.113.1"}
		)
	assert answer.status_code == 429
	for _ in range(2):
		hourly()
	(alert,) = frappe.get_all("Clinic Alert", filters={"kind": "Proxy"}, fields=["message", "status"])
	assert "127.0.0.1" in alert.message
	assert alert.status == "Open"
