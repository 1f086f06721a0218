"""Which words a message has: the clinic's own, else those shipped, in the language that is asked for (NT-6)."""

from collections.abc import Callable
from contextlib import contextmanager

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


def worded(kind: str, family: str, language: str, values: dict[str, str], clinic: str | None) -> Text:
	"""The subject and body of a message in `language`, filled in.

	A clinic's own text that is broken, and a language that nobody wrote texts in, raise an alert at `clinic`; the
	text shipped, and in English, goes instead (ME-10).
	"""
	own = _own(kind, family, language, clinic)
	if own:
		try:
			return _filled(Text(own.subject or "", own.body), values)
		except BrokenText:
			_warn(
				lambda: staff(
					"A text of yours can't be filled in; the one that comes with the app is sent instead"
				),
				(TEMPLATE, own.name),
				clinic,
			)
	return _filled(in_language(kind, family, language, clinic), values)


def in_language(kind: str, family: str, language: str, clinic: str | None = None) -> Text:
	"""The shipped text, not filled in; in English, with an alert, where the language has none."""
	source = shipped.FAMILIES[family][kind]
	with speaking(language):
		if base(language) != ENGLISH and source.body not in catalogue():
			_warn(
				lambda: staff("There are no texts in a patient's language; messages in it go out in English"),
				("Language", language) if frappe.db.exists("Language", language) else ("Clinic", clinic),
				clinic,
			)
			return source
		return Text(*(text and translate(text) for text in source))


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


def _filled(text: Text, values: dict[str, str]) -> Text:
	return Text(filling.one_line(filling.fill(text.subject, values)), filling.fill(text.body, values))


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
