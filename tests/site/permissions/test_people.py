"""Rules that a table of rights can't tell: fields, links and states, by people who are signed in (SE-1)."""

import frappe
import pytest
from frappe.client import get_list
from frappe.utils import add_to_date, now_datetime

from tests.builders import a_clinic, a_doctor, a_patient, a_room, a_service, an_exception, insert


def a_user(email, *roles):
	user = insert("User", email=email, first_name=email.split("@")[0], send_welcome_email=0)
	user.add_roles(*roles)
	return user.name


@pytest.fixture
def world():
	"""Clinics north and south, each with a manager, a receptionist, a doctor, a room, a patient and a visit."""
	made = frappe._dict()
	for side, days in (("north", 1), ("south", 2)):
		manager, desk, login = (a_user(f"{who}.{side}@example.com") for who in ("manager", "desk", "doctor"))
		clinic = a_clinic(
			title=side, staff=[{"user": manager, "role": "Manager"}, {"user": desk, "role": "Receptionist"}]
		)
		room = a_room(clinic)
		service = a_service(clinic, price=35)
		doctor = a_doctor(service, clinics=[clinic], user=login, doctor_name=f"Dr. {side}")
		patient = a_patient(clinic=clinic.name)
		visit = a_visit(doctor, service, clinic, patient, days)
		exception = an_exception(doctor, from_date="2099-01-01")
		made[side] = frappe._dict(
			clinic=clinic,
			room=room,
			service=service,
			doctor=doctor,
			patient=patient,
			visit=visit,
			exception=exception,
		)
	return made


def a_visit(doctor, service, clinic, patient, days):
	return insert(
		"Clinic Appointment",
		doctor=doctor.name,
		service=service.name,
		clinic=clinic.name,
		patient=patient.name,
		starts_at_utc=add_to_date(
			now_datetime().replace(hour=10, minute=0, second=0, microsecond=0), days=days
		),
	)


def names(doctype, **kwargs):
	return {row.name for row in get_list(doctype, limit_page_length=0, **kwargs)}


OWN = {
	"Clinic": "clinic",
	"Clinic Room": "room",
	"Doctor": "doctor",
	"Availability Exception": "exception",
	"Clinic Patient": "patient",
	"Clinic Appointment": "visit",
}


def test_rows_are_not_changed_by_themselves(world):
	"""SE-1, AV-1: a row saved alone would pass by every check of its document."""
	frappe.set_user("manager.north@example.com")
	rows = [
		(frappe.get_doc("Doctor", world.north.doctor.name).availability[0], "end_time", "23:59:59"),
		(frappe.get_doc("Clinic Service", world.north.service.name).prices[0], "price", -1),
		(frappe.get_doc("Clinic", world.north.clinic.name).staff[1], "role", "Manager"),
	]
	for row, field, value in rows:
		alone = frappe.get_doc(row.doctype, row.name)
		alone.set(field, value)
		with pytest.raises(frappe.ValidationError, match="not by themselves"):
			alone.save()
		with pytest.raises((frappe.ValidationError, frappe.PermissionError)):
			frappe.delete_doc(row.doctype, row.name)
		assert frappe.db.get_value(row.doctype, row.name, field) != value


def test_patients_of_a_visit_are_seen_by_its_clinic_and_doctor(world):
	"""SE-1: a patient first known elsewhere is the clinic's and the doctor's once they have an appointment."""
	a_visit(world.north.doctor, world.north.service, world.north.clinic, world.south.patient, 5)
	for who in ("desk", "doctor"):
		frappe.set_user(f"{who}.north@example.com")
		assert names("Clinic Patient") == {world.north.patient.name, world.south.patient.name}
		assert frappe.has_permission("Clinic Patient", "read", world.south.patient.name)


def test_patients_made_by_staff_are_theirs(world):
	"""SE-1: what a receptionist has just entered doesn't vanish."""
	frappe.set_user("desk.north@example.com")
	patient = frappe.get_doc(doctype="Clinic Patient", patient_name="Noor Haddad").insert()
	assert patient.name in names("Clinic Patient")


@pytest.mark.parametrize("who", ["manager", "desk", "doctor"])
def test_others_records_are_not_changed(world, who):
	"""SE-1, IN-13: not by saving them, and not by making them one's own in the same save."""
	frappe.set_user(f"{who}.north@example.com")
	for doctype, key in OWN.items():
		theirs = frappe.get_doc(doctype, world.south[key].name)
		for field in ("doctor", "clinic"):
			if theirs.meta.has_field(field):
				theirs.set(field, world.north[field].name)
		with pytest.raises(frappe.PermissionError):
			theirs.save()


def test_managers_change_their_clinic_only(world):
	"""SE-1: a manager of one clinic is no manager of what another one offers."""
	frappe.set_user("manager.north@example.com")
	frappe.get_doc("Clinic", world.north.clinic.name).save()
	frappe.get_doc("Clinic Service", world.north.service.name).save()
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc("Clinic Service", world.south.service.name).save()
	with pytest.raises(frappe.PermissionError):
		insert_as_user("Clinic Room", title="Mine", clinic=world.south.clinic.name, kind="Consulting")
	both = frappe.get_doc("Clinic Service", world.north.service.name)
	both.append("prices", {"clinic": world.south.clinic.name, "price": 1})
	with pytest.raises(frappe.PermissionError):
		both.save()


def test_receptionists_change_no_offer(world):
	"""SE-1: prices, hours and staff are the manager's."""
	frappe.set_user("desk.north@example.com")
	for document in (world.north.clinic, world.north.service, world.north.doctor, world.north.room):
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc(document.doctype, document.name).save()


def test_doctors_change_their_hours_and_not_their_prices(world):
	"""SE-1: a doctor decides when they can be booked; where and for how much is the manager's."""
	frappe.set_user("doctor.north@example.com")
	doctor = frappe.get_doc("Doctor", world.north.doctor.name)
	doctor.notice_minutes = 45
	doctor.services[0].clinic, doctor.services[0].price = world.north.clinic.name, 500
	doctor.append("clinics", {"clinic": world.south.clinic.name})
	doctor.user = "desk.north@example.com"
	doctor.save()
	doctor.reload()
	assert doctor.notice_minutes == 45
	assert not doctor.services[0].price
	assert [row.clinic for row in doctor.clinics] == [world.north.clinic.name]
	assert doctor.user == "doctor.north@example.com"


def test_doctors_close_their_own_days_only(world):
	"""SE-1: exceptions are one's own, or those of the doctors of one's clinic."""
	for who in ("doctor", "desk"):
		frappe.set_user(f"{who}.north@example.com")
		day = {"kind": "Closed", "all_day": 1, "from_date": "2099-02-01", "to_date": "2099-02-01"}
		assert insert_as_user("Availability Exception", doctor=world.north.doctor.name, **day)
		with pytest.raises(frappe.PermissionError):
			insert_as_user("Availability Exception", doctor=world.south.doctor.name, **day)


def test_appointments_are_made_where_one_works(world):
	"""SE-1: the desk books for its clinic, a doctor for themselves."""
	for number, who in enumerate(("desk", "doctor", "manager")):
		frappe.set_user(f"{who}.north@example.com")
		own, other = world.north, world.south
		start = add_to_date(
			now_datetime().replace(hour=11 + number, minute=0, second=0, microsecond=0), days=9
		)
		facts = {"patient": own.patient.name, "starts_at_utc": start}
		insert_as_user(
			"Clinic Appointment",
			doctor=own.doctor.name,
			service=own.service.name,
			clinic=own.clinic.name,
			**facts,
		)
		with pytest.raises(frappe.PermissionError):
			insert_as_user(
				"Clinic Appointment",
				doctor=other.doctor.name,
				service=other.service.name,
				clinic=other.clinic.name,
				**facts,
			)


def test_secrets_are_in_no_answer(world):
	"""SE-5, PT-5: hashes, seeds and sealed notes are read by no role, nor written by one."""
	visit = world.north.visit
	for who in ("manager.north@example.com", "desk.north@example.com", "doctor.north@example.com"):
		frappe.set_user(who)
		shown = frappe.client.get("Clinic Appointment", visit.name)
		assert not shown.get("seed") and not shown.get("token_hash") and not shown.get("note_encrypted")
		listed = get_list("Clinic Appointment", fields=["name", "seed", "token_hash"], limit_page_length=0)
		assert all(not row.get("seed") and not row.get("token_hash") for row in listed)
		document = frappe.get_doc("Clinic Appointment", visit.name)
		document.seed = document.token_hash = "0" * 64
		document.save()
	stored = frappe.db.get_value("Clinic Appointment", visit.name, ["seed", "token_hash"])
	assert stored == (visit.seed, visit.token_hash)


def test_settings_are_the_system_managers(world):
	"""SE-1: a manager reads the settings, nobody else at the clinic does."""
	for who, may_read in (("manager", True), ("desk", False), ("doctor", False)):
		frappe.set_user(f"{who}.north@example.com")
		assert frappe.has_permission("Clinic Booking Settings", "read") is may_read
		assert not frappe.has_permission("Clinic Booking Settings", "write")
		assert not frappe.has_permission("Booked Slot", "read")


def insert_as_user(doctype, **values):
	return frappe.get_doc(doctype=doctype, **values).insert()
