"""What can go wrong for a caller: one class for each code of the API, with its HTTP status and facts.

Pure. Messages are whole sentences for people, without anything a caller typed; the door translates
them. Callers and tests name the class or the code, never the text.
"""


def _(message: str) -> str:
	"""Mark a sentence for the translators; it is translated where it is answered."""
	return message


class BookingError(Exception):
	"""An answer other than success. Facts become members of the answer's `error`."""

	code = "ERR_INTERNAL"
	status = 500
	message = _("Something went wrong here. Nothing was changed.")

	def __init__(self, message: str | None = None, **facts):
		super().__init__(self.code)
		if message:
			self.message = message
		self.facts = facts

	def as_dict(self) -> dict:
		"""`{code, message, …facts}`, as the API answers it under `error`."""
		return {"code": self.code, "message": self.message, **self.facts}


class SlotConflict(BookingError):
	"""The time is taken or held. `alternatives`: up to three `{start, end, clinic}` nearby (BK-3)."""

	code = "ERR_SLOT_CONFLICT"
	status = 409
	message = _("Someone else has just taken this time. Please choose another one.")

	def __init__(self, alternatives: list[dict] | tuple = (), message: str | None = None):
		super().__init__(message, alternatives=list(alternatives))


class TimeWindow(BookingError):
	"""Past, inside the notice, beyond the horizon, or after the deadline for moving."""

	code = "ERR_TIME_WINDOW"
	status = 422
	message = _("This time can no longer, or not yet, be booked.")


class Validation(BookingError):
	"""Bad or unknown input, or a time that is not offered. `fields`: `{argument: sentence}` (SE-3).

	`appointments`, where a change of hours hits some and nothing was said of them: which (AV-11).
	"""

	code = "ERR_VALIDATION"
	status = 422
	message = _("Please check what you entered.")

	def __init__(self, message: str | None = None, fields: dict[str, str] | None = None, **facts):
		super().__init__(message, fields=dict(fields or {}), **facts)


class HoldExpired(BookingError):
	"""The hold has lapsed, or was extended too often (BK-2)."""

	code = "ERR_HOLD_EXPIRED"
	status = 410
	message = _("This time is no longer reserved for you. Please choose a time again.")


class MaxReschedules(BookingError):
	"""Moved as often as the policy lets a patient (PO-1)."""

	code = "ERR_MAX_RESCHEDULES"
	status = 409
	message = _("This appointment has been moved as often as possible. Please call the clinic.")


class DuplicateEmail(BookingError):
	"""The e-mail is the verified login of another portal account; signed-in users and staff only."""

	code = "ERR_DUP_EMAIL"
	status = 409
	message = _("This e-mail address belongs to another account.")


class PaymentFailed(BookingError):
	"""The gateway did not take the payment. The request stands; `pay` tries again."""

	code = "ERR_PAYMENT_FAILED"
	status = 402
	message = _("The payment did not go through. Please try again.")


class NotFound(BookingError):
	"""There is no such thing, or not for this caller: both look alike."""

	code = "ERR_NOT_FOUND"
	status = 404
	message = _("There is nothing here, or the link is no longer valid.")


class Forbidden(BookingError):
	"""The caller is known, and may not."""

	code = "ERR_FORBIDDEN"
	status = 403
	message = _("You are not allowed to do this.")


class Unauthorized(BookingError):
	"""Nobody is signed in, or the session has ended."""

	code = "ERR_UNAUTHORIZED"
	status = 401
	message = _("Please sign in first.")


class RateLimited(BookingError):
	"""Too many calls (SE-2). `retry_after`: seconds until the next one is allowed, 0 where waiting is no help."""

	code = "ERR_RATE_LIMITED"
	status = 429
	message = _("Too many requests. Please wait a little and try again.")

	def __init__(self, retry_after: int = 60, message: str | None = None):
		super().__init__(message, retry_after=retry_after)


class Unavailable(BookingError):
	"""Busy beyond all retries, under maintenance, or without its database."""

	code = "ERR_UNAVAILABLE"
	status = 503
	message = _("The booking system is busy. Nothing was changed; please try again in a moment.")


class Internal(BookingError):
	"""A fault of ours. `reference`: what staff find it by in the Error Log."""

	def __init__(self, reference: str, message: str | None = None):
		super().__init__(message, reference=reference)
