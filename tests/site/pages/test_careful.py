"""The public pages as a scanner, an attacker and a stranger meet them."""

import re

import frappe
import pytest

from tests.site.pages import test_pages
from tests.site.pages.test_pages import UNKNOWN, a_start, addresses, book, hold

offer = test_pages.offer


def test_two_tokens_opened_in_turn_never_mix(client, server, offer):
	"""SE-6: nothing of one person's page is kept for the next, with developer mode off."""
	assert not frappe.conf.developer_mode
	bookings = {}
	for name, hour in (("Maria", 9), ("Petra", 11)):
		token, booked = book(client, offer, name, a_start(hour=hour))
		bookings[token] = (booked["reference"], f"{hour:02}:00")
	for _round in range(2):
		for token, own in bookings.items():
			page = server.client().get(f"/booking/{token}").text
			others = [shown for other, shown in bookings.items() if other != token]
			assert all(text in page for text in own)
			assert not any(text in page for shown in others for text in shown)


def test_personal_pages_are_kept_nowhere(client, offer):
	"""SE-6: no store, no referrer, no index where a token, a hold or a person is shown."""
	token, _booked = book(client, offer, "Maria", a_start())
	for address in (
		f"{addresses(offer)[2]}?from={a_start()[:10]}",
		f"/booking/{token}",
		f"/booking/{UNKNOWN}",
	):
		headers = client.get(address).headers
		assert headers["Cache-Control"] == "no-store"
		assert headers["Referrer-Policy"] == "no-referrer"
		assert headers["X-Robots-Tag"] == "noindex"


def test_every_page_tells_the_browser_to_be_careful(client, offer):
	"""SE-6: nothing but our own scripts, in no frame."""
	for address in [*addresses(offer), "/book/nobody", "/booking/x"]:
		headers = client.get(address).headers
		assert "default-src 'none'" in headers["Content-Security-Policy"]
		assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
		assert headers["X-Content-Type-Options"] == "nosniff"
		assert "Strict-Transport-Security" not in headers
	secure = client.get("/book", headers={"X-Forwarded-Proto": "https"})
	assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_guests_get_no_cookies_but_where_times_are_taken(client, offer):
	"""SE-6, SE-2: no page tells one visit from the next; what counts a browser's holds says so and no more."""
	listed, doctor, times = addresses(offer)
	for address in (listed, doctor, "/booking/x"):
		assert "Set-Cookie" not in client.get(address).headers
	(cookie,) = client.get(times).headers["Set-Cookie"].split(", clinic_")
	assert cookie.startswith("clinic_browser=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie
	assert "Set-Cookie" not in client.get(times).headers


def test_newcomers_behind_one_address_do_not_use_up_each_others_holds(server, offer):
	"""SE-2: each browser has its own five, from its first hold on."""
	times = addresses(offer)[2]
	for number in range(7):
		newcomer = server.client()
		newcomer.get(times)
		hold(newcomer, offer, a_start(2 + number))


def test_wrong_tokens_and_strangers_look_alike(client, offer):
	"""IN-14: cut, altered, long and made-up tokens are all the same page, and no error."""
	token, _booked = book(client, offer, "Maria", a_start())
	altered = ("A" if token[0] != "A" else "B") + token[1:]
	pages = set()
	for wrong in (token[:-1], token + "A", altered, token.swapcase(), UNKNOWN, "x" * 3000, "%00", "..%2f"):
		page = client.get(f"/booking/{wrong}")
		assert page.status_code == 404
		pages.add(page.text)
	assert len(pages) == 1


@pytest.mark.parametrize(
	"query",
	[
		"?q=' OR 1=1 --",
		"?specialty=' UNION SELECT 1",
		"?page=-1",
		"?page=99999999999999999999",
		"?q={{7*7}}",
		"?q=%00%ff",
		"?q=" + "x" * 3000,
		"?from=9999-99-99",
		"?from=9999-12-31",
		"?from=0001-01-01",
		"?start=2026-01-01",
		"?start=9999-12-31T23:59:59-12:00",
		"?timezone=../../etc/passwd",
		"?clinic=nowhere&clinic=nowhere-else",
		"?q[]=1&q[$gt]=2",
		"?_lang=xx",
	],
)
def test_no_parameter_breaks_a_page(client, offer, query):
	"""IN-5, IN-6, IN-9, TI-10: what is nonsense counts as not given."""
	for address in addresses(offer):
		page = client.get(address + query)
		assert page.status_code == 200
		assert "OR 1=1" not in re.sub(r'value="[^"]*"', "", page.text)


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_changes_nothing(client, offer, method):
	"""IN-15: a scanner may open every link, a link to a time included."""
	token, _booked = book(client, offer, "Maria", a_start())
	before = state()
	own = f"/booking/{token}"
	for address in (
		*addresses(offer),
		addresses(offer)[2] + f"?start={a_start(3)}",
		addresses(offer)[0] + "?_lang=ro",
		"/book/sitemap.xml",
		*(
			own + query
			for query in ("", "?change=move", f"?change=move&start={a_start(3)}", "?change=cancel")
		),
		*(own + query for query in ("?done=move", "?done=pay", "?_lang=fr", "/paid")),
		f"/api/method/clinic_booking.api.public.ics?token={token}",
	):
		assert getattr(client, method)(address.replace("+", "%2B"), allow_redirects=True).ok, address
	assert state() == before


def state():
	frappe.db.rollback()
	doctypes = ("Booking Request", "Booked Slot", "Clinic Appointment", "Clinic Patient", "Error Log")
	return {
		doctype: frappe.get_all(doctype, fields=["name", "modified"], order_by="name") for doctype in doctypes
	}


def test_pages_can_only_be_read(client, offer):
	"""SE-6: a form posted to a page does nothing."""
	for address in addresses(offer):
		answer = client.post(address, data={"q": "x"})
		assert answer.status_code == 405
		assert answer.headers["Allow"] == "GET, HEAD"


def test_words_of_a_record_stay_words(client, offer):
	"""IN-4, IN-6: hostile names on every page they reach."""
	doctor, service, clinic = offer
	hostile = "<img src=x onerror=alert(1)>{{ 77 * 1001 }}"
	frappe.db.set_value("Doctor", doctor.name, {"doctor_name": hostile, "bio": hostile, "offer_version": "x"})
	frappe.db.commit()
	token, _booked = book(client, offer, hostile, a_start())
	for address in [*addresses(offer), f"/booking/{token}"]:
		page = client.get(address).text
		assert "<img src=x" not in page
		assert "77077" not in page
		assert "&lt;img src=x onerror=alert(1)&gt;{{ 77 * 1001 }}" in page


def test_signed_in_session_gets_its_csrf_token_and_it_works(client, offer):
	"""IN-17: a session has no CSRF token until one is made; our pages make it."""
	client.login("Administrator")
	page = client.get(addresses(offer)[2])
	assert page.headers["Cache-Control"] == "no-store"
	token = re.search(r'<meta name="csrf-token" content="([^"]+)">', page.text)[1]
	doctor, service, clinic = offer
	given = {"doctor": doctor.name, "service": service.name, "start": a_start(), "clinic": clinic.name}
	address = "/api/method/clinic_booking.api.public.hold"
	assert client.post(address, json=given).status_code == 403
	assert client.post(address, json=given, headers={"X-Frappe-CSRF-Token": token}).ok


def test_no_token_is_in_a_log(client, offer):
	"""SE-5: what failed is logged by type and line, never with a token or a name."""
	frappe.db.sql("DROP TABLE `tabBooked Slot`")
	page = client.get(addresses(offer)[2] + "?q=Secretname")
	assert page.status_code == 500
	assert "Something went wrong on our side" in page.text
	assert "Traceback" not in page.text and "tabBooked" not in page.text
	log = frappe.get_site_path("logs", "clinic_booking.log")
	with open(log) as lines:
		assert "Secretname" not in lines.read()
