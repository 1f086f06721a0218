"""Stars for a visit: once, after it, by whoever has its link; the doctor's average follows at once."""

import frappe
import pytest

from clinic_booking.booking import doctors, rating
from clinic_booking.errors import Validation
from tests.scenes import a_scene, on_day
from tests.site.booking.site_scene import booked, do


@pytest.fixture
def scene(site):
	return a_scene()


def over(appointment, status="Completed"):
	"""The visit as it is once it was attended."""
	appointment.db_set("status", status)
	return appointment


def card(scene):
	return doctors.profile(scene.slugs[0], next_free=False)["rating"]


def test_stars_reach_the_doctors_card(scene):
	"""api.md `rate`: average to one decimal, and how many; remembered practices are read anew."""
	assert card(scene) is None
	for stars, days in ((5, 2), (4, 3), (4, 4)):
		visit = over(booked(scene, on_day(days, 12)))
		do(rating.rate, visit.name, visit.doctor, stars)
	assert card(scene) == {"average": 4.3, "count": 3}
	(listed,) = (found for found in doctors.search()["doctors"] if found["doctor"] == scene.doctors[0])
	assert listed["rating"] == card(scene)


def test_only_once(scene):
	"""api.md `rate`: a second time is refused and counts nothing."""
	visit = over(booked(scene))
	do(rating.rate, visit.name, visit.doctor, 5)
	with pytest.raises(Validation):
		do(rating.rate, visit.name, visit.doctor, 1)
	assert card(scene) == {"average": 5.0, "count": 1}


@pytest.mark.parametrize("status", ["Confirmed", "Checked In", "No Show", "Cancelled"])
def test_only_a_completed_visit(scene, status):
	"""api.md `rate`: Completed only."""
	visit = over(booked(scene), status)
	with pytest.raises(Validation):
		do(rating.rate, visit.name, visit.doctor, 5)
	assert card(scene) is None


def test_a_form_takes_no_stars_back(scene):
	"""BK-10: a doctor's form that was opened before the stars came, and REST, leave them as they are."""
	doctor = frappe.get_doc("Doctor", scene.doctors[0])
	visit = over(booked(scene))
	do(rating.rate, visit.name, visit.doctor, 2)
	doctor.bio = "Twenty years of practice"
	doctor.save()
	assert card(scene) == {"average": 2.0, "count": 1}
	visit.reload()
	visit.update({"rating": 5}).save()
	assert frappe.db.get_value("Clinic Appointment", visit.name, "rating") == 2
