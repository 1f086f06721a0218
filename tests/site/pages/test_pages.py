"""The public pages over HTTP, as a browser meets them."""

import gzip
import re
from datetime import date, datetime, timedelta, timezone
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

import frappe
import pytest

from clinic_booking.pages import data, doctors
from clinic_booking.pages.page import Asked
from tests import builders

MADRID = ZoneInfo("Europe/Madrid")
UNKNOWN = "x" * 43


@pytest.fixture
def offer(client):
	"""A doctor with a free visit, seen by the server."""
	clinic = builders.a_clinic(title="Sunrise")
	service = builders.a_service(clinic, title="First visit")
	doctor = builders.a_doctor(service, clinics=[clinic], doctor_name="Dr. Ana Popescu")
	frappe.db.commit()
	return doctor, service, clinic


def a_start(days=2, hour=10):
	day = date.today() + timedelta(days=days)
	return datetime(day.year, day.month, day.day, hour, tzinfo=MADRID).isoformat()


def call(client, name, token=None, **given):
	headers = {"X-Booking-Token": token} if token else {}
	answer = client.post(f"/api/method/clinic_booking.api.public.{name}", json=given, headers=headers)
	assert answer.ok, answer.text
	return answer.json()["message"]


def hold(client, offer, start):
	doctor, service, clinic = offer
	return call(client, "hold", doctor=doctor.name, service=service.name, start=start, clinic=clinic.name)


def book(client, offer, name, start):
	token = hold(client, offer, start)["token"]
	patient = {"name": name, "email": "someone@example.com", "phone": "611 222 333"}
	return token, call(client, "book", token=token, patient=patient, consent=True)


def addresses(offer):
	doctor, service, _clinic = offer
	return ["/book", f"/book/{doctor.slug}", f"/book/{doctor.slug}/{service.name}"]


def test_every_page_is_there(client, offer):
	"""BK-1: doctors, doctor, times, and after booking the booking's own page."""
	texts = ["Dr. Ana Popescu", "First visit", "Choose a time"]
	for address, text in zip(addresses(offer), texts, strict=True):
		page = client.get(address)
		assert page.status_code == 200
		assert page.headers["Content-Type"] == "text/html; charset=utf-8"
		assert text in page.text
	token, booked = book(client, offer, "Maria Ionescu", a_start())
	assert booked["manage_url"].endswith(f"/booking/{token}")
	own = client.get(f"/booking/{token}")
	assert own.status_code == 200
	assert booked["reference"] in own.text
	assert "Your appointment is booked" in own.text


def test_times_shown_can_be_held(client, offer):
	"""TI-12: the first time on the page is one that can be had."""
	page = client.get(addresses(offer)[2])
	start = unquote(re.search(r'class="clinic-time" href="[^"]+start=([^"]+)"', page.text)[1])
	assert hold(client, offer, start)["start"] == start


def test_held_time_leaves_the_page(client, offer):
	"""BK-2: others see a held time go at once."""
	address = addresses(offer)[2] + f"?from={a_start()[:10]}"
	start = f"start={quote(a_start(), safe=':')}"
	assert start in client.get(address).text
	hold(client, offer, a_start())
	assert start not in client.get(address).text


@pytest.mark.parametrize(
	"address",
	["/book/nobody", "/book/Ana'--", "/book/a/b/c", "/book/%F0%9F%98%80", "/booking/a/b", "/booking/"],
)
def test_unknown_address_is_our_own_404(client, offer, address):
	"""IN-10: our own page, which Frappe does not remember for the address."""
	page = client.get(address)
	assert page.status_code == 404
	if address != "/booking/":
		assert "There is nothing at this address" in page.text
		assert not frappe.cache.hget("website_404", client.url + address)


def test_doctor_who_comes_later_is_found_where_nobody_was(client):
	"""UI-1: an address that led nowhere leads somewhere as soon as there is something."""
	assert client.get("/book/dr-later").status_code == 404
	clinic = builders.a_clinic()
	builders.a_doctor(builders.a_service(clinic), clinics=[clinic], slug="dr-later")
	frappe.db.commit()
	assert client.get("/book/dr-later").status_code == 200


def test_other_pages_are_found_as_before(client, offer):
	"""BK-1: the site's own pages are none of ours."""
	assert client.get("/login").status_code == 200
	assert client.get("/bookkeeping").status_code == 404
	assert "clinic-page" not in client.get("/bookkeeping").text
	assert "clinic-page" not in client.get("/booking").text


def test_assets_are_served_by_the_addresses_on_the_page(client, offer):
	"""UI-1: styles and every module are there, as what they are."""
	page = client.get(addresses(offer)[2]).text
	found = re.findall(r'(?:href|src)="(/assets/clinic_booking/[^"]+)"', page)
	assert len(found) > 8
	for address in found:
		asset = client.get(address)
		assert asset.status_code == 200
		kind = {"css": "text/css", "js": "javascript", "svg": "image/svg+xml"}
		assert kind[address.partition("?")[0].rpartition(".")[2]] in asset.headers["Content-Type"]


def test_first_view_is_light(client, offer):
	"""UI-1: 60 kB over the wire for the first view, compressed as a web server does."""
	for address in addresses(offer):
		page = client.get(address).text
		parts = [
			page,
			*(client.get(each).text for each in re.findall(r'(?:href|src)="(/assets/[^"]+)"', page)),
		]
		assert sum(len(gzip.compress(part.encode())) for part in parts) < 60_000


def test_pages_cost_the_same_however_many_doctors(site, monkeypatch):
	"""LI-2: queries do not grow with doctors and days."""

	def count():
		asked = Asked({}, "en", datetime.now(timezone.utc))
		doctors.show(asked, data)
		queries = []
		execute = frappe.db.sql
		with monkeypatch.context() as patched:
			patched.setattr(frappe.db, "sql", lambda *a, **k: (queries.append(a[0]), execute(*a, **k))[1])
			doctors.show(asked, data)
		return len(queries)

	clinic = builders.a_clinic()
	service = builders.a_service(clinic)
	builders.a_doctor(service, clinics=[clinic])
	one = count()
	for _ in range(7):
		builders.a_doctor(service, clinics=[clinic])
	assert count() == one


def test_languages_never_mix_and_a_reworded_text_shows_at_once(client, offer):
	"""UI-1: texts are kept by each process, under the language and the version of the site's own words."""
	english, spanish = "Choose a time", "Elija una hora, por favor"
	page = addresses(offer)[2]

	def title(language):
		return re.search(r"<title>(.*?) ·", client.get(page, headers={"Accept-Language": language}).text)[1]

	before = title("es")
	frappe.get_doc(
		doctype="Translation", language="es", source_text=english, translated_text=spanish
	).insert()
	frappe.db.commit()
	assert before != spanish
	for _each in range(3):
		assert (title("en"), title("es"), title("es-MX")) == (english, spanish, spanish)


def test_search_engines_are_told_of_the_pages(client, offer):
	"""UI-1: whole addresses in the map, on the pages, and none on a personal one."""
	doctor, _service, _clinic = offer
	answer = client.get("/book/sitemap.xml")
	assert answer.headers["Content-Type"].startswith("application/xml")
	assert f"<loc>{client.url}/book/{doctor.slug}</loc>" in answer.text
	for address in addresses(offer):
		page = client.get(address)
		assert f'<link rel="canonical" href="{client.url}{address}">' in page.text
		assert "application/ld+json" in page.text
		assert "X-Robots-Tag" not in page.headers
	token, _booked = book(client, offer, "Maria", a_start())
	for address in (f"/booking/{token}", "/book/nobody"):
		page = client.get(address).text
		assert "canonical" not in page and "ld+json" not in page and "og:" not in page


def test_page_of_some_times_is_found_by_nobody_and_shown_by_all(client, offer):
	"""UI-1: one of a thousand addresses of the same page: a link sent on has its title, and leads to the page itself."""
	address = addresses(offer)[2]
	page = client.get(f"{address}?from={a_start()[:10]}")
	assert page.headers["X-Robots-Tag"] == "noindex" and '<meta name="robots" content="noindex">' in page.text
	assert "canonical" not in page.text and "ld+json" not in page.text
	assert f'<meta property="og:url" content="{client.url}{address}">' in page.text
	romanian = client.get(address, params={"_lang": "ro"})
	assert "X-Robots-Tag" not in romanian.headers
	assert f'<link rel="canonical" href="{client.url}{address}?_lang=ro">' in romanian.text


def test_error_says_whom_to_call(client, offer):
	"""UI-1: a phone number on every page, also where there is none at the address."""
	for address in ("/book/nobody", f"/booking/{UNKNOWN}"):
		assert 'href="tel:+34911234567"' in client.get(address).text


def test_coming_back_from_a_payment_leads_to_the_booking_s_own_page(client, offer):
	"""PY-2, IN-14: again and again, paid or not; a wrong token is nobody's."""
	token, _booked = book(client, offer, "Maria", a_start())
	for _twice in range(2):
		answer = client.get(f"/booking/{token}/paid", allow_redirects=False)
		assert (answer.status_code, answer.text) == (303, "")
		assert answer.headers["Location"] == f"/booking/{token}?done=pay#status"
		assert answer.headers["Cache-Control"] == "no-store"
	assert client.get(f"/booking/{UNKNOWN}/paid").status_code == 404


def test_confirmation_says_who_comes_and_what_is_to_pay(client, offer):
	"""UI-1, BK-7: the name as typed, the amount and where it is paid, and that it is a video visit."""
	_doctor, _service, clinic = offer
	paid = builders.a_service(clinic, title="By video", price=35, video=1)
	doctor = builders.a_doctor(paid, clinics=[clinic], doctor_name="Dr. Dan")
	frappe.db.commit()
	token, _booked = book(client, (doctor, paid, clinic), "Maria <3", a_start())
	page = client.get(f"/booking/{token}").text
	for text in ("Maria &lt;3", "€35.00", "You pay at the clinic.", "Video visit"):
		assert text in page
	token, _booked = book(client, offer, "Maria", a_start())
	free = client.get(f"/booking/{token}").text
	assert "You pay at the clinic." not in free and "Video visit" not in free
