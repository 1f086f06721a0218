"""The Jinja environment of the public pages, made once a process and language.

Not Frappe's: that one makes a sandbox with some hundred globals for each page. Ours escapes
everything, refuses what a view forgot to give, and knows the filters below. The page's own texts are
translated when a template is compiled: a page has more than a hundred, a quarter of its cost.
"""

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes, pass_context
from jinja2.visitor import NodeTransformer

from clinic_booking.pages import addresses, formats

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


def make(translate: Callable[[str], str]) -> Environment:
	"""An environment for pages in one language, which they are told as `language` besides.

	Templates import each other with context, so what they import can't be kept from one page to the next.
	"""
	environment = TranslatedEnvironment(
		loader=FileSystemLoader(TEMPLATES),
		autoescape=True,
		undefined=StrictUndefined,
		trim_blocks=True,
		lstrip_blocks=True,
		auto_reload=False,
	)
	environment.translate = translate
	environment.globals.update(addresses=addresses, _=translate)
	environment.filters.update(
		clock=formats.clock,
		initials=formats.initials,
		in_zone=formats.in_zone,
		is_free=formats.is_free,
		offset=formats.offset,
		phone=formats.phone,
		place=formats.place,
		day_month=_in_language(formats.day_month),
		language_names=_in_language(formats.language_names),
		full_date=_in_language(formats.full_date),
		long_date=_in_language(formats.long_date),
		money=_in_language(formats.money),
		month=_in_language(formats.month),
		rating=_in_language(formats.rating),
		short_date=_in_language(formats.short_date),
		weekday=_in_language(formats.weekday),
		zone_city=_in_language(formats.zone_city),
	)
	return environment


def _in_language(filter_: Callable) -> Callable:
	@pass_context
	def filtered(context, value):
		return filter_(value, context["language"])

	return filtered
