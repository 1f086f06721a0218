"""A doctor of two clinics, and the managers and receptionists of one of them: the other one's rows (SE-1)."""

import frappe
import pytest

from tests.builders import a_block, a_clinic, a_doctor, a_service, an_exception, insert

DAY = {"kind": "Closed", "all_day": 1, "from_date": "2099-02-01", "to_date": "2099-02-01"}


def a_user(who, *roles):
	user = insert("User", email=f"{who}@example.com", first_name=who, send_welcome_email=0)
	user.add_roles(*roles)
	return user.name


@pytest.fixture
def world(site):
	"""Clinics here, there and yonder; a doctor of the first two, with hours at both and a price of their own
	there. Here are a manager and a receptionist; somebody manages both."""
	people = [
		{"user": a_user("manager"), "role": "Manager"},
		{"user": a_user("desk"), "role": "Receptionist"},
	]
	both = {"user": a_user("both"), "role": "Manager"}
	here, there, yonder = a_clinic(staff=[*people, both]), a_clinic(staff=[both]), a_clinic()
	service = a_service(here, there, yonder, price=50)
	alone, other = a_service(here, price=20), a_service(there, price=30)
	doctor = a_doctor(
		service,
		other,
		clinics=[here, there],
		user=a_user("doctor"),
		availability=[a_block(here, "Monday", "08:00", "12:00"), a_block(there, "Tuesday", "08:00", "12:00")],
	)
	doctor.append("services", {"service": service.name, "clinic": there.name, "price": 60})
	doctor.save()
	names = {
		"here": here,
		"there": there,
		"yonder": yonder,
		"service": service,
		"alone": alone,
		"other": other,
	}
	return frappe._dict({key: doc.name for key, doc in names.items()}, doctor=doctor.name)


def at(rows, clinic):
	return next(row for row in rows if row.clinic == clinic)


def without(doctor, table, row):
	doctor.set(table, [each for each in doctor.get(table) if each is not row])


def add(doctor, table, **row):
	doctor.append(table, row)


ELSEWHERE = {
	"price": lambda doc, world: at(doc.services, world.there).update({"price": 1}),
	"price taken": lambda doc, world: without(doc, "services", at(doc.services, world.there)),
	"hours": lambda doc, world: at(doc.availability, world.there).update({"end_time": "13:00"}),
	"hours taken": lambda doc, world: without(doc, "availability", at(doc.availability, world.there)),
	"hours given": lambda doc, world: doc.append(
		"availability", a_block(frappe._dict(name=world.there), "Friday", "08:00", "12:00")
	),
	"hours brought here": lambda doc, world: at(doc.availability, world.there).update({"clinic": world.here}),
	"taken away": lambda doc, world: [
		doc.set(table, [row for row in doc.get(table) if row.clinic != world.there])
		for table in ("clinics", "services", "availability")
	],
	"lent": lambda doc, world: add(doc, "clinics", clinic=world.yonder),
	"service taken": lambda doc, world: doc.set("services", [*doc.services[:1], *doc.services[2:]]),
	"length": lambda doc, world: doc.services[0].update({"duration_minutes": 45}),
}
HERE = {
	"price": lambda doc, world: add(doc, "services", service=world.service, clinic=world.here, price=70),
	"hours": lambda doc, world: at(doc.availability, world.here).update({"end_time": "13:00"}),
	"service": lambda doc, world: add(doc, "services", service=world.alone),
	"length": lambda doc, world: add(doc, "services", service=world.alone, duration_minutes=45),
	"texts": lambda doc, world: doc.update({"bio": "New", "online": 0}),
	"nothing": lambda doc, world: None,
}


def saved(user, world, change):
	"""As a form does it: what was loaded comes back as text."""
	frappe.set_user(f"{user}@example.com")
	doctor = frappe.get_doc(frappe.get_doc("Doctor", world.doctor).as_dict(convert_dates_to_str=True))
	change(doctor, world)
	return doctor.save()


@pytest.mark.parametrize("change", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_manager_changes_their_own_clinic_only(world, change):
	"""SE-1: neither price nor hours nor the doctor's work at another clinic; who manages both does."""
	before = frappe.get_doc("Doctor", world.doctor).as_dict()
	with pytest.raises(frappe.PermissionError):
		saved("manager", world, change)
	assert frappe.get_doc("Doctor", world.doctor).as_dict() == before
	if change is not ELSEWHERE["lent"]:
		saved("both", world, change)


@pytest.mark.parametrize("change", HERE.values(), ids=HERE)
def test_a_manager_changes_what_holds_here(world, change):
	"""SE-1: of a shared doctor, too."""
	saved("manager", world, change)


def test_a_doctor_has_all_their_hours(world):
	"""SE-1, AV-1: at every clinic; where they work and what they charge stays as it was."""
	saved("doctor", world, ELSEWHERE["hours"])
	saved("doctor", world, ELSEWHERE["price"])
	assert at(frappe.get_doc("Doctor", world.doctor).services, world.there).price == 60


def test_a_doctor_who_manages_one_clinic_sets_no_price_at_another(world):
	"""SE-1: two offices are no third."""
	clinic = frappe.get_doc("Clinic", world.here)
	clinic.append("staff", {"user": "doctor@example.com", "role": "Manager"})
	clinic.save()
	saved("doctor", world, ELSEWHERE["hours"])
	with pytest.raises(frappe.PermissionError):
		saved("doctor", world, ELSEWHERE["price"])


def test_a_doctor_made_by_a_manager_works_for_them(world):
	"""SE-1: nobody's doctor practises at another clinic from the start."""
	frappe.set_user("manager@example.com")
	facts = {"doctype": "Doctor", "doctor_name": "Dr. New", "clinics": [{"clinic": world.here}]}
	assert frappe.get_doc(facts).insert()
	facts["clinics"].append({"clinic": world.there})
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(facts | {"doctor_name": "Dr. Newer"}).insert()


@pytest.mark.parametrize("user", ["manager", "desk"])
@pytest.mark.parametrize("clinic", ["there", None])
def test_exceptions_are_of_ones_own_clinic(world, user, clinic):
	"""SE-1, AV-3: another clinic is neither closed, alone or with all, nor opened again."""
	elsewhere = {"doctor": world.doctor, "clinic": world.get(clinic), **DAY}
	named = an_exception(frappe._dict(name=world.doctor), from_date="2099-03-01", clinic=elsewhere["clinic"])
	frappe.set_user(f"{user}@example.com")
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(doctype="Availability Exception", **elsewhere).insert()
	for change in ({"clinic": world.here}, {"reason": "Fair"}):
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc("Availability Exception", named.name).update(change).save()
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc("Availability Exception", named.name)
	assert frappe.db.get_value("Availability Exception", named.name, "clinic") == elsewhere["clinic"]


@pytest.mark.parametrize("user", ["manager", "desk", "both", "doctor"])
def test_exceptions_here_are_ones_own(world, user):
	"""SE-1, AV-3: by clinic for who works at one; the doctor, and who works at all, may close all."""
	frappe.set_user(f"{user}@example.com")
	for clinic in (world.here,) if user in ("manager", "desk") else (world.here, None):
		made = frappe.get_doc(
			doctype="Availability Exception", doctor=world.doctor, clinic=clinic, **DAY
		).insert()
		made.update({"reason": "Fair"}).save()
		frappe.delete_doc("Availability Exception", made.name)
