"""How a use case runs: in a transaction of its own, tried again when the database asks for it.

A use case starts with the locks (`claims.lock_doctors`), so that everything it reads afterwards is newer than
the last writer of the same time; docs/claims.md tells the whole discipline.
"""

import hashlib
from collections.abc import Callable
from typing import TypeVar

import frappe

from clinic_booking.booking.claims import LOCK_WAIT_SECONDS
from clinic_booking.errors import Unavailable

TRIES = 4

Result = TypeVar("Result")


class DoctorChanged(Exception):
	"""What was looked up before the locks belongs to another doctor by now: look again, lock again."""


def run(use_case: Callable[..., Result], *args, on: Callable | None = None, **kwargs) -> Result:
	"""Run `use_case` in a fresh transaction and return what it returns; the caller commits.

	`on` looks up the request or appointment that it is about: its name and doctor come first among the
	arguments, looked up anew for every try, since the use case can only lock the doctor it was told.

	Rolls back whatever the connection had open, so call it before anything else is written. Deadlocks
	(1213), snapshot conflicts (1020) and lock time-outs (1205) are tried again, three times; then
	`Unavailable`. Any other error leaves the transaction open, for the caller to roll back.
	"""
	for _attempt in range(TRIES):
		found = on and on()
		# Looking read, and a read opens the snapshot: the locks must come first.
		frappe.db.rollback()
		frappe.flags.locks_came_first = True
		try:
			return use_case(*((found.name, found.doctor) if found else ()), *args, **kwargs)
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError, DoctorChanged):
			frappe.db.rollback()
		finally:
			frappe.flags.locks_came_first = False
	raise Unavailable


def require_same(doctor: str, record) -> None:
	"""`DoctorChanged` unless the record, now locked, is still the doctor's whose row was locked for it."""
	if record.doctor != doctor:
		raise DoctorChanged


def one_at_a_time(*words: str) -> None:
	"""Wait for other calls about the same words (a contact, a browser); before `run`, where no row can be locked.

	MariaDB's named locks, let go by `let_others_in`, or when the request's connection closes. Where they don't reach (several
	database nodes) two calls at once may both be first.
	"""
	names = sorted(hashlib.sha256(f"{frappe.local.site} {word}".encode()).hexdigest() for word in set(words))
	locks = ", ".join(["GET_LOCK(%s, %s)"] * len(names))
	frappe.db.sql(f"SELECT {locks}", [value for name in names for value in (name, LOCK_WAIT_SECONDS)])


def let_others_in() -> None:
	"""Let go of what `one_at_a_time` holds: after the commit, before something outside that may take seconds."""
	frappe.db.sql("DO RELEASE_ALL_LOCKS()")
