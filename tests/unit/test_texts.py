"""Every text that patients read is said in every language (UI-1, NT-2)."""

import re
from collections import Counter

import pytest

from tests import texts

EVERY = texts.texts()
# What is written alike in another language, by right.
ALIKE = re.compile(r"[\W\d]*(\b(min|s|UUID|JSON)\b[\W\d]*)*")
LOANS = {"ro": {"E-mail"}, "es": set(), "fr": {"1 minute", "E-mail", "Questions", "page {0}"}}


@pytest.fixture(params=texts.LANGUAGES)
def language(request):
	return request.param


def translations(language):
	return {message.id: message for message in texts.catalogue(language) if message.id}


def wrong(language, is_wrong):
	found = translations(language)
	return [text for text in EVERY if text in found and is_wrong(text, found[text].string)]


def test_texts_of_all_parts_are_found():
	"""UI-1: of templates and their modules' words, errors, policy and the clinic's defaults."""
	known = {path for paths in EVERY.values() for path in paths}
	assert {
		"clinic_booking/errors.py",
		"clinic_booking/inputs/contact.py",
		"clinic_booking/booking/terms.py",
	} <= known
	assert {f"clinic_booking/pages/templates/{name}.html" for name in ("words", "base", "booking")} <= known
	assert "I agree that the clinic stores" in " ".join(EVERY)


def test_template_has_exactly_the_texts():
	"""UI-1: `python -m tests.texts` brings it up to date."""
	with (texts.LOCALE / "main.pot").open("rb") as file:
		assert {message.id for message in texts.read_po(file) if message.id} == set(EVERY)


def test_nothing_is_missing_and_nothing_too_much(language):
	"""UI-1: each text has an entry, and each entry is still said somewhere."""
	assert set(translations(language)) == set(EVERY)


def test_nothing_is_empty_or_unsure(language):
	"""UI-1: no entry waits for its translator."""
	found = translations(language)
	assert not [text for text, message in found.items() if message.fuzzy or not message.string.strip()]


def test_nothing_is_left_in_english(language):
	"""UI-1: what reads as in English is so by right."""
	assert not wrong(
		language,
		lambda text, said: text == said and text not in LOANS[language] and not ALIKE.fullmatch(text),
	)


def test_what_is_filled_in_stays(language):
	"""UI-1: {0} and {name} stand in every language, as often as in English."""
	places = texts.PLACEHOLDER.findall
	assert not wrong(language, lambda text, said: Counter(places(text)) != Counter(places(said)))


def test_sentences_end_as_they_do_in_english(language):
	"""UI-1: a full stop, a question mark or a colon is none too many and none too few."""

	def end(text):
		return text[-1] if text[-1] in ".?!:…" else ""

	assert not wrong(language, lambda text, said: end(text) != end(said) or said != said.strip())


def test_letters_and_spaces_are_the_language_s_own():
	"""UI-1: Romanian ș and ț have commas; French keeps its double signs on the line of their word."""
	assert not wrong("ro", lambda _text, said: re.search("[şţŞŢ]", said))
	assert not wrong("fr", lambda _text, said: re.search(r"( |\w)[?!:;](\s|$)|'", said))


def test_paragraphs_begin_with_capitals(language):
	"""UI-1: also the first after a greeting, whatever that ends with."""

	def is_small(text):
		return any(first.islower() for first in re.findall(r"\n[^\w{]*(\w)", text))

	assert not [text for text in EVERY if is_small(text)]
	assert not wrong(language, lambda _text, said: is_small(said))


def test_demo_clinic_speaks_every_language(language):
	"""UI-1: all that its records say, each text once."""
	said = {each.id: each.string for each in texts.catalogue(language, texts.DEMO) if each.id}
	assert set(said) == set(texts.of_the_demo())
	assert not [text for text in said.values() if not text.strip()]


def test_there_are_no_plural_entries(language):
	"""UI-1: Frappe 15 can't read them; a text with a number reads right with any."""
	assert all(isinstance(text, str) for text in translations(language))
