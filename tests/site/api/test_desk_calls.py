"""The desk's dialogs, over HTTP: finding and creating patients, free times, booking and walk-in (DY-1, PT-6, SE-1)."""

from datetime import timezone
from types import SimpleNamespace

import frappe
import pytest

from tests.builders import WEEKDAYS, a_block, a_clinic, a_doctor, a_patient, a_service
from tests.scenes import a_scene, in_days, on_day
from tests.site.api.conftest import PATH
from tests.site.api.staff import error_of_staff, message


@pytest.fixture
def scene(committed):
	return a_scene(price=35)


@pytest.fixture
def desk(staff, scene):
	"""The receptionist of the scene's clinic."""
	return staff("Receptionist", scene.clinic).of("desk")


def day_and_night(clinic):
	return [
		a_block(clinic, day, *hours) for day in WEEKDAYS for hours in (("00:00", "12:00"), ("12:00", "00:00"))
	]


@pytest.fixture
def always_open(scene):
	"""The same, its doctor open day and night."""
	doctor = frappe.get_doc("Doctor", scene.doctors[0])
	doctor.set("availability", day_and_night(frappe.get_doc("Clinic", scene.clinic)))
	doctor.save()
	frappe.db.commit()
	return scene


@pytest.fixture
def people(scene):
	"""Two patients of the clinic, and one of another clinic."""
	mine = [
		a_patient(
			patient_name="Zoë Brâncuși", phone="+34655000111", birth_date="1980-05-03", clinic=scene.clinic
		),
		a_patient(patient_name="Ion Pop", phone="+34655000222", email="ion@pop.example", clinic=scene.clinic),
	]
	other = a_patient(patient_name="Zoë Elsewhere", phone="+34699888777", clinic=a_clinic().name)
	frappe.db.commit()
	return SimpleNamespace(zoe=mine[0], ion=mine[1], other=other)


def found(desk, q, **more):
	answer = message(desk.get("patients", q=q, **more))
	return [each["name"] for each in answer["patients"]], answer["elsewhere"]


@pytest.mark.parametrize(
	"q",
	[
		"zoe",
		"BRANC",
		"brancusi zo",
		"000111",
		"655 000 111",
		"+34 655000111",
		"1980-05-03",
		"3.5.1980",
		"1980",
	],
)
def test_one_box_finds_by_part_of_anything(desk, people, q):
	"""PT-6: name without accents or case, words in any order, phone with blanks, birth date as written."""
	assert found(desk, q) == (["Zoë Brâncuși"], False)


@pytest.mark.parametrize("q", ["elsewhere", "699888777", "Zoë Elsewhere", "1", "%", "_", "' OR 1=1 --", "@"])
def test_strangers_are_not_found_by_parts(desk, people, q):
	"""SE-1, IN-5: neither by a name, nor by a number alone; a lone sign finds nobody else either."""
	names, is_elsewhere = found(desk, q)
	assert people.other.patient_name not in names and not is_elsewhere


def test_elsewhere_by_name_with_the_whole_phone_or_mail(desk, people, scene):
	"""SE-1: only both together say that there is somebody; booking for them finds the one there is."""
	phone = {"clinic": scene.clinic}
	assert found(desk, "zoe elsewhere 699888777", **phone) == ([], True)
	assert found(desk, f"zoe elsewhere {people.other.email}") == ([], True)
	assert found(desk, "zoe 699888777", **phone) == ([], False)
	assert found(desk, "zoe elsewhere 69988877", **phone) == ([], False)
	who = {"name": "Zoe Elsewhere", "phone": "699888777"}
	made = message(desk.post("book", new_patient=who, **a_time(scene)))
	frappe.db.rollback()
	assert frappe.db.get_value("Clinic Appointment", made["appointment"], "patient") == people.other.name


def a_time(scene, days=2, **more):
	return {
		"doctor": scene.doctors[0],
		"service": scene.visit,
		"clinic": scene.clinic,
		"start": on_day(days, 12).isoformat(),
	} | more


def test_a_patient_is_created_with_the_booking(desk, people, scene):
	"""BK-4: new by name; a known phone under another name flags a possible duplicate; a refused booking leaves nobody."""
	who = {"name": "Ana Pop", "phone": "655 000 222", "birth_date": "2015-02-03"}
	made = message(desk.post("book", new_patient=who, **a_time(scene)))
	frappe.db.rollback()
	visit = frappe.get_doc("Clinic Appointment", made["appointment"])
	patient = frappe.get_doc("Clinic Patient", visit.patient)
	assert (patient.phone, str(patient.birth_date)) == ("+34655000222", "2015-02-03")
	assert patient.possible_duplicate_of == people.ion.name
	assert (visit.contact_name, visit.source) == ("Ana Pop", "Desk")
	taken = desk.post("book", new_patient={"name": "Radu Nobody"}, **a_time(scene))
	assert error_of_staff(taken, "ERR_SLOT_CONFLICT")["alternatives"]
	frappe.db.rollback()
	unborn = {"name": "Radu Nobody", "birth_date": in_days(400).isoformat()}
	refused = error_of_staff(desk.post("book", new_patient=unborn, **a_time(scene, 3)))
	assert set(refused["fields"]) == {"new_patient.birth_date"}
	frappe.db.rollback()
	assert not frappe.db.exists("Clinic Patient", {"patient_name": "Radu Nobody"})


def test_one_patient_and_not_two(desk, people, scene):
	"""SE-3: either a known one or a new one; one out of reach looks like none."""
	new = {"name": "Ana Pop"}
	for who in ({}, {"patient": people.zoe.name, "new_patient": new}):
		assert error_of_staff(desk.post("book", **who, **a_time(scene)))["fields"]["patient"]
	error_of_staff(desk.post("book", patient=people.other.name, **a_time(scene)), "ERR_NOT_FOUND")
	wrong = desk.post("book", new_patient={"name": "Ana Pop", "phone": "12"}, **a_time(scene))
	assert list(error_of_staff(wrong)["fields"]) == ["new_patient.phone"]


def test_a_walk_in_is_checked_in(desk, scene):
	"""DY-1: from now on, with nothing but a name."""
	asked = {"doctor": scene.doctors[0], "service": scene.visit, "clinic": scene.clinic}
	made = message(desk.post("walk_in", new_patient={"name": "Ana Pop"}, **asked))
	assert made["status"] == "Checked In"
	error_of_staff(desk.post("walk_in", new_patient={"name": "Ion Pop"}, **asked), "ERR_SLOT_CONFLICT")


def test_a_walk_in_waits_for_a_busy_doctor(desk, always_open):
	"""DY-1, BK-3: the doctor's next times, one of which is taken with the patient checked in."""
	asked = {"doctor": always_open.doctors[0], "service": always_open.visit, "clinic": always_open.clinic}
	made = message(desk.post("walk_in", new_patient={"name": "Ana Pop"}, **asked))
	busy = error_of_staff(desk.post("walk_in", new_patient={"name": "Ion Pop"}, **asked), "ERR_SLOT_CONFLICT")
	starts = [each["start"] for each in busy["alternatives"]]
	assert (starts[0], len(starts)) == (made["end"], 3)
	(doctor,) = message(desk.get("walk_in_times", clinic=always_open.clinic))
	assert (doctor["doctor"], doctor["starts"]) == (always_open.doctors[0], starts)
	later = message(desk.post("walk_in", new_patient={"name": "Ion Pop"}, start=starts[0], **asked))
	assert (later["start"], later["status"]) == (starts[0], "Checked In")


def test_who_is_free_soonest_comes_first(desk, always_open, scene):
	"""DY-1: a doctor who is busy now comes after one who is not; without time, last."""
	clinic = frappe.get_doc("Clinic", always_open.clinic)
	service = frappe.get_doc("Clinic Service", always_open.visit)
	other = a_doctor(service, clinics=[clinic], availability=day_and_night(clinic)).name
	closed = a_doctor(service, clinics=[clinic], weekdays=()).name
	frappe.db.commit()
	asked = {"service": always_open.visit, "clinic": always_open.clinic}
	message(desk.post("walk_in", doctor=always_open.doctors[0], new_patient={"name": "Ana Pop"}, **asked))
	found = message(desk.get("walk_in_times", **asked))
	assert [each["doctor"] for each in found] == [other, always_open.doctors[0], closed]
	assert found[-1]["starts"] == []


def test_why_names_who_has_the_time(desk, inside, people, scene):
	"""AV-14, SE-1: the patient and the times, for whoever may see the appointment."""
	made = message(desk.post("book", patient=people.zoe.name, **a_time(scene)))
	claim = message(desk.get("why", **a_time(scene)))["claim"]
	assert (claim["reference"], claim["patient"]) == (made["appointment"], "Zoë Brâncuși")
	assert (claim["start"][:16], claim["end"][:16]) == tuple(
		f"{on_day(2, 12, minute).astimezone(timezone.utc):%Y-%m-%dT%H:%M}" for minute in (0, 30)
	)


def test_offers_are_those_of_the_own_clinics(desk, scene):
	"""SE-1: doctors of other clinics are not offered; services come with the clinics that have a price."""
	a_scene()
	(offer,) = message(desk.get("offers"))
	assert offer["doctor"] == scene.doctors[0]
	(service,) = offer["services"]
	assert (service["service"], service["minutes"]) == (scene.visit, 30)
	assert [each["clinic"] for each in service["clinics"]] == [scene.clinic]


def test_times_are_what_patients_see_and_more(desk, inside, scene):
	"""AV-7: the same times; those of a service that is not online too, and one's own when moving."""
	day = {"from_date": str(in_days(2)), "to_date": str(in_days(2))}
	asked = {"doctor": scene.doctors[0], "service": scene.visit, **day}
	assert desk.get("times", **asked).data == inside("GET", PATH + "availability", query_string=asked).data
	frappe.db.set_value("Clinic Service", scene.visit, "online", 0)
	frappe.db.set_value("Doctor", scene.doctors[0], "offer_version", "changed")
	frappe.db.commit()
	error_of_staff(inside("GET", PATH + "availability", query_string=asked))
	(shown,) = message(desk.get("times", **asked))["days"]
	assert on_day(2, 12).isoformat() in [slot["start"] for slot in shown["slots"]]
	made = message(desk.post("book", new_patient={"name": "Ana Pop"}, **a_time(scene)))
	for own, is_free in ({}, False), ({"appointment": made["appointment"]}, True):
		(shown,) = message(desk.get("times", **asked, **own))["days"]
		assert (on_day(2, 12).isoformat() in [slot["start"] for slot in shown["slots"]]) == is_free


def test_another_clinics_doctor_is_out_of_reach(desk, scene):
	"""IN-13: neither times, nor bookings, nor walk-ins."""
	clinic = a_clinic()
	service = a_service(clinic)
	doctor = a_doctor(service, clinics=[clinic])
	frappe.db.commit()
	theirs = {"doctor": doctor.name, "service": service.name, "clinic": clinic.name}
	day = {"from_date": str(in_days(2)), "to_date": str(in_days(2))}
	who = {"new_patient": {"name": "Ana Pop"}}
	error_of_staff(desk.get("times", **theirs, **day), "ERR_NOT_FOUND")
	error_of_staff(desk.post("book", **who, **theirs, start=on_day(2, 12).isoformat()), "ERR_NOT_FOUND")
	error_of_staff(desk.post("walk_in", **who, **theirs), "ERR_NOT_FOUND")
