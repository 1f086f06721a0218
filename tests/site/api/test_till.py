"""Who takes and gives back money at a clinic: its own staff (SE-1, PY-4)."""

import pytest

from tests.builders import a_clinic
from tests.site.api.staff import error_of_staff, message
from tests.site.billing.online import NEXT_WEEK, a_paying_scene
from tests.site.booking.site_scene import booked


@pytest.fixture
def scene(committed):
	return a_paying_scene("At Clinic")


@pytest.fixture
def visit(scene):
	return booked(scene, NEXT_WEEK)


def calls(visit):
	"""Every call about money, by its verb and arguments."""
	name = {"appointment": visit.name}
	return [
		("get", "payment", name),
		("get", "paper", name),
		("post", "take_payment", name | {"mode_of_payment": "Cash", "open": "35.00"}),
		("post", "refund", name | {"way": "Cash", "refundable": "35.00"}),
		("post", "confirm_transfer", {"reference": visit.reference, "amount": "35.00"}),
	]


def test_own_visits_elsewhere_are_not_ones_own_to_cash(scene, visit, staff):
	"""SE-1: reception at one clinic, doctor at another: there the visits are theirs, the till is not."""
	elsewhere = a_clinic()
	desk = staff("Receptionist", elsewhere.name, doctor=scene.doctors[0]).of("desk")
	for verb, call, arguments in calls(visit):
		error_of_staff(getattr(desk, verb)(call, **arguments), "ERR_NOT_FOUND")


def test_staff_of_the_clinic_cash(scene, visit, staff):
	"""PY-4: its reception and its managers."""
	for desk in (staff("Receptionist", scene.clinic).of("desk"), staff("Manager", scene.clinic).of("desk")):
		assert message(desk.get("payment", appointment=visit.name))["payment_status"] == "Unpaid"
