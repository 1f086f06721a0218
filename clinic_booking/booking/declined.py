"""What a patient is offered instead of a time that the doctor could not confirm (BK-5)."""

from datetime import datetime

import frappe

from clinic_booking.booking import availability
from clinic_booking.booking.appointments import BY_PATIENT
from clinic_booking.booking.clock import from_database
from clinic_booking.scheduling import status
from clinic_booking.scheduling.days import Slot


def alternatives(booking, now: datetime) -> list[Slot]:
	"""Up to three free times around an appointment that was asked for and declined, while it is still to come."""
	start = from_database(booking.starts_at_utc)
	if start <= now or not _was_declined(booking):
		return []
	return availability.nearby(booking.doctor, booking.service, start, booking.clinic)


def _was_declined(booking) -> bool:
	"""Whether a request ended so, by the doctor, the clinic, or because nobody answered."""
	if booking.doctype != "Clinic Appointment" or booking.status != status.CANCELLED:
		return False
	if booking.cancelled_by == BY_PATIENT or booking.approved_at_utc:
		return False
	return bool(
		frappe.db.exists(
			"Appointment Change", {"appointment": booking.name, "after": ("like", '%"status": "Requested"%')}
		)
	)
