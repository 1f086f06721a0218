"""A function's signature as a pydantic model, made once (design.md, The public door). Pure."""

import inspect
import json
from collections.abc import Callable
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, create_model

from clinic_booking.errors import Validation, _
from clinic_booking.inputs import Model


def arguments_of(function: Callable) -> type[Model]:
	"""The model of a function's arguments, from its signature; every one must be typed."""
	hints = get_type_hints(function, include_extras=True)
	fields: dict[str, Any] = {}
	for name, parameter in inspect.signature(function).parameters.items():
		if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) or name not in hints:
			raise TypeError(f"{function.__qualname__}: every argument has a name and a type, {name} has not")
		required = parameter.default is parameter.empty
		fields[name] = (hints[name], ... if required else parameter.default)
	return create_model(function.__name__, __base__=Model, **fields)


@cache
def structured_in(arguments: type[Model]) -> frozenset[str]:
	"""The arguments that are lists or groups: as text (a form) they are written in JSON."""

	def is_structured(kind: Any) -> bool:
		if get_origin(kind) in (list, tuple, dict) or kind in (list, tuple, dict):
			return True
		if isinstance(kind, type):
			return issubclass(kind, BaseModel)
		return any(is_structured(part) for part in get_args(kind))

	return frozenset(name for name, info in arguments.model_fields.items() if is_structured(info.annotation))


def from_text(arguments: type[Model], values: dict[str, Any]) -> dict[str, Any]:
	"""An empty field is none, as forms send them; lists and groups come as JSON."""
	structured = structured_in(arguments)
	found: dict[str, Any] = {}
	for name, value in values.items():
		if value == "" and name in arguments.model_fields:
			continue
		if name in structured and isinstance(value, str):
			try:
				value = json.loads(value)
			except (ValueError, RecursionError):
				raise Validation(fields={name: _("This must be JSON.")}) from None
		found[name] = value
	return found
