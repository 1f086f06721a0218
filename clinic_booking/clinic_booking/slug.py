"""Readable addresses: names of clinics, specialties and services, and doctors' pages."""

import re
import unicodedata

import frappe

LONGEST = 100
PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# Letters that Unicode doesn't take apart into a base letter and an accent.
LETTERS = str.maketrans(
	{"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)


def slug_of(title: str) -> str:
	"""`title` as lower-case ASCII words with dashes; empty if it has no letter or digit to keep."""
	letters = unicodedata.normalize("NFKD", title.lower().translate(LETTERS))
	ascii_only = letters.encode("ascii", "ignore").decode()
	return re.sub(r"[^a-z0-9]+", "-", ascii_only.replace("'", ""))[:LONGEST].strip("-")


def is_slug(text: str) -> bool:
	return len(text) <= LONGEST and bool(PATTERN.fullmatch(text))


def free_slug(doctype: str, title: str, fieldname: str = "name") -> str:
	"""The slug of `title`, numbered (`-2`, `-3`, …) when another document has it.

	Two inserts at once may get the same: the unique key refuses the second.
	"""
	base = slug_of(title) or slug_of(doctype.split()[-1])
	taken = set(frappe.db.get_values(doctype, {fieldname: ("like", f"{base}%")}, fieldname, pluck=True) or [])
	if base not in taken:
		return base
	return next(f"{base}-{number}" for number in range(2, len(taken) + 3) if f"{base}-{number}" not in taken)
