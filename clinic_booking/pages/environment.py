"""The one Jinja environment of the public pages, made once a process.

Not Frappe's: that one makes a sandbox with some hundred globals for each page. Ours escapes
everything, refuses what a view forgot to give, and knows the filters below.
"""

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context

from clinic_booking.pages import addresses, formats

TEMPLATES = Path(__file__).parent / "templates"


def make() -> Environment:
	"""An environment for pages that are given `language` and, to translate into it, `_`.

	Templates import each other with context, so neither can be kept from one page to the next.
	"""
	environment = Environment(
		loader=FileSystemLoader(TEMPLATES),
		autoescape=True,
		undefined=StrictUndefined,
		trim_blocks=True,
		lstrip_blocks=True,
		auto_reload=False,
	)
	environment.globals.update(addresses=addresses)
	environment.filters.update(
		clock=formats.clock,
		initials=formats.initials,
		in_zone=formats.in_zone,
		is_free=formats.is_free,
		offset=formats.offset,
		phone=formats.phone,
		place=formats.place,
		full_date=_in_language(formats.full_date),
		long_date=_in_language(formats.long_date),
		money=_in_language(formats.money),
		month=_in_language(formats.month),
		rating=_in_language(formats.rating),
		short_date=_in_language(formats.short_date),
		zone_city=_in_language(formats.zone_city),
	)
	return environment


def _in_language(filter_: Callable) -> Callable:
	@pass_context
	def filtered(context, value):
		return filter_(value, context["language"])

	return filtered
