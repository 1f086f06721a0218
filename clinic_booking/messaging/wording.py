"""Which words a message has: the clinic's own, else those shipped, in the language that is asked for (NT-6)."""

from collections.abc import Callable
from contextlib import contextmanager
from typing import NamedTuple

import frappe
from frappe import _ as staff

from clinic_booking.booking.alerts import raise_alert
from clinic_booking.messaging import filling, shipped
from clinic_booking.messaging.filling import BrokenText
from clinic_booking.messaging.shipped import Text
from clinic_booking.translations import catalogue, translate

TEMPLATE = "Message Template"
KIND = "Texts"
ENGLISH = "en"


class Words(NamedTuple):
	"""A text that is filled in, the language that it came to be in, and what it was filled with."""

	text: Text
	language: str
	values: dict[str, str]


def worded(
	kind: str, family: str, wanted: str, values_in: Callable[[str], dict[str, str]], clinic: str | None
) -> Words:
	"""A message in the language that is `wanted`, else in English; `values_in(language)` are what fills it.

	A clinic's own text that is broken, and a language that nobody wrote texts in, raise an alert at `clinic`; the
	text shipped, and in English, goes instead (ME-10).
	"""
	own = _own(kind, family, wanted, clinic)
	if own:
		try:
			return _words(Text(own.subject or "", own.body), wanted, values_in)
		except BrokenText:
			_warn(
				lambda: staff(
					"A text of yours can't be filled in; the one that comes with the app is sent instead"
				),
				(TEMPLATE, own.name),
				clinic,
			)
	if has_texts(kind, family, wanted):
		return _words(in_language(kind, family, wanted), wanted, values_in)
	_warn(
		lambda: staff("There are no texts in a patient's language; messages in it go out in English"),
		("Language", wanted) if frappe.db.exists("Language", wanted) else ("Clinic", clinic),
		clinic,
	)
	return _words(shipped.FAMILIES[family][kind], ENGLISH, values_in)


def has_texts(kind: str, family: str, language: str) -> bool:
	"""Whether the shipped text is there in `language`."""
	with speaking(language):
		return base(language) == ENGLISH or shipped.FAMILIES[family][kind].body in catalogue()


def in_language(kind: str, family: str, language: str) -> Text:
	"""The shipped text, not filled in; in English where the language has none."""
	with speaking(language):
		return Text(*(text and translate(text) for text in shipped.FAMILIES[family][kind]))


def language_of(wanted: str | None) -> str:
	"""A recipient's language, else the site's."""
	return wanted or frappe.db.get_single_value("System Settings", "language", cache=True) or ENGLISH


@contextmanager
def speaking(language: str):
	"""Have our texts translated into `language` meanwhile."""
	before = frappe.local.lang
	frappe.local.lang = language
	try:
		yield
	finally:
		frappe.local.lang = before


def _warn(subject: Callable[[], str], about: tuple[str, str], clinic: str | None) -> None:
	"""Tell staff, who read the site's language, whatever the patient reads."""
	with speaking(language_of(None)):
		raise_alert(subject(), KIND, about, severity="Warning", clinic=clinic)


def base(language: str) -> str:
	return language.partition("-")[0]


def _words(text: Text, language: str, values_in: Callable[[str], dict[str, str]]) -> Words:
	with speaking(language):
		values = values_in(language)
	filled = Text(filling.one_line(filling.fill(text.subject, values)), filling.fill(text.body, values))
	return Words(filled, language, values)


def _own(kind: str, family: str, language: str, clinic: str | None):
	"""The clinic's text in this language, or in that of its other countries; else the one of all clinics."""
	found = frappe.db.sql(
		f"""SELECT name, subject, body FROM `tab{TEMPLATE}`
		WHERE kind = %s AND family = %s AND enabled = 1 AND language IN %s AND COALESCE(clinic, '') IN ('', %s)
		ORDER BY COALESCE(clinic, '') = '', LENGTH(language) DESC LIMIT 1""",
		(kind, family, (language, base(language)), clinic or ""),
		as_dict=True,
	)
	return found[0] if found else None
