"""What there is to be told, and when it is no longer true (NT-1, NT-4). Standard library only."""

from dataclasses import dataclass
from datetime import datetime

from clinic_booking.scheduling.status import CANCELLED, CHECKED_IN, CONFIRMED, LIVE
from clinic_booking.scheduling.status import REQUESTED as ASKED_FOR

PATIENT, DOCTOR = "Patient", "Doctor"
AWAITING = "Awaiting Payment"

REQUESTED, BOOKED, MOVED, CANCELLATION, DECLINED = "requested", "booked", "moved", "cancelled", "declined"
REMINDER, VIDEO_LINK, PAYMENT_DUE = "reminder", "video_link", "payment_due"
AWAIT_PAYMENT, PAID, REFUNDED, TOO_LATE = "await_payment", "paid", "refunded", "too_late"
CREDITED, REFUND_FAILED, HANDED_OUT = "credited", "refund_failed", "handed_out"
LINK = "link"
DOCTOR_REQUESTED, DOCTOR_BOOKED = "doctor_requested", "doctor_booked"

# In the order in which a booking meets them.
TO_PATIENTS = (
	*(REQUESTED, BOOKED, MOVED, CANCELLATION, DECLINED, REMINDER, VIDEO_LINK, PAYMENT_DUE),
	*(AWAIT_PAYMENT, PAID, REFUNDED, HANDED_OUT, CREDITED, REFUND_FAILED, TOO_LATE, LINK),
)
TO_DOCTORS = (DOCTOR_REQUESTED, DOCTOR_BOOKED)
EVERY = (*TO_PATIENTS, *TO_DOCTORS)

# Nothing new: a patient may switch them off, and one whose outcome is unknown is not repeated (NT-3).
REMINDERS = frozenset({REMINDER, VIDEO_LINK, PAYMENT_DUE})
# Those that leave the night alone (NT-2).
QUIET = frozenset({REMINDER, PAYMENT_DUE})
# Those that come with the visit as a calendar file.
WITH_CALENDAR_FILE = frozenset({BOOKED, MOVED, CANCELLATION})
# The states of a visit in which each is true; what is not here is about money or was asked for.
TRUE_OF = {
	REQUESTED: {ASKED_FOR},
	DOCTOR_REQUESTED: {ASKED_FOR},
	BOOKED: {CONFIRMED, CHECKED_IN},
	DOCTOR_BOOKED: {CONFIRMED, CHECKED_IN},
	MOVED: LIVE,
	REMINDER: {CONFIRMED},
	VIDEO_LINK: {CONFIRMED},
	PAYMENT_DUE: {ASKED_FOR, CONFIRMED},
	AWAIT_PAYMENT: {AWAITING, ASKED_FOR},
	CANCELLATION: {CANCELLED},
	DECLINED: {CANCELLED},
}
# Those that name a time, and are wrong once the visit has another.
OF_ONE_TIME = REMINDERS | {REQUESTED, DOCTOR_REQUESTED, MOVED}
# Those that are news however late they come.
FOR_EVER = frozenset({CANCELLATION, DECLINED, PAID, REFUNDED, HANDED_OUT, CREDITED, REFUND_FAILED, TOO_LATE})

CHANGED_MEANWHILE = "The appointment's state has changed meanwhile"
MOVED_MEANWHILE = "The appointment has another time by now"
OVER = "It is over"
PAID_MEANWHILE = "It is paid by now"
REPLACED = "A later message says the same"
ANOTHERS = "The appointment is another patient's by now"
UNWANTED = "The patient wants no reminders"
NO_LINK = "There is no link to join it by"


def audience(kind: str) -> str:
	return DOCTOR if kind in TO_DOCTORS else PATIENT


@dataclass(frozen=True)
class Facts:
	"""How a booking stands when a message about it is to go. Instants are aware.

	`told`: the start that the message was written for. `is_replaced`: a later one of its kind has that start, too.
	`is_anothers`: it was written to a patient whose visit it is no more.
	`is_owed`: something is still to be paid. `wants_reminders`: the patient has not switched them off.
	`can_be_joined`: there is a link to join it by.
	"""

	status: str
	starts_at: datetime
	ends_at: datetime
	told: datetime
	is_owed: bool = False
	is_replaced: bool = False
	is_anothers: bool = False
	wants_reminders: bool = True
	can_be_joined: bool = False


def true_until(kind: str, starts_at: datetime, ends_at: datetime) -> datetime | None:
	"""When a message about a visit from `starts_at` to `ends_at` is over; None if it is news for ever."""
	if kind in FOR_EVER:
		return None
	return starts_at if kind in REMINDERS else ends_at


def why_not(kind: str, facts: Facts, now: datetime) -> str | None:
	"""What speaks against telling it now, in a sentence for staff; None if it is true (NT-4)."""
	if facts.is_anothers:
		return ANOTHERS
	if kind in TRUE_OF and facts.status not in TRUE_OF[kind]:
		return CHANGED_MEANWHILE
	if kind in OF_ONE_TIME and facts.told != facts.starts_at:
		return MOVED_MEANWHILE
	if kind in REMINDERS and not facts.wants_reminders:
		return UNWANTED
	if kind in REMINDERS and facts.is_replaced:
		return REPLACED
	if kind in (PAYMENT_DUE, AWAIT_PAYMENT) and not facts.is_owed:
		return PAID_MEANWHILE
	if kind == VIDEO_LINK and not facts.can_be_joined:
		return NO_LINK
	# Last: of what was true until then somebody should have heard.
	end = true_until(kind, facts.starts_at, facts.ends_at)
	return OVER if end and now >= end else None
