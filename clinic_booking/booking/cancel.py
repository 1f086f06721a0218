"""A patient cancels (PO-2)."""

from datetime import datetime

import frappe

from clinic_booking.booking import claims, clock, terms
from clinic_booking.booking.clock import from_database
from clinic_booking.errors import TimeWindow, Validation, _
from clinic_booking.scheduling import policy, status


def cancel(name: str, doctor: str, reason: str | None = None, now: datetime | None = None):
	"""Cancel the appointment `name` and return it; one that is cancelled already stays as it is.

	Raises `TimeWindow` after the start, and after the deadline where the policy refuses late cancellation.
	"""
	claims.lock_doctors([doctor])
	now = now or clock.now()
	appointment = frappe.get_doc("Clinic Appointment", name, for_update=True)
	if appointment.status == status.CANCELLED:
		return appointment
	if not status.can_move(appointment.status, status.CANCELLED):
		raise Validation(_("This appointment can no longer be cancelled."))
	answer = policy.can_cancel(
		terms.frozen(appointment.policy), from_database(appointment.starts_at_utc), now, by_patient=True
	)
	if not answer:
		raise TimeWindow(reason=answer.reason)
	appointment.status = status.CANCELLED
	appointment.cancel_reason = reason
	appointment.cancelled_by = "Patient"
	# Whoever has the token cancels their own; the policy was asked above.
	appointment.save(ignore_permissions=True)
	return appointment
