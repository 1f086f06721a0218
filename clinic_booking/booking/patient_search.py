"""A patient found in one box: part of name, phone or birth date (PT-6), among those one may see (SE-1)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

import frappe

from clinic_booking.booking import patients

FIELDS = ["name", "patient_name", "phone", "email", "birth_date"]
LEAST_DIGITS = 3
YEAR_FIRST = re.compile(r"((?:19|20)\d\d)(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
DAY_FIRST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})", re.ASCII)


@dataclass(frozen=True)
class Words:
	"""What was typed, taken apart: words of a name, an e-mail, and what is neither (a phone, a date)."""

	name: str
	email: str
	number: str


def words_of(text: str) -> Words:
	"""Take a search apart; letters make a name, an @ an e-mail, digits and signs the rest."""
	parts = text.split()
	emails = [part for part in parts if "@" in part]
	names = [part for part in parts if part not in emails and any(c.isalpha() for c in part)]
	rest = [part for part in parts if part not in emails and part not in names]
	return Words(" ".join(names), emails[0] if emails else "", " ".join(rest))


def find(words: Words, limit: int) -> list[dict]:
	"""Patients whom the user may see and who fit every word, by name; `shape`s."""
	filters = [["status", "=", "Active"]]
	filters += [["patient_name", "like", f"%{word}%"] for word in words.name.split()]
	if words.email:
		filters.append(["email", "like", f"%{words.email}%"])
	either = _phone_or_date(words.number)
	if len(filters) == 1 and not either:
		return []
	rows = frappe.get_list(
		"Clinic Patient",
		filters=filters,
		or_filters=either,
		fields=FIELDS,
		order_by="patient_name, name",
		limit_page_length=limit,
	)
	return [_shape(row) for row in rows]


def is_known_elsewhere(contact: patients.Contact) -> bool:
	"""Whether somebody of this very name has this very phone or e-mail, at whatever clinic (SE-1).

	No more is told: who books for them types what they know, and `patients.recognise_or_create` finds them.
	"""
	return patients.recognise(contact) is not None


def _phone_or_date(number: str) -> list[list]:
	"""What digits may be: part of a phone, or of a birth date as people write it."""
	either = []
	if born := _born(number):
		either.append(["birth_date", "between", born])
	digits = re.sub(r"\D", "", number).lstrip("0")
	if len(digits) >= LEAST_DIGITS:
		either.append(["phone", "like", f"%{digits}%"])
	return either


def _born(number: str) -> tuple[date, date] | None:
	"""The first and last birth date that is meant: a day, or a month or year from the front of one."""
	if day := DAY_FIRST.fullmatch(number):
		number = "-".join(reversed([f"{int(part):02}" for part in day.groups()]))
	if not (found := YEAR_FIRST.fullmatch(number)):
		return None
	year, month, day = (int(part) if part else None for part in found.groups())
	try:
		first = date(year, month or 1, day or 1)
		last = first if day else date(year, month or 12, monthrange(year, month or 12)[1])
	except ValueError:
		return None
	return first, last


def _shape(row: dict) -> dict:
	return {
		"patient": row.name,
		"name": row.patient_name,
		"phone": row.phone or None,
		"email": row.email or None,
		"birth_date": row.birth_date and row.birth_date.isoformat(),
	}
