"""What the demo clinic's records say in other languages, kept as its staff would: with the globe beside a field."""

from pathlib import Path

import frappe
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent / "demo_locale"


def make_words() -> None:
	"""Make the Translations that are missing; those that are there stay as they are."""
	for path in sorted(CATALOGUES.glob("*.po")):
		known = set(frappe.get_all("Translation", {"language": path.stem}, pluck="source_text"))
		with path.open("rb") as file:
			for message in read_po(file, locale=path.stem):
				if message.id and message.id not in known:
					make_word(path.stem, message.id, message.string)


def make_word(language: str, source_text: str, translated_text: str) -> None:
	frappe.get_doc(
		doctype="Translation", language=language, source_text=source_text, translated_text=translated_text
	).insert()
