"""What time does to requests: holds lapse, unanswered bookings are declined, old ones are deleted (BK-2, BK-5).

Nothing here is needed for bookings to be right: a lapsed hold gives its time back by itself, because
every use case clears what lapsed in its range. The job only tidies, and may run twice or not at all.
"""

from datetime import datetime, timedelta

import frappe
from frappe import _

from clinic_booking.booking import claims, clock, from_request, requests
from clinic_booking.booking.alerts import raise_alert
from clinic_booking.booking.changes import Actor
from clinic_booking.booking.clock import to_database
from clinic_booking.booking.lifecycle import BY_SYSTEM
from clinic_booking.booking.transaction import run
from clinic_booking.scheduling import status

BATCH = 500
KEPT_AFTER_END = timedelta(hours=24)
STRIPPED_AFTER = timedelta(days=90)
SYSTEM = Actor("Administrator", "System Manager")


def every_minute() -> None:
	"""The scheduled job: each lapsed row in a transaction of its own, so that none stops the others."""
	now = clock.now()
	for name, doctor in _lapsed_requests(now):
		_alone(end_request, name, doctor)
	for name, doctor in _unanswered_appointments(now):
		_alone(decline_unanswered, name, doctor)


def hourly() -> None:
	"""Delete requests that ended a day ago without any money, and strip old ones that have to do with some."""
	now = clock.now()
	delete_ended(now)
	strip_ended(now)
	frappe.db.commit()  # nosemgrep: the end of a job of its own, not within a use case


def end_request(name: str, doctor: str, now: datetime | None = None) -> None:
	"""Mark a lapsed request Expired and give its time back; nothing if it has moved on meanwhile."""
	claims.lock_doctors([doctor])
	now = now or clock.now()
	request = requests.locked(name)
	if request.status not in requests.WAITING or requests.status_at(request, now) != requests.EXPIRED:
		return
	claims.release(request.name)
	request.db_set("status", requests.EXPIRED)


def decline_unanswered(name: str, doctor: str, now: datetime | None = None) -> None:
	"""End a requested appointment that nobody answered, or paid once it was approved, in time (BK-5)."""
	claims.lock_doctors([doctor])
	now = now or clock.now()
	appointment = frappe.get_doc("Clinic Appointment", name, for_update=True)
	if appointment.status != status.REQUESTED or appointment.expires_at_utc > to_database(now):
		return
	if appointment.doctor != doctor:
		# Another doctor's by now, locked too late: the next run's.
		return
	appointment.status = status.CANCELLED
	is_approved = bool(appointment.approved_at_utc)
	appointment.cancel_reason = _("Not paid in time") if is_approved else _("Not answered in time")
	appointment.cancelled_by = BY_SYSTEM
	appointment.flags.actor = SYSTEM
	appointment.flags.in_use_case = True
	# A job acts for the clinic, nobody is asking.
	appointment.save(ignore_permissions=True)


def delete_ended(now: datetime) -> None:
	"""Delete requests without money that ended Expired or Cancelled more than 24 hours ago (BK-2)."""
	frappe.db.sql(
		"""DELETE FROM `tabBooking Request` WHERE status IN ('Expired', 'Cancelled')
		AND expires_at_utc < %s AND payment_method IS NULL LIMIT %s""",
		(to_database(now - KEPT_AFTER_END), 10 * BATCH),
	)


def strip_ended(now: datetime) -> None:
	"""Take note and contact off requests that ended unpaid 90 days ago: money may still come for them (BK-2)."""
	words = ", ".join(f"`{field}` = NULL" for field in (*from_request.TYPED, "browser", "address"))
	frappe.db.sql(
		f"""UPDATE `tabBooking Request` SET {words} WHERE status IN ('Expired', 'Cancelled')
		AND expires_at_utc < %s AND patient_name IS NOT NULL LIMIT %s""",
		(to_database(now - STRIPPED_AFTER), 10 * BATCH),
	)


def _alone(use_case, name: str, doctor: str) -> None:
	"""One row in its own transaction; an error is told by its type only, and the next row goes on."""
	try:
		run(use_case, name, doctor)
	except Exception as error:
		frappe.db.rollback()
		subject = _("{0} could not be ended: {1}").format(name, type(error).__name__)
		raise_alert(subject, "Expiry", _reference(use_case, name), doctor=doctor)
	frappe.db.commit()  # nosemgrep: each row by itself


def _reference(use_case, name: str) -> tuple[str, str]:
	return ("Booking Request" if use_case is end_request else "Clinic Appointment", name)


def _lapsed_requests(now: datetime) -> list[tuple[str, str]]:
	return frappe.db.sql(
		"""SELECT name, doctor FROM `tabBooking Request`
		WHERE status IN ('Held', 'Awaiting Payment') AND expires_at_utc <= %s
		ORDER BY expires_at_utc LIMIT %s""",
		(to_database(now), BATCH),
	)


def _unanswered_appointments(now: datetime) -> list[tuple[str, str]]:
	return frappe.db.sql(
		"""SELECT name, doctor FROM `tabClinic Appointment`
		WHERE status = 'Requested' AND expires_at_utc <= %s ORDER BY expires_at_utc LIMIT %s""",
		(to_database(now), BATCH),
	)
