"""Our own texts in the reader's language, kept by each process.

Frappe unpickles every text of every app for each request in another language than English: 13,000 of
them, 5 ms. Ours are a few hundred. What a clinic words anew (DocType Translation) notes a new
`texts_version` in the settings in the same transaction, so what is kept is never used when stale.
"""

from functools import lru_cache

import frappe
from frappe.gettext.translate import get_translations_from_mo
from frappe.translate import get_parent_language

APP = "clinic_booking"
SETTINGS = "Clinic Booking Settings"
LENGTH_OF_VERSION = 12


def translate(text: str) -> str:
	"""A sentence of ours in the language of the current request; in English where there is none."""
	return catalogue().get(text) or text


def catalogue() -> dict[str, str]:
	"""`{English: translated}` in the language of the current request."""
	return _catalogue(*key())


def key() -> tuple[str, str, str]:
	"""What a catalogue is kept under: (site, language, version)."""
	version = frappe.get_cached_doc(SETTINGS).get("texts_version")
	return frappe.local.site, frappe.local.lang or "en", version or ""


def reworded(doc=None, event: str | None = None) -> None:
	"""A text of the site has changed: all catalogues are made anew. Listens to Translation."""
	frappe.db.set_single_value(SETTINGS, "texts_version", frappe.generate_hash(length=LENGTH_OF_VERSION))


@lru_cache(maxsize=64)
def _catalogue(site: str, language: str, version: str) -> dict[str, str]:
	languages = [each for each in (get_parent_language(language), language) if each]
	texts = {}
	# All of ours first: where a country has no catalogue of its own it is given the language's again.
	for each in languages:
		texts |= get_translations_from_mo(each, APP)
	for each in languages:
		texts |= _of_the_site(each)
	return texts


def _of_the_site(language: str) -> dict[str, str]:
	"""What the site says in a language, fresh: Frappe's cache of it may be filled again before a commit."""
	rows = frappe.get_all(
		"Translation", {"language": language}, ["source_text", "translated_text"], as_list=True
	)
	return dict(rows)
