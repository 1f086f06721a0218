"""`rate` over HTTP: what it takes, and what it refuses."""

import frappe
import pytest

from tests.site.api.conftest import error_of


@pytest.fixture
def token(practice, api):
	return api.booked(practice, api.slots(practice)[0]["start"])


def complete(token, api):
	reference = api.get("booking", token=token).json()["message"]["reference"]
	frappe.db.rollback()
	frappe.db.set_value("Clinic Appointment", {"reference": reference}, "status", "Completed")
	frappe.db.commit()


def test_a_completed_visit_gets_its_stars(token, practice, api):
	"""api.md `rate`: `{}`, once; the list of doctors shows it."""
	error_of(api.post("rate", token=token, stars=5), 422, "ERR_VALIDATION")
	complete(token, api)
	assert api.post("rate", token=token, stars=4).json() == {"message": {}}
	error_of(api.post("rate", token=token, stars=5), 422, "ERR_VALIDATION")
	assert api.get("doctor", slug=practice.slug).json()["message"]["rating"] == {"average": 4.0, "count": 1}


@pytest.mark.parametrize("stars", [0, 6, -1, 4.5, "5", True, None, 10**30])
def test_stars_are_whole_and_one_to_five(token, api, stars):
	"""SE-3, IN-9: anything else is refused by name."""
	complete(token, api)
	assert list(error_of(api.post("rate", token=token, stars=stars), 422, "ERR_VALIDATION")["fields"]) == [
		"stars"
	]


def test_a_hold_is_no_visit(practice, api):
	"""IN-14: nor is a strange token."""
	held = api.hold(practice, api.slots(practice)[0]["start"]).json()["message"]["token"]
	error_of(api.post("rate", token=held, stars=5), 422, "ERR_VALIDATION")
	error_of(api.post("rate", token="x" * 43, stars=5), 404, "ERR_NOT_FOUND")
