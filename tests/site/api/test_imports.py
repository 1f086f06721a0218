"""Patients and appointments of an older system: dry run, error list, each line whole or not at all (BK-10)."""

from types import SimpleNamespace

import frappe
import pytest

from clinic_booking.booking import claims, lifecycle
from clinic_booking.booking.changes import history
from tests.builders import insert
from tests.scenes import a_scene, on_day
from tests.site.api.staff import error_of_staff, message
from tests.site.booking.site_scene import in_utc
from tests.truth import contradictions

HEAD = "id;patient_id;patient_name;phone;email;birth_date;doctor;service;start"
NOTHING = {"unchanged": 0, "failed": 0, "errors": [], "outside": []}


@pytest.fixture
def scene(committed):
	return a_scene(price=35)


@pytest.fixture
def manager(staff, scene):
	"""The manager of the scene's clinic, who imports lines: `manager.takes(*lines)` answers the response."""
	person = staff("Manager", scene.clinic)

	def takes(*lines, clinic=scene.clinic, dry_run=False, owner=person.email):
		frappe.set_user(owner)
		file = insert(
			"File",
			file_name=f"{frappe.generate_hash(length=8)}.csv",
			content="\n".join([HEAD, *lines]),
			is_private=1,
		)
		frappe.set_user("Administrator")
		frappe.db.commit()
		asked = {"clinic": clinic, "file": file.name, "dry_run": dry_run}
		answer = person.of("imports").post("bookings", **asked)
		frappe.db.rollback()
		return answer

	return SimpleNamespace(takes=takes)


@pytest.fixture
def titles(scene):
	"""How the older system called the doctor and the service."""
	return SimpleNamespace(
		doctor=frappe.db.get_value("Doctor", scene.doctors[0], "doctor_name"),
		service=frappe.db.get_value("Clinic Service", scene.visit, "title"),
	)


def a_line(number, titles, hour=9, days=9, name="Ana Pop", phone="655 000 111", patient_id=""):
	start = on_day(days, hour).strftime("%d.%m.%Y %H:%M")
	return f"A{number};{patient_id};{name};{phone};;03.05.1980;{titles.doctor};{titles.service};{start}"


def appointments():
	return frappe.get_all("Clinic Appointment", fields=["*"], order_by="starts_at_utc")


def test_good_lines_become_appointments_with_their_time(manager, scene, titles):
	"""BK-10: by the titles people know, at the clinic's wall clock, price and claim as any; one patient for both."""
	report = message(manager.takes(a_line(1, titles), a_line(2, titles, hour=10)))
	assert report == {"lines": 2, "imported": 2} | NOTHING
	first, second = appointments()
	assert (first.source, first.status, first.old_id, first.price) == ("Import", "Confirmed", "A1", 35)
	assert first.starts_at_utc == in_utc(on_day(9, 9))
	assert first.patient == second.patient
	patient = frappe.get_doc("Clinic Patient", first.patient)
	assert (patient.phone, str(patient.birth_date), patient.clinic) == (
		"+34655000111",
		"1980-05-03",
		scene.clinic,
	)
	assert len(claims.held(first.name)) == 1
	assert contradictions() == []


def test_again_changes_nothing(manager, titles):
	"""BK-10: the old IDs are kept; the same file twice, and a patient alone twice, are there once."""
	lines = [a_line(1, titles), a_line(2, titles, hour=10), "P1;P1;Ion Pop;;;;;;"]
	assert message(manager.takes(*lines))["imported"] == 3
	count = frappe.db.count("Clinic Patient")
	assert message(manager.takes(*lines)) == NOTHING | {"lines": 3, "imported": 0, "unchanged": 3}
	assert (len(appointments()), frappe.db.count("Clinic Patient")) == (2, count)


def test_a_bad_line_leaves_nothing_and_stops_nobody(manager, titles):
	"""BK-10: each with its line, column and reason; the good ones stay; nobody is made for a bad one."""
	lines = [
		a_line(1, titles),
		a_line(2, titles, name="Radu Overlap"),
		a_line(3, titles, hour=10, name="X"),
		a_line(4, titles, hour=11, days=-3, name="Radu Past"),
		a_line(5, SimpleNamespace(doctor="Dr. Who", service=titles.service), name="Radu Doctorless"),
		a_line(6, SimpleNamespace(doctor=titles.doctor, service="Surgery"), name="Radu Serviceless"),
		a_line(7, titles, hour=12),
		"P1;;Radu Contactless;;;;;;",
	]
	report = message(manager.takes(*lines))
	assert (report["lines"], report["imported"], report["failed"]) == (8, 2, 6)
	assert [(error["line"], error["column"]) for error in report["errors"]] == [
		(3, "start"),
		(4, "patient_name"),
		(5, "line"),
		(6, "doctor"),
		(7, "service"),
		(9, "phone"),
	]
	assert [row.old_id for row in appointments()] == ["A1", "A7"]
	assert not frappe.get_all("Clinic Patient", {"patient_name": ("like", "Radu%")})
	assert contradictions() == []


def test_a_dry_run_tells_the_same_and_keeps_nothing(manager, titles):
	"""BK-10: overlaps within the file are found, too."""
	lines = [a_line(1, titles), a_line(2, titles, name="Ion Pop"), a_line(3, titles, hour=10)]
	before = frappe.db.count("Clinic Patient")
	dry = message(manager.takes(*lines, dry_run=True))
	assert (appointments(), frappe.db.count("Clinic Patient")) == ([], before)
	assert (dry["imported"], [error["line"] for error in dry["errors"]]) == (2, [3])
	assert message(manager.takes(*lines)) == dry


def test_only_into_clinics_one_manages(manager, titles):
	"""SE-1: not into another clinic, and not from somebody else's file."""
	other = a_scene()
	error_of_staff(manager.takes(a_line(1, titles), clinic=other.clinic), "ERR_NOT_FOUND")
	error_of_staff(manager.takes(a_line(1, titles), owner="Administrator"), "ERR_NOT_FOUND")
	assert appointments() == []


def test_what_was_agreed_outside_hours_is_listed(manager, titles):
	"""AV-9, BK-10: taken over all the same, listed with its line, and kept with its history."""
	lines = [a_line(1, titles), a_line(2, titles, hour=23), a_line(3, titles, hour=10, days=200)]
	dry = message(manager.takes(*lines, dry_run=True))
	report = message(manager.takes(*lines))
	assert report == dry
	assert [(each["line"], len(each["rules"])) for each in report["outside"]] == [(3, 2), (4, 1)]
	late = frappe.db.get_value("Clinic Appointment", {"old_id": "A2"})
	assert [change.overridden for change in history(late)] == ["closed, off_grid"]


def test_what_is_imported_is_billed_elsewhere(manager, titles):
	"""BK-10, PY-1: the older system's visits cost what they cost there; ours makes no invoice of them."""
	message(manager.takes(a_line(1, titles)))
	(visit,) = appointments()
	assert (visit.price, visit.payment_status) == (35, "Not Required")
	assert not frappe.db.exists("Billing Task", {"appointment": visit.name})
	lifecycle.cancel(visit.name, visit.doctor, "Ill")
	assert not frappe.db.exists("Billing Task", {"appointment": visit.name})
