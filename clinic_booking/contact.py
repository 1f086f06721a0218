"""Phone numbers and e-mail addresses: as people type them, and as they are kept. Knows no Frappe."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

LONGEST_EMAIL = 254


def phone_as_kept(typed: str, country: str | None) -> str:
	"""A phone number in E.164 (`+40712345678`).

	`country` is the two-letter code whose numbers may be typed without `+`; None if there is none.
	Digits of any script are read. ValueError for what has no number's form (letters too), and for one with
	an extension, which E.164 can't hold.
	"""
	try:
		number = phonenumbers.parse(typed.strip(), country and country.upper())
	except phonenumbers.NumberParseException as error:
		raise ValueError("no phone number") from error
	# By length only: which ranges are in use changes faster than any table, and a patient turned away
	# for a new range is worse than a number that doesn't ring.
	possible = (
		phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
	)
	if number.extension or not possible or any(character.isalpha() for character in typed):
		raise ValueError("no phone number")
	return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_as_kept(typed: str) -> str:
	"""One e-mail address, its domain in lower case (what stands before the @ is the owner's business).

	ValueError for anything else. The network isn't asked.
	"""
	try:
		address = validate_email(typed.strip(), check_deliverability=False).normalized
	except EmailNotValidError as error:
		raise ValueError("no e-mail address") from error
	if len(address) > LONGEST_EMAIL:
		raise ValueError("no e-mail address")
	return address
