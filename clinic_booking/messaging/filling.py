"""Texts with `{{ names }}` in them, filled in: only what is listed here, and nothing that could run (IN-6).

A text is Jinja in its sandbox, of which it may use `{{ name }}` and `{% if name %}` alone. What is filled in is one
line each and never read as a text itself.
"""

import re
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

NAMES = frozenset(
	{
		*("name", "clinic", "doctor", "service", "reference", "link", "phone"),
		*("date", "time", "when", "where", "until", "price", "amount"),
	}
)
# `Hello {{ name }},` and `Hola, {{ name }}:` are `Hello,` and `Hola:` to who has none.
GREETED = re.compile(r",? *\{\{ *name *\}\}")
ALLOWED = (
	nodes.Template,
	nodes.Output,
	nodes.TemplateData,
	nodes.Name,
	nodes.If,
	nodes.Not,
	nodes.And,
	nodes.Or,
)


class BrokenText(Exception):
	"""It is no text that can be filled in. `problem`: what is wrong with it, in its own words; `line`, from 1."""

	def __init__(self, problem: str, line: int):
		super().__init__()
		self.problem, self.line = problem, line


_sandbox = ImmutableSandboxedEnvironment(
	undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False
)


def check(text: str) -> None:
	"""Raises `BrokenText` for what could not be filled in."""
	try:
		tree = _sandbox.parse(text)
	except TemplateError as error:
		raise BrokenText(error.message or type(error).__name__, getattr(error, "lineno", 1)) from error
	for node in _all(tree):
		if not isinstance(node, ALLOWED):
			raise BrokenText(type(node).__name__, node.lineno)
		if isinstance(node, nodes.Name) and node.name not in NAMES:
			raise BrokenText(node.name, node.lineno)


def fill(text: str, values: dict[str, str]) -> str:
	"""The text with `values` (all of `NAMES`) in it. Raises `BrokenText`."""
	check_once(text)
	if not values["name"]:
		text = GREETED.sub("", text)
	try:
		return _compiled(text).render({name: one_line(value) for name, value in values.items()}).strip()
	except TemplateError as error:
		raise BrokenText(type(error).__name__, 1) from error


def one_line(value: str) -> str:
	"""Without line breaks, which would end a header, a line of a message or a paragraph (ME-11)."""
	return " ".join(value.split())


@lru_cache(maxsize=512)
def check_once(text: str) -> None:
	check(text)


@lru_cache(maxsize=512)
def _compiled(text: str) -> Template:
	return _sandbox.from_string(text)


def _all(tree: nodes.Node):
	yield tree
	for child in tree.iter_child_nodes():
		yield from _all(child)
