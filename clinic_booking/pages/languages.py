"""The languages that the pages are written in, and the same page in each of them (UI-1).

Frappe finds a visitor's language by `_lang` in the address, the cookie `preferred_language`, the browser's
languages, or the account. A link here names it in the address; the page it leads to keeps it in the cookie.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from clinic_booking.formats import locale_of

LOCALE = Path(__file__).parent.parent / "locale"
ORIGINAL = "en"
WRITTEN = (ORIGINAL, *sorted(path.stem for path in LOCALE.glob("*.po")))
PARAMETER = "_lang"
COOKIE = "preferred_language"
KEPT_SECONDS = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class InLanguage:
	"""A page in another language: its code, its name in itself, the address from the root."""

	code: str
	name: str
	address: str


def choices(path: str, query: Mapping[str, str]) -> list[InLanguage]:
	"""The page at `path` (no slash in front) and `query` in every language."""
	kept = {name: value for name, value in query.items() if name != PARAMETER}
	return [
		InLanguage(code, _name(code), f"/{path}?{urlencode(kept | {PARAMETER: code})}") for code in WRITTEN
	]


def chosen(query: Mapping[str, str]) -> str | None:
	"""The language that an address names, of whatever country ("ro-MD"), if it is one of ours."""
	code = re.split("[-_]", query.get(PARAMETER, ""))[0]
	return code if code in WRITTEN else None


@lru_cache(maxsize=64)
def _name(code: str) -> str:
	name = locale_of(code).get_display_name()
	return name[:1].upper() + name[1:]
