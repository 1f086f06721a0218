"""Works the Billing Tasks: after a commit, and each minute what was left (docs/outbox.md)."""

import frappe
from frappe import _

from clinic_booking.billing import books
from clinic_booking.billing.to_do import JOB
from clinic_booking.booking.alerts import end_alert, raise_alert
from clinic_booking.outbox.work import FAILED, WAITING, Outbox, Row, retry, wake, work_off

DOCTYPE = "Billing Task"
KIND = "Books"


def every_minute() -> None:
	"""The job: works what is due, as the system, whoever's booking it was woken by."""
	frappe.set_user("Administrator")
	work_off(OUTBOX)


def work(row: Row) -> None:
	appointment = frappe.db.get_value(DOCTYPE, row.name, "appointment")
	books.settle(appointment)
	end_alert(KIND, ("Clinic Appointment", appointment))


def try_again(appointment: str) -> None:
	"""Have the appointment's tasks worked at once, those that were given up too; the caller commits."""
	for name in frappe.get_all(DOCTYPE, {"appointment": appointment, "outbox_status": FAILED}, pluck="name"):
		retry(DOCTYPE, name)
	frappe.db.sql(
		"""UPDATE `tabBilling Task` SET due_at_utc = UTC_TIMESTAMP(6)
		WHERE appointment = %s AND outbox_status = %s AND started_at_utc IS NULL""",
		(appointment, WAITING),
	)
	wake(JOB)


def refused(row: Row, error: Exception) -> None:
	"""An alert with ERPNext's reason at the first refusal; the appointment stands (PY-1).

	No patient's words are in the documents, so none are in what ERPNext says of them (SE-5).
	"""
	if isinstance(error, frappe.QueryDeadlockError | frappe.QueryTimeoutError):
		return
	appointment = frappe.db.get_value(DOCTYPE, row.name, "appointment")
	clinic, doctor, reference = frappe.db.get_value(
		"Clinic Appointment", appointment, ["clinic", "doctor", "reference"]
	)
	raise_alert(
		_("The books of appointment {0} could not be brought up to date").format(reference),
		KIND,
		("Clinic Appointment", appointment),
		message=_reason(error),
		clinic=clinic,
		doctor=doctor,
	)


def _reason(error: Exception) -> str:
	told = frappe.utils.strip_html(str(error)) if isinstance(error, frappe.ValidationError) else ""
	return told[:500] or type(error).__name__


OUTBOX = Outbox(DOCTYPE, work, given_up=refused, put_off=refused)
