"""Two clinics with three doctors, everybody who may ask, and a row of every DocType for each kind of owner.

All who ask stand in the north: its doctor, receptionist and manager, and the doctor's patient with a login. So
of each DocType there is a row of the doctor's own (`mine`), one of another doctor at the same clinic
(`colleague's`), and one of the clinic in the south (`others'`); what belongs to a clinic and no doctor has two.
"""

from dataclasses import dataclass, field

import frappe
from frappe.utils import add_to_date, now_datetime

from tests.builders import a_clinic, a_doctor, a_patient, a_room, a_service, an_exception, insert

MINE, COLLEAGUES, OTHERS = "mine", "colleague's", "others'"
SHARED, ENTERED = "shared", "entered by me"
LONG_AGO = "2020-01-01 00:00:00"
PEOPLE = {
	"Guest": "Guest",
	"Clinic Patient": "portal@example.com",
	"Clinic Doctor": "doctor@example.com",
	"Clinic Receptionist": "reception@example.com",
	"Clinic Manager": "manager@example.com",
	"System Manager": "system@example.com",
	"Accounts User": "accounts@example.com",
}


@dataclass
class Row:
	"""A document somebody asks for. `sign` is a value of it that nobody has without having read it."""

	doctype: str
	whose: str
	name: str
	sign: str
	change: dict = field(default_factory=dict)
	like: dict | None = None
	parent: str | None = None

	def __str__(self):
		return f"{self.doctype} ({self.whose})"


class Scene:
	"""`rows`: every row by (DocType, whose)."""

	def __init__(self):
		self.rows: dict[tuple[str, str], Row] = {}
		for role, email in PEOPLE.items():
			if email not in ("Guest", PEOPLE["Clinic Doctor"]):
				a_user(
					email, *([role] if role in ("Clinic Patient", "System Manager", "Accounts User") else [])
				)
		doctor_login = a_user(PEOPLE["Clinic Doctor"])
		self.north = self.clinic("North", MINE, manager="Clinic Manager", reception="Clinic Receptionist")
		self.south = self.clinic("South", OTHERS)
		self.shared = a_service(self.north.clinic, self.south.clinic, price=35)
		self.add(self.shared, SHARED, "description", title="Another visit", **copied(self.shared, "prices"))
		self.specialty()
		self.practise(MINE, self.north, hour=9, user=doctor_login)
		self.practise(COLLEAGUES, self.north, hour=11)
		self.practise(OTHERS, self.south, hour=13)
		entered = a_patient(patient_name=f"Noor x{frappe.generate_hash(length=8)}")
		self.add(entered, ENTERED, "occupation", patient_name="Another patient")
		self.contacts()
		settings = frappe.get_doc("Clinic Booking Settings")
		self.rows["Clinic Booking Settings", "all"] = Row(
			"Clinic Booking Settings", "all", settings.name, settings.consent_version, {"answer_time": "Soon"}
		)
		for row in self.rows.values():
			if not frappe.get_meta(row.doctype).issingle:
				frappe.db.set_value(row.doctype, row.name, "modified", LONG_AGO, update_modified=False)

	def enter_as(self, user: str) -> None:
		"""Have the patient of no clinic entered by `user`."""
		frappe.db.set_value(
			"Clinic Patient", self.rows["Clinic Patient", ENTERED].name, "owner", user, update_modified=False
		)

	def of(self, doctype: str) -> list[Row]:
		return [row for row in self.rows.values() if row.doctype == doctype]

	# -- making rows ---------------------------------------------------------------------------------

	def add(self, doc, whose, change, sign=None, **like) -> None:
		"""Remember a row that was made: which field to try to change, and what a new one like it is made of."""
		sign = sign or doc.get(frappe.get_meta(doc.doctype).title_field or change) or doc.name
		value = "Done" if change == "status" else f"changed {frappe.generate_hash(length=6)}"
		self.rows[doc.doctype, whose] = Row(doc.doctype, whose, doc.name, sign, {change: value}, like or None)
		for table in doc.meta.get_table_fields():
			for child in doc.get(table.fieldname)[:1]:
				self.add_child(child, whose)

	def add_child(self, child, whose) -> None:
		shown = next(df for df in child.meta.fields if df.in_list_view or df.reqd)
		self.rows[child.doctype, whose] = Row(
			child.doctype, whose, child.name, child.name, {shown.fieldname: "x"}, None, child.parenttype
		)

	def clinic(self, side, whose, **staff):
		"""A clinic with its room, and a service that it alone offers."""
		people = [
			{"user": PEOPLE[role], "role": "Manager" if role == "Clinic Manager" else "Receptionist"}
			for role in staff.values()
		] or [{"user": a_user(f"{side.lower()}.staff@example.com"), "role": "Receptionist"}]
		clinic = a_clinic(title=f"{side} {frappe.generate_hash(length=6)}", staff=people)
		room = a_room(clinic, title=f"Room {side} {frappe.generate_hash(length=6)}")
		service = a_service(clinic, price=35)
		self.add(
			clinic, whose, "city", title="Another clinic", **copied(clinic, "company", "timezone", "country")
		)
		self.add(room, whose, "title", title="Another room", clinic=clinic.name, kind="Consulting")
		self.add(service, whose, "description", title="Another visit", **copied(service, "prices"))
		return frappe._dict(clinic=clinic, service=service)

	def specialty(self):
		specialty = insert("Specialty", title=f"Specialty {frappe.generate_hash(length=6)}")
		self.add(specialty, "all", "description", title="Another specialty")
		self.some_specialty = specialty.name
		for whose, clinic in (
			(MINE, self.north.clinic.name),
			(OTHERS, self.south.clinic.name),
			("all", None),
		):
			self.text(whose, clinic)

	def text(self, whose, clinic):
		text = {"kind": "reminder", "family": "short", "enabled": 1, "clinic": clinic}
		text["body"] = f"Come {frappe.generate_hash(length=8)}"
		template = insert("Message Template", language="en", **text)
		self.add(template, whose, "body", template.name, language="es", **text)

	def contacts(self):
		"""What is known of a contact, whosever it is."""
		asked = insert("Link Request", contact=frappe.generate_hash())
		self.add(asked, "all", "last_error", asked.name)
		left = insert("Message Opt Out", contact=frappe.generate_hash(), since_utc=LONG_AGO)
		self.add(left, "all", "source", left.contact, contact="x", since_utc=LONG_AGO)

	def practise(self, whose, at, hour, **doctor):
		"""A doctor at a clinic with an exception, a patient, an appointment with its change, consent and alert."""
		doctor = a_doctor(
			at.service,
			clinics=[at.clinic],
			specialties=[{"specialty": self.some_specialty}],
			languages=[{"language": "en"}],
			faq=[{"question": f"Where {frappe.generate_hash(length=6)}?", "answer": "Here."}],
			**doctor,
		)
		exception = an_exception(doctor, from_date="2099-01-01", reason=frappe.generate_hash(length=8))
		patient = a_patient(
			patient_name=f"Noor x{frappe.generate_hash(length=8)}",
			clinic=at.clinic.name,
			user=PEOPLE["Clinic Patient"] if whose == MINE else None,
		)
		visit = self.visit(doctor, patient, at, hour)
		self.add(doctor, whose, "bio", **copied(doctor, "clinics"), doctor_name="Another doctor")
		self.add(exception, whose, "reason", exception.reason, **an_absence(doctor))
		self.add(patient, whose, "occupation", patient_name="Another patient", clinic=at.clinic.name)
		self.add(
			visit,
			whose,
			"contact_name",
			**copied(visit, "doctor", "service", "clinic", "patient"),
			starts_at_utc=at_hour(hour + 6),
		)
		change = frappe.get_doc("Appointment Change", {"appointment": visit.name})
		self.add(change, whose, "why", change.name, appointment=visit.name, what="Edited", at_utc=LONG_AGO)
		self.paper(whose, doctor, patient, visit, at)

	def visit(self, doctor, patient, at, hour):
		return insert(
			"Clinic Appointment",
			doctor=doctor.name,
			service=at.service.name,
			clinic=at.clinic.name,
			patient=patient.name,
			contact_name=patient.patient_name,
			starts_at_utc=at_hour(hour),
		)

	def paper(self, whose, doctor, patient, visit, at):
		"""Consent, alert, request, claim, billing task, online payment, refund, message and browser."""
		kind = {"kind": "Booking", "given_at": LONG_AGO, "patient": patient.name}
		consent = insert("Patient Consent", **kind, source=frappe.generate_hash(length=8))
		place = {"doctor": doctor.name, "clinic": at.clinic.name}
		facts = {"severity": "Info", "status": "Open", "kind": "Test", **place}
		alert = insert("Clinic Alert", subject=f"Look {frappe.generate_hash(length=8)}", **facts)
		request = insert(
			"Booking Request",
			status="Held",
			reference=frappe.generate_hash(length=10),
			service=at.service.name,
			patient_name=f"Asks {frappe.generate_hash(length=8)}",
			starts_at_utc=at_hour(20),
			ends_at_utc=at_hour(21),
			expires_at_utc=at_hour(22),
			**place,
		)
		slot = frappe.get_doc("Booked Slot", {"reference": visit.name})
		task = frappe.get_doc("Billing Task", {"appointment": visit.name})
		asked = {"clinic": at.clinic.name, "method": "stripe", "amount": 35, "currency": visit.currency}
		payment = insert("Online Payment", appointment=visit.name, reference=visit.reference, **asked)
		frappe.db.delete("Clinic Message", {"appointment": visit.name, "kind": ("!=", "booked")})
		message = frappe.get_doc("Clinic Message", {"appointment": visit.name})
		self.add(message, whose, "cause", message.cause, kind="booked", **place)
		browser = insert("Push Subscription", appointment=visit.name)
		self.add(browser, whose, "appointment", browser.name, appointment=visit.name)
		self.add(task, whose, "cause", task.name, appointment=visit.name)
		refund = insert("Online Refund", appointment=visit.name, reference=visit.reference, **asked)
		event = insert(
			"Gateway Event", name=f"stripe {payment.name}", method="stripe", type="charge.refunded"
		)
		self.add(event, whose, "method", event.name, type="charge.updated")
		self.add(payment, whose, "payment_id", payment.name, state="Paid", **asked)
		self.add(refund, whose, "refund_id", refund.name, state="Refunded", **asked)
		self.add(consent, whose, "source", consent.source, **kind)
		self.add(alert, whose, "status", alert.subject, subject="Look", **facts)
		self.add(request, whose, "patient_name", request.patient_name, status="Held", **place)
		self.add(
			slot,
			whose,
			"resource",
			slot.resource,
			resource="Doctor:x",
			kind="Hold",
			seat=1,
			starts_at=at_hour(1),
			ends_at=at_hour(2),
		)


def a_user(email, *roles) -> str:
	user = insert("User", email=email, first_name=email.split("@")[0], send_welcome_email=0)
	user.add_roles(*roles)
	return user.name


def an_absence(doctor) -> dict:
	days = {"from_date": "2099-03-01", "to_date": "2099-03-01"}
	return {"doctor": doctor.name, "kind": "Closed", "all_day": 1, **days}


def at_hour(hour: int):
	"""A time the day after tomorrow."""
	midnight = now_datetime().replace(hour=0, minute=0, second=0, microsecond=0)
	return add_to_date(midnight, days=2, hours=hour)


def copied(doc, *fields) -> dict:
	values = {name: doc.get(name) for name in fields}
	return {
		name: [bare(row) for row in value] if isinstance(value, list) else value
		for name, value in values.items()
	}


def bare(row) -> dict:
	"""A child row as one would send it for a new document."""
	return {df.fieldname: row.get(df.fieldname) for df in row.meta.fields if row.get(df.fieldname)}
