"""What the caller learns when something goes wrong: one of our codes, and no value or text of the error."""

from contextlib import suppress

import frappe
from frappe.utils import strip_html
from redis.exceptions import RedisError
from werkzeug.exceptions import HTTPException

from clinic_booking import errors
from clinic_booking.error_log import note
from clinic_booking.translations import translate

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


def translated(error: errors.BookingError) -> dict:
	"""The answer's `error`, its sentences in the caller's language where the site can still translate."""
	facts = error.as_dict()
	with suppress(Exception):
		facts["message"] = translate(facts["message"])
		if "fields" in facts:
			facts["fields"] = {name: translate(sentence) for name, sentence in facts["fields"].items()}
	return facts


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
