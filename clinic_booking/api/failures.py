"""What the caller and the log learn when something goes wrong.

The caller gets one of our codes. The log gets types and places (file, line, function), never a value or
a message: both may hold what a patient typed (SE-5).
"""

import secrets
import traceback
from contextlib import suppress
from pathlib import Path

import frappe
from frappe.utils import strip_html
from redis.exceptions import RedisError
from werkzeug.exceptions import HTTPException

from clinic_booking import errors

# MariaDB: lock wait, deadlock, snapshot too old; too many connections, shutting down, gone.
BUSY = frozenset((1020, 1040, 1053, 1205, 1213, 2002, 2003, 2006, 2013))
DUPLICATE = 1062
CLAIMS_KEY = "no_overlap"

# In this order: the first that fits.
KNOWN = (
	(frappe.DoesNotExistError, errors.NotFound),
	(frappe.PageDoesNotExistError, errors.NotFound),
	(frappe.PermissionError, errors.Forbidden),
	(frappe.CSRFTokenError, errors.Forbidden),
	(frappe.AuthenticationError, errors.Unauthorized),
	(frappe.SessionExpired, errors.Unauthorized),
	(frappe.TooManyRequestsError, errors.RateLimited),
	(frappe.RateLimitExceededError, errors.RateLimited),
	(frappe.QueryDeadlockError, errors.Unavailable),
	(frappe.QueryTimeoutError, errors.Unavailable),
	(frappe.SessionStopped, errors.Unavailable),
	(frappe.InReadOnlyMode, errors.Unavailable),
	(frappe.QueueOverloaded, errors.Unavailable),
	(frappe.DocumentLockedError, errors.Unavailable),
	(RedisError, errors.Unavailable),
)


def answer_to(error: Exception, door: str, for_staff: bool = False) -> errors.BookingError:
	"""The error of ours that answers `error`; what nobody foresaw is logged and gets a reference.

	Staff see the sentence of a refused document, which they typed themselves; guests only that it was.
	"""
	if isinstance(error, errors.BookingError):
		return error
	for kind, answer in KNOWN:
		if isinstance(error, kind):
			return answer()
	if _lost_the_time(error):
		return errors.SlotConflict()
	if _database_code(error) in BUSY:
		return errors.Unavailable()
	if isinstance(error, frappe.UniqueValidationError | frappe.DuplicateEntryError):
		return (
			errors.Validation(errors._("There is one like this already."))
			if for_staff
			else _fault(error, door)
		)
	if isinstance(error, frappe.ValidationError):
		return errors.Validation(strip_html(str(error))[:500] if for_staff else None)
	if isinstance(error, HTTPException) and (error.code or 500) < 500:
		return errors.NotFound() if error.code == 404 else errors.Validation()
	return _fault(error, door)


def _fault(error: Exception, door: str) -> errors.Internal:
	return errors.Internal(note(error, door))


def _database_code(error: Exception) -> int | None:
	return error.args[0] if error.args and type(error.args[0]) is int else None


def _lost_the_time(error: Exception) -> bool:
	"""Whether the database's key refused an overlap (BK-3) past everyone who should have caught it."""
	if isinstance(error, frappe.UniqueValidationError) and error.args:
		error = error.args[-1]
	return (
		isinstance(error, Exception)
		and _database_code(error) == DUPLICATE
		and CLAIMS_KEY in str(error.args[1:])
	)


def note(error: Exception, where: str) -> str:
	"""Write down type and place of `error`; returns the reference that finds it in the Error Log.

	In a transaction of its own, so call it after the rollback. Never fails.
	"""
	reference = secrets.token_hex(5).upper()
	title, trace = f"{where}: {type(error).__name__} ({reference})"[:140], places(error)
	# Each alone: the disk may be full, the database may be what failed.
	with suppress(Exception):
		frappe.logger("clinic_booking").error("%s\n%s", title, trace)
	with suppress(Exception):
		if not frappe.flags.read_only:
			frappe.get_doc(doctype="Error Log", method=title, error=trace).db_insert()
			frappe.db.commit()  # nosemgrep: the answer's own transaction was rolled back before
	return reference


def places(error: BaseException) -> str:
	"""Types of the error and of what caused it, each with its frames: file, line and function only."""
	told, lines = set(), []
	while error is not None and id(error) not in told:
		told.add(id(error))
		lines.append(f"{type(error).__module__}.{type(error).__name__}")
		for frame, line in traceback.walk_tb(error.__traceback__):
			code = frame.f_code
			file = "/".join(Path(code.co_filename).parts[-3:])
			lines.append(f"  {file}:{line} {code.co_name}")
		error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
	return "\n".join(lines)
