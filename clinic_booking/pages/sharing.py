"""What a page tells search engines, and those whom it is shared with: addresses, a picture, schema.org.

Pure: whole addresses are made from the site's own, handed in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from clinic_booking.pages import addresses, languages
from clinic_booking.pages.page import Asked, Page

SCHEMA = "https://schema.org"
PICTURES = ("/files/", "/assets/", "https://")
DRAWING = ".svg"


@dataclass(frozen=True)
class Site:
	"""Where the site is (`https://clinic.example`, nothing behind) and its logo, if it has one."""

	address: str
	logo: str = ""


@dataclass(frozen=True)
class Sharing:
	"""Whole addresses: the one to share, which stands for the page, the page in each language, a picture.

	`data` is JSON-LD. Pages that are somebody's own have none of it; one that search engines pass by
	has what those see whom it is sent to, and stands for no other.
	"""

	address: str | None = None
	canonical: str | None = None
	alternates: dict[str, str] = field(default_factory=dict)
	picture: str | None = None
	data: dict | None = None


def of(page: Page, asked: Asked, site: Site) -> Sharing:
	"""How this page is to be found and shown elsewhere."""
	describe = DESCRIBED.get(page.template)
	if page.status != 200 or describe is None:
		return Sharing()
	path, picture, data = describe(page.facts, site)
	address = _in_language(site.address + path, languages.chosen(asked.query))
	shown = absolute(picture, site) or _shown(absolute(site.logo, site))
	if page.is_hidden:
		return Sharing(address, picture=shown)
	return Sharing(
		address=address,
		canonical=address,
		alternates={"x-default": site.address + path}
		| {code: _in_language(site.address + path, code) for code in languages.WRITTEN},
		picture=shown,
		data={"@context": SCHEMA, "@graph": data},
	)


def absolute(picture: str | None, site: Site) -> str | None:
	"""The whole address of a picture that everybody may see; None for any other."""
	if not picture or not picture.startswith(PICTURES):
		return None
	return picture if picture.startswith("https://") else site.address + quote(picture)


def _shown(picture: str | None) -> str | None:
	"""A drawing is no picture to those whom a link is sent to."""
	return None if picture and picture.lower().endswith(DRAWING) else picture


def _doctors(facts, site: Site) -> tuple[str, str | None, list[dict]]:
	page = facts["pages"]["number"]
	path = addresses.doctors(page=page if page > 1 else None)
	listed = [
		{
			"@type": "ListItem",
			"position": position,
			"url": site.address + addresses.doctor(doctor["slug"]),
			"name": doctor["name"],
		}
		for position, doctor in enumerate(facts["doctors"], 1)
	]
	data = [_clinic(clinic, site) for clinic in facts["clinics"]]
	# A drawn logo (SVG) is no preview: then somebody whom one may meet there.
	pictures = (_shown(site.logo), *map(_picture, facts["doctors"]))
	picture = next((each for each in pictures if absolute(each, site)), None)
	return path, picture, [*data, {"@type": "ItemList", "itemListElement": listed}]


def _doctor(facts, site: Site) -> tuple[str, str | None, list[dict]]:
	doctor = facts["doctor"]
	path = addresses.doctor(doctor["slug"])
	physician = {
		"@type": "Physician",
		"@id": f"{site.address}{path}#physician",
		"url": site.address + path,
		"name": doctor["name"],
		"description": doctor["bio"],
		"image": absolute(_picture(doctor), site),
		"medicalSpecialty": [specialty["title"] for specialty in doctor["specialties"]],
		"knowsLanguage": [language["name"] for language in doctor["languages"]],
		"identifier": _registration(doctor["registration"]),
		"aggregateRating": _rating(doctor["rating"]),
		"parentOrganization": [{"@id": _id(clinic["name"], site)} for clinic in doctor["clinics"]],
		"telephone": next((clinic["phone"] for clinic in doctor["clinics"]), None),
		"address": [_address(clinic) for clinic in doctor["clinics"]],
		"makesOffer": [
			_offer(doctor, service, price, site)
			for service in doctor["services"]
			for price in service["prices"]
		],
	}
	return path, _picture(doctor), [_filled(physician), *(_clinic(each, site) for each in doctor["clinics"])]


def _booking(facts, site: Site) -> tuple[str, str | None, list[dict]]:
	doctor, service = facts["doctor"], facts["service"]
	physician = {
		"@type": "Physician",
		"@id": f"{site.address}{addresses.doctor(doctor['slug'])}#physician",
		"url": site.address + addresses.doctor(doctor["slug"]),
		"name": doctor["name"],
		"makesOffer": [_offer(doctor, service, price, site) for price in service["prices"]],
	}
	path = addresses.booking(doctor["slug"], service["service"])
	return path, _picture(doctor), [physician, *(_clinic(each, site) for each in facts["offering"])]


def _picture(doctor: dict) -> str | None:
	"""The JPEG: not all who show links know WebP."""
	return doctor["photos"].get("share") or doctor["image"]


def _clinic(clinic: dict, site: Site) -> dict:
	return _filled(
		{
			"@type": "MedicalClinic",
			"@id": _id(clinic["name"], site),
			"name": clinic["title"],
			"url": site.address + addresses.doctors(clinic=clinic["name"]),
			"telephone": clinic["phone"],
			"address": _address(clinic),
			"currenciesAccepted": clinic["currency"],
			"logo": absolute(site.logo, site),
		}
	)


def _address(clinic: dict) -> dict:
	return _filled({"@type": "PostalAddress", "addressLocality": clinic["city"]})


def _offer(doctor: dict, service: dict, price: dict, site: Site) -> dict:
	address = addresses.booking(doctor["slug"], service["service"], clinic=price["clinic"])
	return {
		"@type": "Offer",
		"url": site.address + address,
		"price": price["price"]["amount"],
		"priceCurrency": price["price"]["currency"],
		"availableAtOrFrom": {"@id": _id(price["clinic"], site)},
		"itemOffered": _filled(
			{"@type": "Service", "name": service["name"], "description": service["description"]}
		),
	}


def _registration(registration: dict | None) -> dict | None:
	if not registration:
		return None
	return _filled({"@type": "PropertyValue", "name": registration["body"], "value": registration["number"]})


def _rating(rating: dict | None) -> dict | None:
	if not rating:
		return None
	return {
		"@type": "AggregateRating",
		"ratingValue": rating["average"],
		"ratingCount": rating["count"],
		"bestRating": 5,
	}


def _id(clinic: str, site: Site) -> str:
	return f"{site.address}{addresses.doctors()}#{quote(clinic)}"


def _filled(values: dict) -> dict:
	return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _in_language(address: str, language: str | None) -> str:
	if language is None:
		return address
	return f"{address}{'&' if '?' in address else '?'}{languages.PARAMETER}={language}"


DESCRIBED: dict[str, Callable] = {"doctors.html": _doctors, "doctor.html": _doctor, "booking.html": _booking}
