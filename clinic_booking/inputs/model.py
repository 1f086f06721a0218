"""What all types of input share: groups of fields, and what is said when a value can't be taken."""

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from clinic_booking.errors import _

TEXT = "text"

MUST_BE_TEXT = _("This must be text.")
NOT_VALID = _("This is not valid.")
UNKNOWN = _("This is not known here.")
MESSAGES = {
	"missing": _("This is missing."),
	"extra_forbidden": UNKNOWN,
	"string_type": MUST_BE_TEXT,
	"int_type": _("This must be a whole number."),
	"bool_type": _("This must be true or false."),
	"literal_error": _("This is not one of the choices."),
	"list_type": _("This must be a list."),
	"dict_type": _("This must be a group of fields."),
	"model_type": _("This must be a group of fields."),
	"model_attributes_type": _("This must be a group of fields."),
	"greater_than": _("This is too small."),
	"greater_than_equal": _("This is too small."),
	"less_than": _("This is too large."),
	"less_than_equal": _("This is too large."),
	"string_too_long": _("This is too long."),
	"string_too_short": _("This is too short."),
	"too_long": _("These are too many."),
	"too_short": _("These are too few."),
}
OURS = "clinic_booking"


class Model(BaseModel):
	"""A group of fields: all known, each of its very type."""

	model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def refused(message: str) -> PydanticCustomError:
	"""Our own sentence as a reason; braces in it are not a template."""
	return PydanticCustomError(OURS, "{message}", {"message": message})


def fields_of(error: ValidationError) -> dict[str, str]:
	"""pydantic's findings as `{argument: sentence}`; `patient.name` is the name inside patient."""
	fields = {}
	for finding in error.errors(include_url=False, include_input=False)[:20]:
		argument = ".".join(str(part)[:80] for part in finding["loc"]) or "body"
		kind = finding["type"]
		message = finding["ctx"]["message"] if kind == OURS else MESSAGES.get(kind, NOT_VALID)
		fields.setdefault(argument, message)
	return fields
