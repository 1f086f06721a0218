"""What a patient thought of a visit: stars, given once (api.md `rate`)."""

from datetime import datetime

import frappe

from clinic_booking.booking import claims, clock, practices
from clinic_booking.booking.transaction import require_same
from clinic_booking.errors import Validation, _
from clinic_booking.scheduling import status


def rate(name: str, doctor: str, stars: int, now: datetime | None = None) -> dict:
	"""Keep 1 to 5 stars for a completed visit, and add them to its doctor's; `{}`.

	Raises `Validation` before it is completed and when it was rated already. Reopening it later takes
	nothing back.
	"""
	claims.lock_doctors([doctor])
	appointment = frappe.get_doc("Clinic Appointment", name, for_update=True)
	require_same(doctor, appointment)
	if appointment.status != status.COMPLETED:
		raise Validation(_("Only a completed visit can be rated."))
	if appointment.rating:
		raise Validation(_("This visit has been rated already."))
	appointment.rating = stars
	appointment.flags.in_use_case = True
	appointment.flags.now = now or clock.now()
	# The token is the permission.
	appointment.save(ignore_permissions=True)
	add(doctor, stars)
	return {}


def add(doctor: str, stars: int) -> None:
	"""Count the stars to a doctor's. The sums stand on the doctor's row, so that a list of doctors costs nothing more."""
	frappe.db.sql(
		"UPDATE `tabDoctor` SET rating_sum = rating_sum + %s, rating_count = rating_count + 1 WHERE name = %s",
		(stars, doctor),
	)
	practices.changed([doctor])
