"""A clinic's own colour, made readable whichever it is (WCAG 1.4.3, UI-1). Standard library only.

Accents are text and buttons. In the light scheme a colour is darkened, in the dark one lightened, until it
reaches the contrast that text needs on every surface it may stand on.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

LEAST_CONTRAST = 4.6
"""4.5 is asked for; what browsers round is on our side."""

STEP = 0.02
TINT = 0.08
STRONGER = 0.25
BLACK, WHITE = (0, 0, 0), (255, 255, 255)

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Scheme:
	"""Surfaces of `tokens.css`, and where a colour goes to stand out from them."""

	paper: Colour
	card: Colour
	towards: Colour
	on_accent: Colour


LIGHT = Scheme(paper=(247, 249, 249), card=WHITE, towards=BLACK, on_accent=WHITE)
DARK = Scheme(paper=(16, 23, 25), card=(24, 33, 36), towards=WHITE, on_accent=(13, 27, 29))


@dataclass(frozen=True)
class Brand:
	"""What a clinic's pages show of it: empty where it chose nothing. `theme` is CSS, `theme_hash` for the CSP."""

	name: str = ""
	logo: str = ""
	welcome: str = ""
	theme: str = ""
	theme_hash: str = ""


@lru_cache(maxsize=64)
def brand(name: str, logo: str, welcome: str, accent: str) -> Brand:
	"""`accent`: `#rgb` or `#rrggbb`; anything else is no colour."""
	css = theme(accent)
	digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
	return Brand(name, logo, welcome, css, f"sha256-{digest}" if css else "")


def logo_of(settings) -> str:
	"""The address of the logo of Clinic Booking Settings for those who are not signed in, empty where there is none."""
	logo = settings.logo_picture or settings.logo or ""
	# A private file would be a broken picture.
	return logo if logo.startswith(("/files/", "/assets/", "https://")) else ""


def theme(accent: str) -> str:
	"""The accent's properties for both schemes as CSS, nothing for what is no colour."""
	if not re.fullmatch(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", accent):
		return ""
	light, dark = _properties(_parsed(accent), LIGHT), _properties(_parsed(accent), DARK)
	return f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def on_white(accent: str) -> str:
	"""The accent as text on white, and as a button with white text on it: `#rrggbb`. It must be a colour."""
	return f"#{bytes(_readable(_parsed(accent), (LIGHT.card,), LIGHT.towards)).hex()}"


def contrast(one: Colour, other: Colour) -> float:
	"""1 to 21, as WCAG 2.1 defines it."""
	darker, lighter = sorted((_luminance(one), _luminance(other)))
	return (lighter + 0.05) / (darker + 0.05)


def _properties(accent: Colour, scheme: Scheme) -> str:
	soft = _mixed(scheme.card, accent, TINT)
	readable = _readable(accent, (scheme.paper, scheme.card, soft, scheme.on_accent), scheme.towards)
	properties = {
		"accent": readable,
		"accent-strong": _mixed(readable, scheme.towards, STRONGER),
		"on-accent": scheme.on_accent,
		"soft": soft,
	}
	return "".join(f"--clinic-{name}:#{bytes(colour).hex()};" for name, colour in properties.items())


def _readable(colour: Colour, surfaces: tuple[Colour, ...], towards: Colour) -> Colour:
	"""The colour as little changed as these surfaces allow."""
	share = 0.0
	found = colour
	while min(contrast(found, surface) for surface in surfaces) < LEAST_CONTRAST and share < 1:
		share += STEP
		found = _mixed(colour, towards, min(share, 1))
	return found


def _mixed(colour: Colour, other: Colour, share: float) -> Colour:
	return tuple(round(one + (two - one) * share) for one, two in zip(colour, other, strict=True))


def _parsed(text: str) -> Colour:
	digits = text[1:] if len(text) == 7 else "".join(2 * digit for digit in text[1:])
	return tuple(bytes.fromhex(digits))


def _luminance(colour: Colour) -> float:
	red, green, blue = (_linear(part / 255) for part in colour)
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
	return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
