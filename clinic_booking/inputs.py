"""The types of what callers send (SE-3). Pure: pydantic, email-validator and phonenumbers, no Frappe.

Longer is refused, never cut; what comes out is what is stored. The context "text" says that every value
came as text (a query string or a form), so that "20" may be the number 20; JSON has types of its own,
and there it may not.

Text is brought to Unicode NFC and trimmed. Marks that turn the direction of what follows (U+202A to
U+202E, U+2066 to U+2069) are taken out: nobody sees them in a field or types them on purpose, they come
along when copying from an address book, and on the desk they would make a name read as another.
The plain marks (U+200E, U+200F, U+061C), which only help neighbours to order, stay.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import (
	AfterValidator,
	BaseModel,
	BeforeValidator,
	ConfigDict,
	Field,
	ValidationError,
	ValidationInfo,
)
from pydantic_core import PydanticCustomError

from clinic_booking.errors import NotFound, Validation, _

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

DIRECTION_MARKS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# Letters and symbols by their class that show nothing: Hangul fillers and the empty Braille pattern.
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Control characters, line and paragraph separators, and halves of UTF-16 pairs, which UTF-8 can't carry.
UNPRINTABLE = frozenset(("Cc", "Cs", "Zl", "Zp"))


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


# -- text ------------------------------------------------------------------------------------------


def _cleaned(value: Any, longest: int, message: str, breaks: bool = False) -> str:
	"""`value` in NFC, trimmed, without direction marks; refused when unprintable or longer."""
	if not isinstance(value, str):
		raise refused(MUST_BE_TEXT)
	# NFC never makes it shorter than a quarter: what is longer is too long whatever it holds.
	if len(value) > 4 * longest + 100:
		raise refused(message)
	text = value.translate(DIRECTION_MARKS)
	if breaks:
		text = text.replace("\r\n", "\n").replace("\r", "\n")
	if not text.isascii():
		text = unicodedata.normalize("NFC", text)
	text = text.strip()
	if any(
		unicodedata.category(letter) in UNPRINTABLE for letter in text if not (breaks and letter in "\n\t")
	):
		raise refused(_("This contains characters that cannot be used here."))
	if len(text) > longest:
		raise refused(message)
	return text


def _name(value: Any) -> str:
	message = _("Please give a name of 2 to 140 characters.")
	text = _cleaned(value, 140, message)
	# Accents ride on the letter before them; format characters and blanks show nothing.
	visible = sum(unicodedata.category(letter)[0] not in "CMZ" and letter not in BLANKS for letter in text)
	if visible < 2:
		raise refused(message)
	return text


def _text(longest: int, message: str, breaks: bool = False, shortest: int = 0) -> BeforeValidator:
	def checked(value: Any) -> str:
		text = _cleaned(value, longest, message, breaks)
		if len(text) < shortest:
			raise refused(MESSAGES["missing"])
		return text

	return BeforeValidator(checked)


Name = Annotated[str, BeforeValidator(_name)]
"""A person's name: 2 to 140 visible characters, of any script; no control characters or line breaks."""

Note = Annotated[str, _text(2000, _("Please use at most 2,000 characters."), breaks=True)]
"""What a patient writes when booking: at most 2,000 characters, line breaks as "\\n"; may be empty."""

Reason = Annotated[str, _text(500, _("Please use at most 500 characters."), breaks=True)]
"""Why: at most 500 characters; may be empty."""

Search = Annotated[str, _text(140, _("Please use at most 140 characters."))]
"""Words to look for: at most 140 characters; may be empty."""

RecordName = Annotated[str, _text(140, NOT_VALID, shortest=1)]
"""The name of a doctor, service, clinic … as our calls return it: 1 to 140 characters."""

Slug = Annotated[str, _text(140, NOT_VALID, shortest=1)]
"""A doctor's part of an address: 1 to 140 characters."""


def line(longest: int, shortest: int = 0) -> Any:
	"""A type for one line of text of at most `longest` characters."""
	return Annotated[str, _text(longest, MESSAGES["string_too_long"], shortest=shortest)]


# -- contact ---------------------------------------------------------------------------------------


def _email(value: Any) -> str:
	message = _("Please give one valid e-mail address.")
	text = _cleaned(value, 254, message)
	try:
		# Whether mail arrives shows later; a clinic trying things out uses .test.
		email = validate_email(text, check_deliverability=False, allow_smtputf8=False, test_environment=True)
	except EmailNotValidError:
		raise refused(message) from None
	# The ASCII form of the domain: Frappe and most mail servers take no other.
	address = f"{email.local_part}@{email.ascii_domain}"
	if "." not in email.ascii_domain or len(address) > 254 or len(email.local_part) > 64:
		raise refused(message)
	return address


Email = Annotated[str, BeforeValidator(_email)]
"""One e-mail address, at most 254 characters; the domain in lower case and ASCII (IDN as xn--…)."""

NO_PHONE = _("Please give a valid phone number, with the country code if it is a foreign one.")


def _phone(value: Any) -> str:
	text = _cleaned(value, 40, NO_PHONE)
	if any(letter.isalpha() for letter in text) or sum(letter.isdigit() for letter in text) < 3:
		raise refused(NO_PHONE)
	return text


Phone = Annotated[str, BeforeValidator(_phone)]
"""A phone number as typed: digits of any script and signs, no letters, no extension. See `e164`."""


def e164(text: str, country: str | None, argument: str = "patient.phone") -> str:
	"""A typed number as E.164 ("+40712345678"); without + or 00 it is one of `country` (ISO 3166, "ro").

	Lengths are checked, not whether the number was ever given out: numbering plans change faster than
	the library, and refusing a real number loses a patient. Raises `Validation` naming `argument`.
	"""
	try:
		_phone(text)
		number = phonenumbers.parse(text, country and country.upper())
	except (phonenumbers.NumberParseException, PydanticCustomError):
		raise Validation(fields={argument: NO_PHONE}) from None
	possible = phonenumbers.is_possible_number_with_reason(number)
	if number.extension or possible != phonenumbers.ValidationResult.IS_POSSIBLE:
		raise Validation(fields={argument: NO_PHONE})
	return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


# -- time ------------------------------------------------------------------------------------------

INSTANT = re.compile(
	r"(\d{4}-\d\d-\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(?:[Zz]|([+-])(\d\d):?(\d\d))", re.ASCII
)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NO_INSTANT = _("Please give date, time and offset, like 2026-03-02T09:00:00+02:00.")
NO_DATE = _("Please give a date like 2026-03-02.")
# A year is left at either end, so that whoever adds days or hours can't fall off the calendar.
FIRST_YEAR, LAST_YEAR = 2, 9998


def _instant(value: Any) -> datetime:
	found = INSTANT.fullmatch(value) if isinstance(value, str) else None
	if not found:
		raise refused(NO_INSTANT)
	day, hour, minute, second, fraction, sign, hours, minutes = found.groups()
	try:
		if sign and int(minutes) > 59:
			raise ValueError
		offset = timedelta(hours=int(hours), minutes=int(minutes)) if sign else timedelta(0)
		local = datetime(
			*map(int, day.split("-")),
			int(hour),
			int(minute),
			int(second or 0),
			int((fraction or "").ljust(6, "0")),
			tzinfo=timezone(-offset if sign == "-" else offset),
		)
		instant = local.astimezone(timezone.utc)
	except (ValueError, OverflowError):
		raise refused(NO_INSTANT) from None
	if not FIRST_YEAR <= instant.year <= LAST_YEAR:
		raise refused(NO_INSTANT)
	return instant


def _date(value: Any) -> date:
	if not (isinstance(value, str) and DATE.fullmatch(value)):
		raise refused(NO_DATE)
	try:
		day = date(*map(int, value.split("-")))
	except ValueError:
		raise refused(NO_DATE) from None
	if not FIRST_YEAR <= day.year <= LAST_YEAR:
		raise refused(NO_DATE)
	return day


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
	return frozenset(available_timezones())


def _zone(value: Any) -> str:
	if not (isinstance(value, str) and value in _zones()):
		raise refused(_("This is not the name of a time zone."))
	return value


Instant = Annotated[datetime, BeforeValidator(_instant)]
"""ISO 8601 with offset or Z, to the microsecond; comes out as an aware datetime in UTC (TI-9)."""

Date = Annotated[date, BeforeValidator(_date)]
"""YYYY-MM-DD."""

Timezone = Annotated[str, BeforeValidator(_zone)]
"""The IANA name of a zone."""


# -- the rest --------------------------------------------------------------------------------------

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}", re.ASCII)
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}", re.ASCII)
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


def _language(value: Any) -> str:
	if not (isinstance(value, str) and LANGUAGE.fullmatch(value)):
		raise refused(_("This is not a language code."))
	return value.replace("_", "-")


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

Language = Annotated[str, BeforeValidator(_language)]
"""A language code like "ro" or "pt-BR"."""

Channel = Literal["email", "sms", "whatsapp", "push"]

Number = Annotated[int, BeforeValidator(_number), Field(ge=-999_999_999, le=999_999_999)]
"""A whole number; narrow it with `Annotated[Number, Field(ge=0, le=50)]`."""

Flag = Annotated[bool, BeforeValidator(_flag)]
"""True or false; as text also 1 and 0."""

Amount = Annotated[Decimal, BeforeValidator(_amount)]
"""An amount of money as text, like "35.50": at most 9 digits before the point and 3 after it."""

Consent = Annotated[Flag, AfterValidator(_consent)]
"""True, and nothing else."""


class PatientDetails(Model):
	"""Who comes, as typed into the form (BK-1). The phone is raw: `e164` with the clinic's country."""

	name: Name
	email: Email
	phone: Phone
	note: Note | None = None
	language: Language | None = None
	channel: Channel | None = None
	timezone: Timezone | None = None
