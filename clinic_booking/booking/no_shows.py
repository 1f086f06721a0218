"""Who missed visits too often must pay before the next one is certain (PY-8)."""

from datetime import datetime

import frappe

from clinic_booking.booking import patients, payable
from clinic_booking.booking.patients import Contact
from clinic_booking.booking.practice import Practice
from clinic_booking.booking.ways_to_pay import CREDIT, PAY_FIRST
from clinic_booking.errors import Validation, _
from clinic_booking.scheduling.status import NO_SHOW


def too_many(contact: Contact) -> bool:
	"""Whether the patient of this contact has missed as many visits as the settings take; never where they are off."""
	limit = frappe.get_cached_doc(payable.SETTINGS).pay_first_after_no_shows
	patient = patients.recognise(contact) if limit else None
	return bool(patient) and frappe.db.count(
		"Clinic Appointment", {"patient": patient.name, "status": NO_SHOW}
	) >= int(limit)


def pay_first(request, practice: Practice, method: str | None, now: datetime) -> str:
	"""Make a held request one that is paid first, whatever its service asks for; the method to pay it by.

	The one that was chosen, else the first there is; credit pays at once, where there is enough of it. Raises
	`Validation` where there is none: nothing is said of why.
	"""
	request.payment = PAY_FIRST
	if method == CREDIT:
		return method
	methods = payable.when_held(request, practice, now).methods
	if not methods:
		raise Validation(_("Please call the clinic to book this appointment."))
	return method if method in methods else methods[0]
