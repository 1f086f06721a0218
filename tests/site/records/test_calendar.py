from datetime import datetime, timedelta, timezone

import frappe
import pytest

from clinic_booking.api import desk
from clinic_booking.errors import Validation
from tests.builders import a_clinic, a_doctor, a_patient, a_service, insert

MONDAY = datetime(2099, 6, 1, tzinfo=timezone.utc)


@pytest.fixture
def london():
	return a_clinic(timezone="Europe/London", country="United Kingdom", phone=None)


@pytest.fixture
def visit(london):
	service = a_service(london, title="Consultation")
	doctor = a_doctor(service, clinics=[london], doctor_name="Dr. Bennett", color="#2ca02c")
	return a_visit(doctor, service, london, MONDAY + timedelta(hours=9))


def a_visit(doctor, service, clinic, start, **values):
	return insert(
		"Clinic Appointment",
		doctor=doctor.name,
		service=service.name,
		clinic=clinic.name,
		patient=a_patient(patient_name="Noor Haddad").name,
		starts_at_utc=start.replace(tzinfo=None),
		**values,
	)


def events(start=MONDAY, days=7, **filters):
	return desk.events.function(start, start + timedelta(days=days), **filters)


def test_an_event_has_the_doctors_colour_and_both_clocks(visit):
	"""UI-2, TI-11: wall clock of the site (Madrid) for the calendar, of the clinic (London) for people."""
	(event,) = events()
	assert event == {
		"name": visit.name,
		"start": "2099-06-01 11:00:00",
		"end": "2099-06-01 11:30:00",
		"title": "Noor Haddad · Consultation",
		"status": "Confirmed",
		"color": "#2ca02c",
		"doctor": "Dr. Bennett",
		"room": None,
		"local": "10:00 Europe/London",
	}


@pytest.mark.parametrize(
	("start", "hours", "shown"),
	[(9, 1, 1), (8, 1, 0), (10, 1, 0), (9.25, 0.1, 1), (9, 0, 0), (8.5, 0.51, 1)],
)
def test_events_are_those_that_meet_the_range(visit, start, hours, shown):
	"""TI-4: half-open: what ends when the range starts, or starts when it ends, is not in it."""
	begin = MONDAY + timedelta(hours=start)
	assert len(desk.events.function(begin, begin + timedelta(hours=hours))) == shown


def test_cancelled_visits_are_left_out(visit):
	"""UI-2: their time is free again."""
	visit.status, visit.cancel_reason = "Cancelled", "ill"
	visit.save()
	assert events() == []
	assert len(events(states=["Cancelled"])) == len(events(states=["Confirmed", "Cancelled"])) == 1
	assert events(states=["Confirmed"]) == []


def test_calendar_of_one_doctor_or_clinic(visit, london):
	"""UI-2: the list's own filters count in the calendar."""
	assert len(events(doctor=visit.doctor)) == len(events(clinic=london.name)) == 1
	assert events(doctor=a_doctor(clinics=[london]).name) == events(clinic=a_clinic().name) == []


def test_calendar_shows_what_its_reader_may_see(visit, london):
	"""SE-1: a receptionist of another clinic sees an empty calendar."""
	for email, clinic in (("here@example.com", london), ("elsewhere@example.com", a_clinic())):
		insert("User", email=email, first_name="Desk", send_welcome_email=0)
		clinic.append("staff", {"user": email, "role": "Receptionist"})
		clinic.save()
	frappe.set_user("here@example.com")
	assert len(events()) == 1
	frappe.set_user("elsewhere@example.com")
	assert events() == []


@pytest.mark.parametrize("days", [-1, 63, 3650])
def test_calendar_of_ten_years_is_refused(visit, days):
	"""TI-10: reversed or longer than 62 days."""
	with pytest.raises(Validation):
		events(days=days)
