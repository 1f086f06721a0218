"""Whatever colour a clinic chooses, its pages stay readable."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_booking.brand import DARK, LIGHT, brand, contrast, theme
from clinic_booking.pages.assets import PUBLIC

TOKENS = (PUBLIC / "css/tokens.css").read_text()
AA = 4.5
HALVES = TOKENS.split("@media (prefers-color-scheme: dark)")
colours = st.from_regex(r"\A#[0-9a-f]{6}\Z")


def parsed(text):
	digits = text.lstrip("#")
	return tuple(bytes.fromhex(digits if len(digits) == 6 else "".join(2 * each for each in digits)))


def colours_of(css):
	return {name: parsed(text) for name, text in re.findall(r"--clinic-([\w-]+): ?(#[0-9a-f]{3,6});", css)}


def schemes(accent):
	"""The colours of the light and the dark scheme with a clinic's accent in place."""
	css = theme(accent).replace(":#", ": #").replace("@media (prefers-color-scheme:dark)", "|")
	return [colours_of(tokens) | colours_of(own) for tokens, own in zip(HALVES, css.split("|"), strict=True)]


def assert_readable(scheme):
	for surface in ("paper", "card", "soft"):
		for text in ("accent", "accent-strong", "ink", "quiet"):
			assert contrast(scheme[text], scheme[surface]) >= AA, (text, surface)
	for accent in ("accent", "accent-strong"):
		assert contrast(scheme["on-accent"], scheme[accent]) >= AA


@given(accent=colours)
def test_any_accent_is_readable_in_both_schemes(accent):
	"""UI-1: WCAG 1.4.3 for every text on every surface, yellow and navy included."""
	for scheme in schemes(accent):
		assert_readable(scheme)


@pytest.mark.parametrize("half", HALVES, ids=["light", "dark"])
def test_our_own_colours_are_readable(half):
	"""UI-1: the same of the look that a clinic gets without choosing."""
	scheme = colours_of(half)
	assert_readable(scheme)
	for kind in ("good", "bad", "warn"):
		assert contrast(scheme[kind], scheme[f"{kind}-soft"]) >= AA
	assert contrast(scheme["bad"], scheme["card"]) >= AA
	for part in ("edge", "focus"):
		assert contrast(scheme[part], scheme["card"]) >= 3


@pytest.mark.parametrize(("half", "scheme"), zip(HALVES, (LIGHT, DARK), strict=True), ids=["light", "dark"])
def test_surfaces_are_those_of_the_styles(half, scheme):
	"""UI-1: contrast is computed against what is really there."""
	tokens = colours_of(half)
	assert (scheme.paper, scheme.card) == (tokens["paper"], tokens["card"])


def test_readable_accent_stays_as_chosen():
	"""UI-1: a clinic's colour is changed only as far as it must be."""
	assert "--clinic-accent:#0b3d91;" in theme("#0b3d91").partition("@media")[0]


@pytest.mark.parametrize("accent", ["", "red", "#12", "#12345g", "#fff;}body{display:none", "url(x)"])
def test_what_is_no_colour_is_no_style(accent):
	"""IN-4: nothing but a colour gets into the page's styles."""
	assert brand("Sunrise", "", "", accent).theme == ""
