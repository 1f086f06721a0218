"""Lists and documents say the same of who sees what, whatever the people and the rows (SE-1)."""

import random

import frappe
import pytest
from frappe.client import get_list

from clinic_booking.permissions import CHILDREN, SEEN
from tests.builders import a_clinic, a_doctor, a_patient, a_service, an_exception, insert
from tests.site.permissions.scene import LONG_AGO, a_user, at_hour

PARENTS = sorted(set(SEEN) - set(CHILDREN))


@pytest.mark.parametrize("seed", range(4))
def test_in_the_list_if_and_only_if_it_may_be_read(site, seed):
	"""SE-1: for people and clinics at random, a row is listed exactly where its document opens."""
	people = a_random_practice(random.Random(seed))
	for user in people:
		for doctype in PARENTS:
			frappe.set_user("Administrator")
			everything = frappe.get_all(doctype, pluck="name")
			frappe.set_user(user)
			if not frappe.has_permission(doctype, "read"):
				continue
			listed = {row.name for row in get_list(doctype, limit_page_length=0)}
			opened = {name for name in everything if frappe.has_permission(doctype, "read", name)}
			assert listed == opened, f"{user}: {doctype}"


def a_random_practice(dice) -> list[str]:
	"""Three clinics, four doctors who work at some of them, six staff with roles at some, eight visits; the users."""
	clinics = [a_clinic() for _ in range(3)]
	service = a_service(*clinics, price=10)
	logins = [a_user(f"doctor{n}.{dice.random()}@example.com") for n in range(2)]
	doctors = [
		a_doctor(service, clinics=dice.sample(clinics, dice.randint(1, 2)), user=login)
		for login in (*logins, None, None)
	]
	people = [a_user(f"staff{n}.{dice.random()}@example.com", "Clinic Receptionist") for n in range(4)]
	for clinic in clinics:
		for user in dice.sample([*people, *logins], dice.randint(0, 3)):
			clinic.append("staff", {"user": user, "role": dice.choice(("Manager", "Receptionist"))})
		clinic.save()
	for number in range(8):
		a_random_visit(dice, number, doctors, service, people)
	return [*people, *logins]


def a_random_visit(dice, number, doctors, service, people) -> None:
	doctor = dice.choice(doctors)
	clinic = dice.choice(doctor.clinics).clinic
	patient = a_patient(clinic=dice.choice((None, clinic, dice.choice(doctors).clinics[0].clinic)))
	frappe.db.set_value("Clinic Patient", patient.name, "owner", dice.choice((*people, "Administrator")))
	place = {"doctor": doctor.name, "clinic": clinic}
	if dice.random() < 0.7:
		insert(
			"Clinic Appointment", **place, service=service.name, patient=patient.name,
			starts_at_utc=at_hour(5 + number),
		)  # fmt: skip
	if dice.random() < 0.5:
		an_exception(doctor, from_date=f"2099-01-{number + 1:02}")
	alert = {field: value for field, value in place.items() if dice.random() < 0.7}
	insert("Clinic Alert", subject="Look", severity="Info", status="Open", **alert)
	insert("Patient Consent", patient=patient.name, kind="Booking", given_at=LONG_AGO)
