"""Texts of the clinic and what is filled into them: neither can run, and neither breaks a line (IN-6, ME-11)."""

import pytest

from clinic_booking.messaging import filling, shipped
from clinic_booking.messaging.filling import NAMES, BrokenText

VALUES = dict.fromkeys(NAMES, "x")
TEXTS = [text for family in shipped.FAMILIES.values() for pair in family.values() for text in pair]


@pytest.mark.parametrize("text", TEXTS)
def test_every_shipped_text_can_be_filled_in(text):
	"""NT-6: by the same rules as the clinic's own."""
	filling.check(text)
	assert "{{" not in filling.fill(text, VALUES)


@pytest.mark.parametrize(
	"braces", ["{{ 7 * 7 }}", "{{ link }}", "{% for x in y %}", "{{ ''.__class__ }}", "{#", "}}"]
)
def test_braces_in_a_name_stay_braces(braces):
	"""IN-6: what is filled in is never read as a text."""
	assert filling.fill("Hello {{ name }}!", VALUES | {"name": braces}) == f"Hello {braces}!"


@pytest.mark.parametrize(
	"text",
	[
		*("{{ seed }}", "{{ name.__class__ }}", "{{ name | upper }}", "{{ 'x' * 10 ** 9 }}", "{{ name() }}"),
		*("{% for n in name %}{% endfor %}", "{% set name = 1 %}", "{% include 'x' %}", "{{ name[0] }}"),
		*("{{ name", "{% if name %}", "{% unknown %}", "{{ 'name' }}", "{{ name ~ name }}"),
	],
)
def test_whatever_else_a_text_tries_is_refused(text):
	"""IN-6, ME-10: nothing but the names that are listed, and whether they are there."""
	with pytest.raises(BrokenText):
		filling.check(text)
	with pytest.raises(BrokenText):
		filling.fill(text, VALUES)


def test_problem_and_line_are_told():
	"""NT-6: so that whoever wrote it finds it."""
	with pytest.raises(BrokenText) as refused:
		filling.check("Hello\n\n{{ nmae }}")
	assert (refused.value.problem, refused.value.line) == ("nmae", 3)


def test_what_may_be_missing_can_be_asked_for():
	"""NT-6: `{% if until %}`."""
	text = "{{ name }}{% if until and not phone %} until {{ until }}{% endif %}"
	assert filling.fill(text, VALUES | {"phone": ""}) == "x until x"
	assert filling.fill(text, VALUES) == "x"


@pytest.mark.parametrize(
	"text, greeted",
	[
		("Hello {{ name }},\n\nyour visit", "Hello,\n\nyour visit"),
		("Bună ziua, {{name}},", "Bună ziua,"),
		("Hola, {{ name }}:", "Hola:"),
		("Hello\n{{ name }}", "Hello"),
	],
)
def test_who_has_no_name_is_greeted_without(text, greeted):
	"""NT-6: in every language, and in the clinic's own words."""
	assert filling.fill(text, VALUES | {"name": ""}) == greeted


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x85"])
def test_line_breaks_in_names_are_spaces(line_break):
	"""ME-11: none starts a paragraph, a header or a line of its own."""
	assert filling.fill("Hello {{ name }}", VALUES | {"name": f"Ana{line_break}Bcc: x"}) == "Hello Ana Bcc: x"
