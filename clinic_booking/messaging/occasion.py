"""The booking that a message is about, as it stands when the message goes (NT-4)."""

from datetime import datetime

import frappe

from clinic_booking.booking import joining, payable, requests, ways_to_pay
from clinic_booking.booking.clock import from_database
from clinic_booking.messaging import kinds
from clinic_booking.messaging.registry import Recipient

MESSAGE_FIELDS = (
	*("name", "status", "kind", "audience", "appointment", "request", "patient", "starts_at_utc"),
	*("wanted_channel", "is_by_staff", "reference_doctype", "reference_name"),
	*("is_outcome_unknown", "tried_channel", "creation"),
)
OF_BOTH = (
	*("name", "status", "reference", "seed", "token_hash", "timezone", "doctor", "service", "clinic"),
	*("starts_at_utc", "ends_at_utc", "expires_at_utc", "price", "deposit", "currency", "payment"),
)
OF_APPOINTMENTS = (
	"patient",
	"payment_status",
	"paid",
	"no_reminders",
	"approved_at_utc",
	"refund",
	"refund_as",
)
# What the desk left open is the patient's own: where to reach them, and in which language.
CONTACT = {
	"contact_name": "patient_name",
	"contact_email": "email",
	"contact_phone": "phone",
	"language": "language",
	"channel": "preferred_channel",
}

# In SQL: there are ten thousand of them at times, and the query builder takes longer than the database.
MESSAGE = f"SELECT {', '.join(MESSAGE_FIELDS)} FROM `tabClinic Message` WHERE name = %s"
APPOINTMENT = f"""
	SELECT 'Clinic Appointment' AS doctype, {", ".join(f"visit.{field}" for field in OF_BOTH + OF_APPOINTMENTS)},
		{", ".join(f"COALESCE(NULLIF(visit.{field}, ''), patient.{own}) AS {field}" for field, own in CONTACT.items())}
	FROM `tabClinic Appointment` visit LEFT JOIN `tabClinic Patient` patient ON patient.name = visit.patient
	WHERE visit.name = %s"""
REQUEST = f"""
	SELECT 'Booking Request' AS doctype, NULL AS patient, {", ".join(OF_BOTH)}, language, channel,
		patient_name AS contact_name, email AS contact_email, phone AS contact_phone
	FROM `tabBooking Request` WHERE name = %s"""


def message(name: str):
	"""The row of a message, with all that decides what becomes of it."""
	return _first(MESSAGE, name)


def booking_of(row):
	"""The appointment of a message, else its request; None where both are gone."""
	return _first(APPOINTMENT, row.appointment) if row.appointment else _first(REQUEST, row.request)


def facts(row, booking, now: datetime) -> kinds.Facts:
	"""What decides whether it is still true."""
	is_request = booking.doctype == "Booking Request"
	return kinds.Facts(
		status=requests.status_at(booking, now) if is_request else booking.status,
		starts_at=from_database(booking.starts_at_utc),
		ends_at=from_database(booking.ends_at_utc),
		told=from_database(row.starts_at_utc),
		is_owed=is_request or is_owed(booking),
		is_replaced=row.kind in kinds.REMINDERS and _is_replaced(row),
		is_anothers=is_anothers(row, booking),
		wants_reminders=is_request or not booking.no_reminders,
		can_be_joined=not is_request and bool(joining.link_of(booking)),
	)


def is_anothers(row, booking) -> bool:
	"""Whether it was written to a patient whose place another one has by now: nothing about them is told to that one."""
	return row.audience == kinds.PATIENT and bool(row.patient) and row.patient != booking.patient


def is_owed(appointment) -> bool:
	"""Whether something is to be paid before the visit; of a deposit's visit, whose rest is paid there, that alone (BK-5)."""
	if appointment.payment_status not in payable.OWING:
		return False
	return appointment.payment != ways_to_pay.DEPOSIT or payable.due_of(appointment) > 0


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
	known = user and frappe.db.get_value("User", {"name": user, "enabled": 1}, ["email", "language"])
	email, language = known or (None, None)
	return Recipient(audience=kinds.DOCTOR, name=name, email=email, language=language)


def _first(query: str, name: str):
	found = frappe.db.sql(query, name, as_dict=True)
	return found[0] if found else None


def _is_replaced(row) -> bool:
	"""A visit moved away and back has two reminders for one start: the later one goes. Those by staff are on top."""
	return bool(
		frappe.db.sql(
			"""SELECT 1 FROM `tabClinic Message`
			WHERE appointment = %(appointment)s AND kind = %(kind)s AND starts_at_utc = %(starts_at_utc)s
				AND NOT is_by_staff AND (creation, name) > (%(creation)s, %(name)s) LIMIT 1""",
			row,
		)
	)
