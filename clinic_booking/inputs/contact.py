"""How a person is reached, and who comes (IN-2, IN-3)."""

import re
from typing import Annotated, Any, Literal

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from clinic_booking.errors import Validation, _
from clinic_booking.inputs.instants import Timezone
from clinic_booking.inputs.model import Model, refused
from clinic_booking.inputs.text import Name, Note, cleaned

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}", re.ASCII)


def _email(value: Any) -> str:
	message = _("Please give one valid e-mail address.")
	text = cleaned(value, 254, message)
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
	text = cleaned(value, 40, NO_PHONE)
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


def _language(value: Any) -> str:
	if not (isinstance(value, str) and LANGUAGE.fullmatch(value)):
		raise refused(_("This is not a language code."))
	return value.replace("_", "-")


Language = Annotated[str, BeforeValidator(_language)]
"""A language code like "ro" or "pt-BR"."""

Channel = Literal["email", "sms", "whatsapp", "push"]


class PatientDetails(Model):
	"""Who comes, as typed into the form (BK-1). The phone is raw: `e164` with the clinic's country."""

	name: Name
	email: Email
	phone: Phone
	note: Note | None = None
	language: Language | None = None
	channel: Channel | None = None
	timezone: Timezone | None = None
