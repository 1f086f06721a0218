"""What the races have in common."""

from collections import Counter

import frappe

# A twin is tried this often until its race shows itself.
TRIES = 20


def outcomes(answers) -> Counter:
	"""How often each outcome came: 200, or the code of an error."""
	return Counter(answer.outcome for answer in answers)


def rows(doctype: str) -> int:
	"""How many there are, as committed."""
	frappe.db.rollback()
	return frappe.db.count(doctype)


def seen(race) -> bool:
	"""Whether a twin shows its race, `race(attempt)`, within its tries."""
	return any(race(attempt) for attempt in range(TRIES))


def read_something() -> None:
	"""From here on this transaction sees the world as it is now."""
	frappe.db.rollback()
	frappe.db.get_value("Clinic", {}, "name")
