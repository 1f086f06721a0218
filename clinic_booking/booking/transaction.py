"""How a use case runs: in a transaction of its own, tried again when the database asks for it.

A use case starts with the locks (`claims.lock_doctors`), so that everything it reads afterwards is newer than
the last writer of the same time; docs/claims.md tells the whole discipline.
"""

from collections.abc import Callable
from typing import TypeVar

import frappe

from clinic_booking.errors import Unavailable

TRIES = 4

Result = TypeVar("Result")


def run(use_case: Callable[..., Result], *args, **kwargs) -> Result:
	"""Run `use_case` in a fresh transaction and return what it returns; the caller commits.

	Rolls back whatever the connection had open, so call it before anything else is written. Deadlocks
	(1213), snapshot conflicts (1020) and lock time-outs (1205) are tried again, three times; then
	`Unavailable`. Any other error leaves the transaction open, for the caller to roll back.
	"""
	for _attempt in range(TRIES):
		frappe.db.rollback()
		try:
			return use_case(*args, **kwargs)
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			continue
	frappe.db.rollback()
	raise Unavailable
