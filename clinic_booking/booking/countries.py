"""Whose phone numbers need no + (SE-3), and whose English is spoken: countries by their ISO codes, like "ro"."""

import frappe

from clinic_booking import formats

# A group of clinics has a handful; each is a number to look for when somebody asks for their links.
MOST = 5


def of_clinic(clinic: str | None) -> str | None:
	"""The clinic's country, else the site's."""
	country = clinic and frappe.get_cached_value("Clinic", clinic, "country")
	return _code(country or frappe.get_system_settings("country"))


def written(language: str, clinic: str | None = None) -> str:
	"""A language as its dates and sums are written at the clinic, else on the site: plain English is not everywhere America's."""
	if language != "en":
		return language
	return formats.plain_english((of_clinic(clinic) or "").upper() or None)


def of_clinics() -> list[str | None]:
	"""Each country that a clinic is in, the one with the most clinics first; the site's where there is no clinic."""
	rows = frappe.get_all(
		"Clinic", fields=["country"], group_by="country", order_by="count(name) desc, country", limit=MOST
	)
	return [_code(row.country) for row in rows] or [of_clinic(None)]


def _code(country: str | None) -> str | None:
	return country and frappe.get_cached_value("Country", country, "code")
