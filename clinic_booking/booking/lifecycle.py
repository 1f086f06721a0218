"""From requested to over: the use cases that only change an appointment's state (BK-5, BK-6, PO-2).

Which change is allowed, when and to whom, is the table and the rules of `scheduling.status`; the controller
asks them for every save, these included. Staff are checked by Frappe's permissions as they save.
"""

from datetime import datetime

import frappe

from clinic_booking.booking import claims, clock, terms
from clinic_booking.booking.appointments import BY_CLINIC, BY_PATIENT, REFUSALS
from clinic_booking.booking.clock import from_database
from clinic_booking.booking.transaction import require_same
from clinic_booking.errors import TimeWindow
from clinic_booking.scheduling import policy, status

BY_SYSTEM = "System"


def approve(name: str, doctor: str, now: datetime | None = None):
	"""The doctor takes a requested booking; twice is once, and `TimeWindow` after the time to answer."""
	appointment, _now = _locked(name, doctor, now)
	return _become(appointment, status.CONFIRMED)


def decline(name: str, doctor: str, reason: str, now: datetime | None = None):
	"""The doctor does not take a requested booking; its time is free again. Twice is once, `Validation` else."""
	appointment, _now = _locked(name, doctor, now)
	if appointment.status not in (status.REQUESTED, status.CANCELLED):
		raise REFUSALS[status.NO_SUCH_MOVE]
	appointment.flags.declined = not appointment.approved_at_utc
	return _become(appointment, status.CANCELLED, cancel_reason=reason, cancelled_by=BY_CLINIC)


def cancel(
	name: str,
	doctor: str,
	reason: str,
	refund_as: str | None = None,
	now: datetime | None = None,
	is_checked: bool = False,
):
	"""Doctor or clinic cancel, at any time before the start, with a reason; what was paid goes back (PO-3).

	`is_checked` says that the caller has asked whether this user may: Frappe would look with a snapshot that may
	know neither the appointment nor what it links to.
	"""
	appointment, _now = _locked(name, doctor, now)
	appointment.flags.ignore_permissions = appointment.flags.ignore_links = is_checked
	appointment.flags.refund_as = refund_as
	return _become(appointment, status.CANCELLED, cancel_reason=reason, cancelled_by=BY_CLINIC)


def cancel_by_patient(
	name: str,
	doctor: str,
	reason: str | None = None,
	refund_as: str | None = None,
	now: datetime | None = None,
):
	"""Whoever has the booking's token cancels; the policy at booking time decides what goes back (PO-3).

	Raises `TimeWindow` after the start, and after the deadline where late cancellation is refused.
	"""
	appointment, now = _locked(name, doctor, now)
	if appointment.status != status.CANCELLED:
		rules = terms.frozen(appointment.policy)
		answer = policy.can_cancel(rules, from_database(appointment.starts_at_utc), now, by_patient=True)
		if not answer:
			raise TimeWindow(reason=answer.reason)
	appointment.flags.refund_as = refund_as
	# The token is the permission.
	appointment.flags.ignore_permissions = True
	return _become(appointment, status.CANCELLED, cancel_reason=reason, cancelled_by=BY_PATIENT)


def check_in(name: str, doctor: str, now: datetime | None = None):
	"""The patient is here."""
	appointment, _now = _locked(name, doctor, now)
	return _become(appointment, status.CHECKED_IN)


def complete(name: str, doctor: str, now: datetime | None = None):
	"""The visit is over."""
	appointment, _now = _locked(name, doctor, now)
	return _become(appointment, status.COMPLETED)


def no_show(name: str, doctor: str, now: datetime | None = None):
	"""The patient did not come; after the start only."""
	appointment, _now = _locked(name, doctor, now)
	return _become(appointment, status.NO_SHOW)


def reopen(name: str, doctor: str, reason: str | None = None, now: datetime | None = None):
	"""Back to Confirmed: a check-in undone, or what is over reopened (manager, reception on the same day)."""
	appointment, _now = _locked(name, doctor, now)
	appointment.flags.why = reason
	return _become(appointment, status.CONFIRMED)


def _locked(name: str, doctor: str, now: datetime | None):
	claims.lock_doctors([doctor])
	now = now or clock.now()
	appointment = frappe.get_doc("Clinic Appointment", name, for_update=True)
	require_same(doctor, appointment)
	appointment.flags.in_use_case = True
	appointment.flags.now = now
	return appointment, now


def _become(appointment, state: str, **fields):
	"""Save the new state; one that is there already stays as it is."""
	if appointment.status == state:
		return appointment
	appointment.update({"status": state, **fields})
	appointment.save()
	return appointment
