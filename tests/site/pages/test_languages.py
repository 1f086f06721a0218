"""The pages in the reader's language, as a freshly built bench shows them."""

import re
from datetime import datetime

import frappe
import pytest
from frappe.utils.password import update_password

from tests.site.pages import test_pages
from tests.site.pages.test_pages import addresses, book, call, hold

offer = test_pages.offer

TITLES = {
	"en": "Choose a doctor",
	"ro": "Alegeți un medic",
	"es": "Elija un médico",
	"fr": "Choisir un praticien",
}
PASSWORD = "long-enough-for-Frappe"


def title(page):
	return re.search(r"<h1[^>]*>([^<]+)</h1>", page.text)[1]


@pytest.mark.parametrize("language", TITLES)
@pytest.mark.parametrize("way", ["browser", "variant", "address", "cookie"])
def test_page_is_in_the_language_that_is_asked_for(client, offer, language, way):
	"""UI-1: by the browser's languages, also of another country, by an address, by the site's cookie."""
	asked = {
		"browser": {"headers": {"Accept-Language": f"{language},xx;q=0.5"}},
		"variant": {"headers": {"Accept-Language": f"{language}-{language.upper()},xx;q=0.5"}},
		"address": {"params": {"_lang": language}, "headers": {"Accept-Language": "de"}},
		"cookie": {"cookies": {"preferred_language": language}, "headers": {"Accept-Language": "de"}},
	}[way]
	page = client.get("/book", **asked)
	assert title(page) == TITLES[language]
	assert f'<html lang="{language}' in page.text


def test_signed_in_user_reads_their_own_language(client, offer):
	"""UI-1: the account's, whatever the browser says."""
	user = frappe.get_doc(
		doctype="User", email="maria@example.com", first_name="Maria", language="ro", send_welcome_email=0
	).insert()
	update_password(user.name, PASSWORD)
	frappe.db.commit()
	client.login(user.name, PASSWORD)
	assert title(client.get("/book", headers={"Accept-Language": "fr"})) == TITLES["ro"]


def test_language_chosen_on_a_page_is_kept(client, offer):
	"""UI-1: the next pages are in it too, and other people's are not."""
	page = client.get("/book")
	link = re.search(r'<a href="([^"]+)"[^>]*hreflang="ro"', page.text)[1].replace("&amp;", "&")
	chosen = client.get(link)
	assert title(chosen) == TITLES["ro"]
	assert "SameSite=Lax" in chosen.headers["Set-Cookie"]
	assert title(client.get("/book")) == TITLES["ro"]
	client.cookies.clear()
	assert title(client.get("/book")) == TITLES["en"]


@pytest.mark.parametrize("asked", ["ro-MD", "ro_MD"])
def test_an_address_may_name_the_country_too(client, offer, asked):
	"""UI-1: as browsers do; the language is what counts, and is kept."""
	page = client.get("/book", params={"_lang": asked}, headers={"Accept-Language": "fr"})
	assert title(page) == TITLES["ro"]
	assert title(client.get("/book", headers={"Accept-Language": "fr"})) == TITLES["ro"]


@pytest.mark.parametrize("language", ["xx", "../ro", "de", "ro;q=1", "\r\nSet-Cookie: a=b"])
def test_other_languages_are_not_kept(client, offer, language):
	"""IN-5: only what the pages are written in becomes a cookie."""
	assert "Set-Cookie" not in client.get("/book", params={"_lang": language}).headers


def test_languages_do_not_mix(client, offer):
	"""UI-1: one process shows one page in every language in turn."""
	for _round in range(3):
		for language, text in TITLES.items():
			assert title(client.get("/book", headers={"Accept-Language": language})) == text


def test_every_page_of_a_booking_is_translated(client, offer):
	"""UI-1, PO-5: times, policy, the booking's own page and its dates."""
	language = {"Accept-Language": "ro"}
	client.headers.update(language)
	doctor = client.get(addresses(offer)[1])
	assert "Servicii și prețuri" in doctor.text
	assert "Puteți muta programarea cu cel puțin 1 oră înainte de începere" in doctor.text
	assert "Pasul 1 din 4" in client.get(addresses(offer)[2]).text
	token, _booked = book(client, offer, "Maria Ionescu", test_pages.a_start())
	own = client.get(f"/booking/{token}").text
	assert "Programarea dumneavoastră este făcută" in own
	assert re.search(r"(luni|marți|miercuri|joi|vineri|sâmbătă|duminică), \d+ \w+ 20\d\d", own)


def test_plain_english_is_the_country_s(client, offer):
	"""UI-1: in Spain no month comes first; the page's modules write as its language says."""
	asked = test_pages.a_start()
	token, _booked = book(client, offer, "Ann", asked)
	start = datetime.fromisoformat(asked)
	own = client.get(f"/booking/{token}", headers={"Accept-Language": "en"}).text
	assert '<html lang="en-001"' in own and f"{start:%A}, {start.day} {start:%B} {start.year}" in own


def test_errors_are_in_the_caller_s_language(client, offer):
	"""UI-1: what the API says to people; its codes stay."""
	client.headers["Accept-Language"] = "fr"
	answer = client.post("/api/method/clinic_booking.api.public.hold", json={})
	error = answer.json()["error"]
	assert error["code"] == "ERR_VALIDATION"
	assert error["message"] == "Veuillez vérifier votre saisie."
	assert set(error["fields"].values()) == {"Cette indication manque."}
	missing = client.get("/api/method/clinic_booking.api.public.booking", params={"token": "x" * 43})
	assert missing.json()["error"]["message"] == "Il n’y a rien ici, ou le lien n’est plus valable."


def test_terms_are_in_the_caller_s_language(client, offer):
	"""PO-5: the policy as the holder of a time reads it."""
	client.headers["Accept-Language"] = "es"
	terms = hold(client, offer, test_pages.a_start())["terms"]
	assert terms["text"].startswith("Puede cambiar su cita hasta 1 hora antes de que empiece")


def test_clinic_s_own_wording_comes_first(client, offer):
	"""NT-6: a text that the site translates anew is shown at once."""
	client.headers["Accept-Language"] = "ro"
	assert title(client.get("/book")) == TITLES["ro"]
	frappe.get_doc(
		doctype="Translation",
		language="ro",
		source_text="Choose a doctor",
		translated_text="Alegeți terapeutul",
	).insert()
	frappe.db.commit()
	assert title(client.get("/book")) == "Alegeți terapeutul"
	assert call(client, "hold", **held(offer))["terms"]["text"].startswith("Puteți")


def held(offer):
	doctor, service, clinic = offer
	return {
		"doctor": doctor.name,
		"service": service.name,
		"start": test_pages.a_start(),
		"clinic": clinic.name,
	}


def test_what_a_doctor_says_can_be_translated(client, offer):
	"""UI-1: profile, questions, and what a service is, on the doctor's page, and nowhere in the API's answer."""
	doctor, service, _clinic = offer
	profile = {field: f"My {field}" for field in ("bio", "education", "credentials", "expertise", "approach")}
	doctor.update(
		profile | {"answer_time": "soon", "faq": [{"question": "Why?", "answer": "Because."}]}
	).save()
	service.update({"description": "Bring a list."}).save()
	said = [*profile.values(), "soon", "Why?", "Because.", "Bring a list."]
	for text in said:
		frappe.get_doc(
			doctype="Translation", language="ro", source_text=text, translated_text=f"«{text}»"
		).insert()
	frappe.db.commit()
	romanian = client.get(addresses(offer)[1], headers={"Accept-Language": "ro"}).text
	english = client.get(addresses(offer)[1], headers={"Accept-Language": "en"}).text
	for text in said:
		assert f"«{text}»" in romanian, text
		assert text in english and f"«{text}»" not in english, text


def test_clinic_s_specialties_and_services_can_be_translated(client, offer):
	"""UI-1: on the list, its filters, the doctor's page, the booking's own page and in the calendar file."""
	_doctor, service, _clinic = offer
	frappe.get_doc(
		doctype="Translation",
		language="ro",
		source_text=service.title,
		translated_text="Prima vizită",
	).insert()
	frappe.db.commit()
	token, _booked = book(client, offer, "Maria Ionescu", test_pages.a_start())
	calendar = f"/api/method/clinic_booking.api.public.ics?token={token}"
	for address in (*addresses(offer), f"/booking/{token}", calendar):
		romanian = client.get(address, headers={"Accept-Language": "ro"}).text
		english = client.get(address, headers={"Accept-Language": "en"}).text
		assert "Prima vizită" in romanian and service.title not in romanian
		assert service.title in english and "Prima vizită" not in english
