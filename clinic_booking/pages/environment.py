"""The Jinja environment of the public pages, made once a process and language.

Not Frappe's: that one makes a sandbox with some hundred globals for each page. Ours escapes
everything, refuses what a view forgot to give, and knows the filters below. The page's own texts are
translated when a template is compiled: a page has more than a hundred, a quarter of its cost.
"""

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer

from clinic_booking import formats
from clinic_booking.pages import addresses
from clinic_booking.pages.assets import Assets

TEMPLATES = Path(__file__).parent / "templates"


class TranslatedEnvironment(Environment):
	"""Compiles `_("a text")` to the text in one language; `_(what is computed)` stays a call."""

	translate: Callable[[str], str]

	def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
		return _Translator(self.translate).visit(super()._parse(source, name, filename))


class _Translator(NodeTransformer):
	def __init__(self, translate: Callable[[str], str]):
		self.translate = translate

	def visit_Call(self, node: nodes.Call) -> nodes.Node:
		self.generic_visit(node)
		name = isinstance(node.node, nodes.Name) and node.node.name
		if name == "_" and len(node.args) == 1 and isinstance(node.args[0], nodes.Const):
			return nodes.Const(self.translate(node.args[0].value), lineno=node.lineno)
		return node


def make(language: str, translate: Callable[[str], str], assets: Assets) -> Environment:
	"""An environment for pages in one language, which format dates and money as it does.

	What pages share are globals, so that templates import each other without their context: what is
	imported that way is made once.
	"""

	def in_language(filter_: Callable) -> Callable:
		return lambda value: filter_(value, language)

	environment = TranslatedEnvironment(
		loader=FileSystemLoader(TEMPLATES),
		autoescape=True,
		undefined=StrictUndefined,
		trim_blocks=True,
		lstrip_blocks=True,
		auto_reload=False,
	)
	environment.translate = translate
	environment.globals.update(
		_=translate,
		addresses=addresses,
		assets=assets,
		direction=formats.direction(language),
		language=language,
	)
	environment.filters.update(
		clock=formats.clock,
		initials=formats.initials,
		in_zone=formats.in_zone,
		is_free=formats.is_free,
		offset=formats.offset,
		phone=formats.phone,
		place=formats.place,
		day_month=in_language(formats.day_month),
		language_names=in_language(formats.language_names),
		full_date=in_language(formats.full_date),
		long_date=in_language(formats.long_date),
		money=in_language(formats.money),
		month=in_language(formats.month),
		rating=in_language(formats.rating),
		short_date=in_language(formats.short_date),
		weekday=in_language(formats.weekday),
		zone_city=in_language(formats.zone_city),
	)
	return environment
