"""Takes waiting rows one by one and has them worked; docs/outbox.md tells the discipline.

A DocType whose rows are worked has `outbox_status` (one of the three below), `attempts`, `due_at_utc`,
`started_at_utc`, `last_error`, and an index on the first and the third. Instants are UTC and the database's own.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import frappe
from frappe.utils.background_jobs import is_job_enqueued
from redis.exceptions import RedisError
from rq.timeouts import JobTimeoutException

from clinic_booking.error_log import places

WAITING, DONE, FAILED = "Waiting", "Done", "Failed"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# A day and a half in all.
WAITS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 12 * HOUR)
# The job queue ends what takes longer than five minutes.
SHIFT = 3 * MINUTE


class Later(Exception):
	"""Not now, and not the row's fault: try again after `wait`, which counts as no attempt."""

	def __init__(self, wait: timedelta):
		super().__init__()
		self.wait = wait


class Busy(Exception):
	"""An attempt that failed as others do; whoever was asked wants the next one no sooner than after `wait`."""

	def __init__(self, wait: timedelta):
		super().__init__()
		self.wait = wait


class Never(Exception):
	"""It can't be done, however often it is tried: give it up at once."""


class Superseded(Exception):
	"""The lease ended while the work went on, and somebody else has the row by now."""


@dataclass(frozen=True)
class Row:
	"""A leased row. `is_unknown`: an attempt before this one never said how it ended (its worker was killed)."""

	name: str
	attempt: int
	is_unknown: bool


def _nothing(row: Row, error: Exception) -> None:
	"""What most do when a row is to be tried again."""


@dataclass(frozen=True)
class Outbox:
	"""A DocType and what becomes of its rows.

	`work(row)` does one; what it writes is committed together with the row's end, once. `given_up(row,
	error)` is called in the transaction in which a row fails for good, `put_off(row, error)` in that in which
	it is to be tried again after an error. `waits` lie between the attempts; after
	`lease` without an end a row is anybody's again, so no work may take longer.
	"""

	doctype: str
	work: Callable[[Row], None]
	given_up: Callable[[Row, Exception], None]
	put_off: Callable[[Row, Exception], None] = _nothing
	waits: tuple[timedelta, ...] = WAITS
	lease: timedelta = 10 * MINUTE

	@property
	def table(self) -> str:
		return f"`tab{self.doctype}`"

	@property
	def attempts(self) -> int:
		"""How often a row is tried before it is given up."""
		return len(self.waits) + 1


def work_off(outbox: Outbox, most: int = 1000, longest: timedelta = SHIFT) -> int:
	"""Work rows that are due, `most` at a time; returns how many were done. Leaves no transaction open.

	After `longest` no further row is begun: a job that goes on for longer than its queue lets it is killed. Raises the
	queue's `JobTimeoutException` where a row takes so long that it is; the row is as a killed worker leaves it.
	"""
	done, end = 0, time.monotonic() + longest.total_seconds()
	for _each in range(most):
		row = _lease(outbox) if time.monotonic() < end else None
		if row is None:
			break
		done += _worked(outbox, row)
	return done


def retry(doctype: str, name: str) -> None:
	"""Have a row worked again from the start, in the current transaction: the button beside a failed one."""
	frappe.db.sql(
		f"""UPDATE `tab{doctype}` SET outbox_status = %s, attempts = 0, due_at_utc = UTC_TIMESTAMP(6)
		WHERE name = %s AND outbox_status = %s""",
		(WAITING, name, FAILED),
	)


def wake(job: str) -> None:
	"""Have `job` (a dotted path) run by a worker right after the commit.

	Only to be quick: where Redis is away, or its queue is full, the scheduler finds the rows within a minute.
	"""
	frappe.db.after_commit.add(partial(_enqueue, job))


def _enqueue(job: str) -> None:
	with suppress(RedisError, frappe.QueueOverloaded):
		# Frappe would skip it as well, but as an error in the log: one for each booking while a job waits.
		if is_job_enqueued(job):
			return
		frappe.enqueue(job, queue="short", job_id=job, deduplicate=True)


def _lease(outbox: Outbox) -> Row | None:
	"""Take the row that has been due longest, unless another worker has it, until the lease ends."""
	frappe.db.rollback()
	found = frappe.db.sql(
		f"""SELECT name, attempts + 1, started_at_utc IS NOT NULL FROM {outbox.table}
		WHERE outbox_status = %s AND due_at_utc <= UTC_TIMESTAMP(6)
		ORDER BY due_at_utc LIMIT 1 FOR UPDATE SKIP LOCKED""",
		WAITING,
	)
	if not found:
		frappe.db.rollback()
		return None
	((name, attempt, is_unknown),) = found
	frappe.db.sql(
		f"""UPDATE {outbox.table} SET attempts = %s, started_at_utc = UTC_TIMESTAMP(6),
		due_at_utc = UTC_TIMESTAMP(6) + INTERVAL %s SECOND WHERE name = %s""",
		(attempt, outbox.lease.total_seconds(), name),
	)
	frappe.db.commit()  # nosemgrep: a lease that others must see
	return Row(name, attempt, bool(is_unknown))


def _worked(outbox: Outbox, row: Row) -> bool:
	try:
		if row.attempt > outbox.attempts:
			raise Never  # it was the worker's end each time
		outbox.work(row)
		_end(outbox, row, "outbox_status = %s, last_error = NULL", DONE)
		frappe.db.commit()  # nosemgrep: each row by itself
		return True
	except JobTimeoutException:
		# No fault of the row. What it did outside nobody knows, and without its timer the job must not go on.
		frappe.db.rollback()
		raise
	except Superseded:
		frappe.db.rollback()
	except Exception as error:
		frappe.db.rollback()
		with suppress(Superseded):
			_put_off(outbox, row, error)
		frappe.db.commit()  # nosemgrep: each row by itself
	return False


def _put_off(outbox: Outbox, row: Row, error: Exception) -> None:
	"""Try again later, or give up; of the error type and places are kept, nobody's words (SE-5)."""
	again = "last_error = %s, due_at_utc = UTC_TIMESTAMP(6) + INTERVAL %s SECOND"
	if isinstance(error, Later):
		_end(outbox, row, f"{again}, attempts = attempts - 1", None, error.wait.total_seconds())
	elif isinstance(error, Never) or row.attempt >= outbox.attempts:
		_end(outbox, row, "last_error = %s, outbox_status = %s", places(error), FAILED)
		outbox.given_up(row, error)
	else:
		wait = outbox.waits[row.attempt - 1]
		if isinstance(error, Busy):
			wait = max(wait, error.wait)
		_end(outbox, row, again, places(error), wait.total_seconds())
		outbox.put_off(row, error)


def _end(outbox: Outbox, row: Row, change: str, *values) -> None:
	"""End this attempt; `Superseded` if it is no longer the last one."""
	frappe.db.sql(
		f"""UPDATE {outbox.table} SET started_at_utc = NULL, {change}
		WHERE name = %s AND attempts = %s AND outbox_status = %s""",
		(*values, row.name, row.attempt, WAITING),
	)
	if not frappe.db._cursor.rowcount:
		raise Superseded
