"""What people type into forms or send by REST, held to the rules of the public door (SE-3)."""

import frappe
from frappe import _
from pydantic import TypeAdapter, ValidationError

from clinic_booking.inputs import fields_of


def checks(**kinds) -> dict[str, TypeAdapter]:
	"""For `check`: fields, each with its type of `inputs`."""
	return {field: TypeAdapter(kind) for field, kind in kinds.items()}


def check(document, checks: dict[str, TypeAdapter], before=None) -> None:
	"""Make of each field that is filled, and other than `before`, what is stored; refuse what can't be taken."""
	for field, kind in checks.items():
		value = document.get(field)
		if not value or (before and before.get(field) == value):
			continue
		try:
			document.set(field, kind.validate_python(value))
		except ValidationError as error:
			refuse(document, field, fields_of(error)["body"])


def refuse(document, field: str, message: str) -> None:
	"""Say it with the field's label."""
	frappe.throw(_("{0}: {1}").format(_(document.meta.get_label(field)), _(message)))
