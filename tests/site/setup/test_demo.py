import frappe
import pytest
from frappe.utils.password import check_password

from clinic_booking.booking import practices
from clinic_booking.setup import demo, demo_doctors, demo_people
from clinic_booking.translations import translate
from tests import texts

COUNTED = (
	"Company",
	"Holiday List",
	"User",
	"Clinic",
	"Clinic Staff",
	"Clinic Room",
	"Specialty",
	"Clinic Service",
	"Doctor",
	"Availability Exception",
	"Clinic Patient",
	"Clinic Appointment",
	"Appointment Change",
	"Booked Slot",
	"Translation",
)


@pytest.fixture
def marked(site, monkeypatch):
	"""The site is one to try things out on."""
	monkeypatch.setitem(frappe.local.conf, "clinic_booking_demo", 1)


@pytest.fixture
def made(marked, capsys):
	demo.make()
	return capsys.readouterr().out


def counts():
	return {doctype: frappe.db.count(doctype) for doctype in COUNTED}


def test_demo_has_what_the_specification_lists(made):
	"""BK-1: two clinics in two zones and currencies, ten doctors, every way of payment, visits past and to come."""
	clinics = frappe.get_all("Clinic", fields=["timezone", "currency"])
	assert len({clinic.timezone for clinic in clinics}) == len({clinic.currency for clinic in clinics}) == 2
	assert frappe.db.count("Doctor") == 10
	assert set(frappe.get_all("Clinic Service", pluck="payment")) == {
		"Free",
		"At Clinic",
		"Optional",
		"Deposit",
		"Pay First",
	}
	assert frappe.db.exists("Clinic Service Price", {"price": 35, "parenttype": "Clinic Service"})
	visits = frappe.get_all("Clinic Appointment", fields=["status", "rating", "starts_at"])
	assert len(visits) == len(demo_people.VISITS)
	assert any(visit.status == "Completed" and visit.rating == 5 for visit in visits)
	assert {"Requested", "Confirmed", "No Show", "Cancelled"} <= {visit.status for visit in visits}
	assert frappe.db.exists("Availability Exception", {"reason": "Vacation"})


def test_demo_has_a_look_of_its_own_and_keeps_another(made):
	"""UI-1: name, logo and welcome on the public pages; what somebody chose since stays."""
	settings = frappe.get_doc("Clinic Booking Settings")
	assert (settings.brand_name, bool(settings.logo)) == ("Sunrise Clinic", True)
	settings.update({"brand_name": "Casa Sol", "logo": None}).save()
	demo.make()
	settings.reload()
	assert (settings.brand_name, settings.logo) == ("Casa Sol", None)


def test_demo_made_twice_is_made_once(made):
	"""LI-6: nothing doubles, nothing that somebody changed is put back."""
	doctor = frappe.get_doc("Doctor", {"doctor_name": demo_doctors.IONESCU})
	doctor.notice_minutes = 30
	doctor.save()
	before = counts()
	demo.make()
	assert counts() == before
	assert frappe.db.get_value("Doctor", doctor.name, "notice_minutes") == 30


def test_demo_speaks_the_reader_s_language(made):
	"""UI-1: whatever its doctors and services say of themselves, the welcome included."""
	for language in texts.LANGUAGES:
		frappe.local.lang = language
		said = {each.id: each.string for each in texts.catalogue(language, texts.DEMO) if each.id}
		assert len(said) > 60
		assert {text: translate(text) for text in said} == said


def test_demo_logins_work_and_are_printed(made):
	"""SE-1: a manager, a receptionist, a doctor and a patient, each with their role and no other of ours."""
	expected = {
		demo_people.STAFF[0][0]: "Clinic Manager",
		demo_people.STAFF[1][0]: "Clinic Receptionist",
		demo_people.DOCTOR_LOGIN[0]: "Clinic Doctor",
		demo_people.PATIENT_LOGIN[0]: "Clinic Patient",
	}
	for email, role in expected.items():
		assert f"{email}, password {demo.PASSWORD}" in made
		assert check_password(email, demo.PASSWORD) == email
		assert {name for name in frappe.get_roles(email) if name.startswith("Clinic ")} == {role}
	assert frappe.db.get_value("User", demo_people.PATIENT_LOGIN[0], "user_type") == "Website User"


def test_every_demo_doctor_can_be_booked(made):
	"""AV-7: each has free times in the coming week, for a service that needs no payment beforehand."""
	from clinic_booking.api import public

	found = public.doctors.function(limit=50)
	assert len(found["doctors"]) == 10
	without = [doctor["name"] for doctor in found["doctors"] if not doctor["next_free"]]
	assert without == []


def test_demo_is_paid_by_bank_transfer(made):
	"""PY-3, BK-5: deposits and what is paid first are offered, in both currencies."""
	offered = {
		(service.payment, price.currency): practice.ways[clinic]
		for practice in practices.load(frappe.get_all("Doctor", pluck="name")).values()
		for service in practice.online_services()
		for clinic, price in service.prices.items()
	}
	for payment, currency in (("deposit", "EUR"), ("pay_first", "EUR"), ("pay_first", "GBP")):
		assert "bank_transfer" in [way.method for way in offered[payment, currency]]


def test_a_real_site_gets_no_demo(site, monkeypatch):
	"""LI-6: its logins have a password that everybody can read; only a site marked as a demo gets them."""
	monkeypatch.setitem(frappe.local.conf, "clinic_booking_demo", 0)
	before = counts()
	with pytest.raises(frappe.ValidationError, match="clinic_booking_demo"):
		demo.make()
	assert counts() == before


def test_demo_needs_a_company(marked, monkeypatch):
	"""LI-9: on a site whose setup wizard has not run, it says so instead of failing somewhere."""
	monkeypatch.setattr(frappe.db, "get_all", lambda *args, **kwargs: [])
	with pytest.raises(frappe.ValidationError, match="setup wizard"):
		demo.make()
