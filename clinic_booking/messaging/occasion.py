"""The booking that a message is about, as it stands when the message goes (NT-4)."""

from datetime import datetime

import frappe

from clinic_booking.booking import requests
from clinic_booking.booking.clock import from_database
from clinic_booking.messaging import kinds
from clinic_booking.messaging.registry import Recipient

MESSAGE_FIELDS = (
	*("name", "kind", "audience", "appointment", "request", "starts_at_utc", "wanted_channel"),
	*("reference_doctype", "reference_name", "is_outcome_unknown", "creation"),
)
OF_BOTH = (
	*("name", "status", "reference", "seed", "token_hash", "language", "channel", "timezone", "doctor"),
	*("service", "clinic", "starts_at_utc", "ends_at_utc", "expires_at_utc"),
	*("price", "deposit", "currency", "payment"),
)
OF_APPOINTMENTS = (
	*("patient", "contact_name", "contact_email", "contact_phone", "payment_status", "paid"),
	"no_reminders",
)
OWED = ("Unpaid", "Partly Paid")


def message(name: str):
	"""The row of a message, with all that decides what becomes of it."""
	return frappe.db.get_value("Clinic Message", name, MESSAGE_FIELDS, as_dict=True)


def booking_of(row):
	"""The appointment of a message, else its request; None where both are gone."""
	if row.appointment:
		return _appointment(row.appointment)
	fields = [*OF_BOTH, "patient_name as contact_name", "email as contact_email", "phone as contact_phone"]
	found = frappe.db.get_value("Booking Request", row.request, fields, as_dict=True)
	return found and found.update({"doctype": "Booking Request", "patient": None})


def facts(row, booking, now: datetime) -> kinds.Facts:
	"""What decides whether it is still true."""
	is_request = booking.doctype == "Booking Request"
	return kinds.Facts(
		status=requests.status_at(booking, now) if is_request else booking.status,
		starts_at=from_database(booking.starts_at_utc),
		ends_at=from_database(booking.ends_at_utc),
		told=from_database(row.starts_at_utc),
		is_owed=is_request or booking.payment_status in OWED,
		is_replaced=row.kind in kinds.REMINDERS and _is_replaced(row),
		wants_reminders=is_request or not booking.no_reminders,
	)


def recipient(row, booking) -> Recipient:
	"""Who is told: whoever booked, by what was typed then; or the doctor, by their login."""
	if row.audience == kinds.DOCTOR:
		return _doctor(booking)
	return Recipient(
		audience=kinds.PATIENT,
		name=booking.contact_name,
		email=booking.contact_email,
		phone=booking.contact_phone,
		language=booking.language,
		channel=booking.channel,
		appointment=row.appointment,
		patient=booking.patient,
	)


def _doctor(booking) -> Recipient:
	name, user = frappe.db.get_value("Doctor", booking.doctor, ["doctor_name", "user"])
	email, language = (user and frappe.db.get_value("User", user, ["email", "language"])) or (None, None)
	return Recipient(audience=kinds.DOCTOR, name=name, email=email, language=language)


def _appointment(name: str):
	"""What the desk left open is the patient's own: where to reach them, and in which language."""
	found = frappe.db.get_value("Clinic Appointment", name, OF_BOTH + OF_APPOINTMENTS, as_dict=True)
	if not found:
		return None
	found.doctype = "Clinic Appointment"
	if all(
		found[field] for field in ("contact_name", "contact_email", "contact_phone", "language", "channel")
	):
		return found
	own = (
		frappe.db.get_value(
			"Clinic Patient",
			found.patient,
			["patient_name", "email", "phone", "language", "preferred_channel"],
		)
		or (None,) * 5
	)
	fields = ("contact_name", "contact_email", "contact_phone", "language", "channel")
	return found.update({field: found[field] or value for field, value in zip(fields, own, strict=True)})


def _is_replaced(row) -> bool:
	"""A visit moved away and back has two reminders for one start: the later one goes."""
	return bool(
		frappe.db.sql(
			"""SELECT 1 FROM `tabClinic Message`
			WHERE appointment = %(appointment)s AND kind = %(kind)s AND starts_at_utc = %(starts_at_utc)s
				AND (creation, name) > (%(creation)s, %(name)s) LIMIT 1""",
			row,
		)
	)
