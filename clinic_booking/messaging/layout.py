"""How an e-mail looks, and its twin in plain text. Plain values in, text out; no Frappe."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from clinic_booking.messaging.filling import one_line

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Page:
	"""What an e-mail shows: heading, body (paragraphs apart by an empty line), facts (name, value), one link.

	`brand`, `logo` (an address, or empty) and `accent` (a colour to be read on white) are the clinic's; `below` are
	the lines at its foot; `reason` why one gets it.
	"""

	language: str
	direction: str
	heading: str
	body: str
	facts: list[tuple[str, str]]
	link: str
	button: str
	brand: str
	logo: str
	accent: str
	below: list[str]
	reason: str


def text(page: Page) -> str:
	"""Whole by itself, for those who read no HTML."""
	facts = "\n".join(f"{name}: {one_line(value)}" for name, value in page.facts)
	below = "\n".join(map(one_line, page.below))
	parts = (page.body, facts, f"{page.button}:\n{page.link}", below, page.reason)
	return "\n\n".join(part for part in parts if part) + "\n"


def html(page: Page) -> str:
	"""The same as HTML that mail programs show: tables, styles at the elements, everything escaped (IN-4)."""
	paragraphs = [part.splitlines() for part in page.body.split("\n\n")]
	return _template().render(**vars(page), paragraphs=paragraphs)


@lru_cache(maxsize=1)
def _template() -> Template:
	environment = Environment(
		loader=FileSystemLoader(TEMPLATES),
		autoescape=True,
		undefined=StrictUndefined,
		trim_blocks=True,
		lstrip_blocks=True,
		auto_reload=False,
	)
	return environment.get_template("letter.html")
