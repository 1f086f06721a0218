"""Numbers, amounts, yes and no, and what identifies a booking or a call."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from clinic_booking.errors import NotFound, _
from clinic_booking.inputs.model import MESSAGES, MUST_BE_TEXT, TEXT, refused

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}", re.ASCII)
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,3})?")
WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)
FLAGS = {"1": True, "true": True, "0": False, "false": False}


def _token(value: Any) -> str:
	if not isinstance(value, str):
		raise refused(MUST_BE_TEXT)
	if not TOKEN.fullmatch(value):
		# A token cut short must look like a stranger's.
		raise NotFound
	return value


def _request_id(value: Any) -> str:
	if not (isinstance(value, str) and UUID.fullmatch(value)):
		raise refused(_("This must be a UUID."))
	return value.lower()


def _number(value: Any, info: ValidationInfo) -> Any:
	if info.context == TEXT and isinstance(value, str) and WHOLE.fullmatch(value):
		return int(value)
	if type(value) is not int:
		raise refused(MESSAGES["int_type"])
	return value


def _flag(value: Any, info: ValidationInfo) -> Any:
	if info.context == TEXT and isinstance(value, str):
		value = FLAGS.get(value.lower(), value)
	if type(value) is not bool:
		raise refused(MESSAGES["bool_type"])
	return value


def _amount(value: Any) -> Decimal:
	if not (isinstance(value, str) and AMOUNT.fullmatch(value)):
		raise refused(_("This is no amount: write it like 35.50."))
	return Decimal(value)


def _consent(value: bool) -> bool:
	if not value:
		raise refused(_("Please agree before you go on."))
	return value


Token = Annotated[str, BeforeValidator(_token)]
"""The token of a booking. What can't be one is `NotFound`, as a wrong one is."""

RequestId = Annotated[str, BeforeValidator(_request_id)]
"""A UUID, in lower case."""

Number = Annotated[int, BeforeValidator(_number), Field(ge=-999_999_999, le=999_999_999)]
"""A whole number; narrow it with `Annotated[Number, Field(ge=0, le=50)]`."""

Flag = Annotated[bool, BeforeValidator(_flag)]
"""True or false; as text also 1 and 0."""

Amount = Annotated[Decimal, BeforeValidator(_amount)]
"""An amount of money as text, like "35.50": at most 9 digits before the point and 3 after it."""

Consent = Annotated[Flag, AfterValidator(_consent)]
"""True, and nothing else."""
