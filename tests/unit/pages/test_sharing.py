"""What pages tell search engines and those they are shared with."""

import json
import re
from xml.etree import ElementTree

import pytest

from clinic_booking.brand import Brand
from clinic_booking.pages import (
	appointment,
	booking,
	doctor,
	doctors,
	environment,
	languages,
	sharing,
	sitemap,
)
from clinic_booking.pages.assets import Assets
from clinic_booking.pages.page import Asked, Page
from tests.unit.pages.reader import NOW, Reader
from tests.unit.pages.test_templates import HOSTILE, Elements

SITE = sharing.Site("https://clinic.example", "/files/our logo.png")


def shared(show, read=None, site=SITE, **query):
	asked = Asked(query, "en", NOW)
	return sharing.of(show(asked, read or Reader()), asked, site)


def the_doctor(asked, read):
	return doctor.show(asked, read, "ana")


def node(found, kind):
	return next(each for each in found.data["@graph"] if each["@type"] == kind)


def test_list_stands_under_one_address_however_it_is_filtered():
	"""UI-1: filters and what was typed make no new page for a search engine, page 2 does."""
	assert shared(doctors.show, q="ana", specialty="cardiology").canonical == "https://clinic.example/book"
	assert shared(doctors.show, page="2").canonical == "https://clinic.example/book?page=2"


def test_page_in_a_language_stands_for_itself_and_names_the_others():
	"""UI-1: each language has its own address, the bare one is for everybody else."""
	found = shared(the_doctor, _lang="ro")
	assert found.canonical == "https://clinic.example/book/ana?_lang=ro"
	assert set(found.alternates) == {"x-default", "en", "es", "fr", "ro"}
	assert found.alternates["x-default"] == "https://clinic.example/book/ana"
	assert found.alternates["fr"] == "https://clinic.example/book/ana?_lang=fr"
	assert shared(the_doctor, _lang="xx").canonical == "https://clinic.example/book/ana"


def test_doctor_is_a_physician_with_offers():
	"""UI-1: name, specialty, clinics, and each price with its currency and where to book it."""
	found = shared(the_doctor)
	physician = node(found, "Physician")
	assert physician["name"] == "Dr. Ana Popescu"
	assert physician["medicalSpecialty"] == ["Cardiology"]
	assert physician["aggregateRating"] | {"@type": ""} == {
		"@type": "",
		"ratingValue": 4.8,
		"ratingCount": 12,
		"bestRating": 5,
	}
	offers = physician["makesOffer"]
	assert {(each["price"], each["priceCurrency"]) for each in offers} == {("35.00", "EUR")}
	assert "https://clinic.example/book/ana/visit?clinic=madrid" in {each["url"] for each in offers}
	clinics = {each["@id"] for each in found.data["@graph"] if each["@type"] == "MedicalClinic"}
	assert {each["availableAtOrFrom"]["@id"] for each in offers} <= clinics
	assert {each["@id"] for each in physician["parentOrganization"]} == clinics


def test_list_names_clinics_and_doctors():
	"""UI-1: where they are, how to call them, who is there."""
	found = shared(doctors.show)
	clinic = node(found, "MedicalClinic")
	assert (clinic["name"], clinic["telephone"]) == ("Madrid", "+34 911 234 567")
	assert clinic["address"]["addressLocality"] == "Madrid"
	(listed,) = node(found, "ItemList")["itemListElement"]
	assert listed["url"] == "https://clinic.example/book/ana"


def test_empty_facts_are_left_out():
	"""UI-1: no rating, photo or registration is no empty one."""
	physician = node(shared(the_doctor, Reader(rating=None, registration=None, bio="")), "Physician")
	assert not {"aggregateRating", "image", "identifier", "description"} & set(physician)
	assert None not in physician.values()


def test_picture_is_the_doctor_s_else_the_clinic_s():
	"""UI-1: what a link shows when it is sent to somebody."""
	photo = Reader(image="/files/a-384.webp", photos={"share": "/files/a-share.jpg"})
	assert shared(the_doctor, photo).picture == "https://clinic.example/files/a-share.jpg"
	assert shared(the_doctor).picture == "https://clinic.example/files/our%20logo.png"
	for logo in ("", "/assets/clinic/logo.svg"):
		assert shared(the_doctor, site=sharing.Site("https://clinic.example", logo)).picture is None


def test_list_shows_the_logo_else_somebody_who_is_there():
	"""UI-1: a drawing is no preview."""
	photo = Reader(image="/files/a-384.webp", photos={"share": "/files/a-share.jpg"})
	assert shared(doctors.show, photo).picture == "https://clinic.example/files/our%20logo.png"
	drawn = sharing.Site("https://clinic.example", "/files/logo.svg")
	assert shared(doctors.show, photo, site=drawn).picture == "https://clinic.example/files/a-share.jpg"


@pytest.mark.parametrize(
	"picture", ["/private/files/a.png", "javascript:alert(1)", "//evil.example/a.png", ""]
)
def test_private_and_odd_pictures_are_none(picture):
	"""IN-4: only what everybody may see, and only an address of a picture."""
	assert sharing.absolute(picture, SITE) is None


def test_times_of_a_week_are_shared_as_the_page_of_all():
	"""UI-1: whoever gets the link sees what it is; search engines keep the bare page alone."""

	def times(asked, read):
		return booking.show(asked, read, "ana", "visit")

	found = shared(times, **{"from": "2026-11-23"})
	assert found == sharing.Sharing("https://clinic.example/book/ana/visit", picture=found.picture)
	bare = shared(times, _lang="ro")
	assert bare.canonical == bare.address == "https://clinic.example/book/ana/visit?_lang=ro"
	assert {offer["priceCurrency"] for offer in node(bare, "Physician")["makesOffer"]} == {"EUR"}


def test_personal_pages_have_nothing_to_share():
	"""SE-6: no address, picture or data of a page with a token, nor of one that is not there."""
	assert shared(lambda asked, read: appointment.show(asked, read, "right")) == sharing.Sharing()
	missing = Page("problem.html", {"kind": "not_found"}, status=404)
	assert sharing.of(missing, Asked({}, "en", NOW), SITE) == sharing.Sharing()


def test_hostile_words_stay_data():
	"""IN-4, IN-6: `</script>` and quotes in every text of a doctor, in JSON-LD and in attributes."""
	read = Reader(
		name=HOSTILE,
		bio=f"</script>{HOSTILE}<!--",
		specialties=[{"name": HOSTILE, "title": HOSTILE}],
		registration={"number": HOSTILE, "body": HOSTILE},
	)
	asked = Asked({}, "en", NOW)
	page = the_doctor(asked, read)
	found = sharing.of(page, asked, SITE)
	html = (
		environment.make("en", str, Assets())
		.get_template(page.template)
		.render(
			**page.facts,
			brand=Brand(name=HOSTILE),
			sharing=found,
			languages=languages.choices("book/ana", {"q": HOSTILE}),
			hidden=False,
			csrf_token=None,
		)
	)
	(data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
	assert json.loads(data) == found.data
	assert "<" not in data
	elements = Elements(html)
	assert sum(tag == "script" for tag, _attributes in elements.found) == 3
	titles = [each.get("content") for _tag, each in elements.found if each.get("property") == "og:title"]
	assert titles == [f"{HOSTILE} · {HOSTILE} · {HOSTILE}"]


def test_sitemap_names_every_page_in_every_language():
	"""UI-1: the list and the doctors, nothing that is somebody's own."""
	asked = Asked({}, "en", NOW)
	page = sitemap.show(asked, Reader())
	xml = environment.make("en", str, Assets()).get_template(page.template).render(**page.facts, site=SITE)
	spaces = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
	urls = ElementTree.fromstring(xml.encode()).findall("m:url", spaces)
	assert [url.find("m:loc", spaces).text for url in urls] == [
		"https://clinic.example/book",
		"https://clinic.example/book/ana",
	]
	assert [url.find("m:lastmod", spaces).text for url in urls] == ["2026-11-21"] * 2
	assert {link.get("hreflang") for link in urls[1].findall("x:link", spaces)} == {
		"x-default",
		*languages.WRITTEN,
	}
	assert page.kind == "application/xml"


def test_page_in_every_language():
	"""UI-1: links that keep what was asked for, each with the language's own name for itself."""
	choices = {each.code: each for each in languages.choices("book", {"q": "a b", "_lang": "fr"})}
	assert choices["ro"].address == "/book?q=a+b&_lang=ro"
	assert [choices[code].name for code in ("en", "es", "fr", "ro")] == [
		"English",
		"Español",
		"Français",
		"Română",
	]
