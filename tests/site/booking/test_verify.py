"""What `verify` finds in a database that hands were at, and mends (BK-3)."""

import frappe
import pytest

from clinic_booking.booking import claims, verify
from tests.scenes import a_scene
from tests.site.booking.site_scene import booked

HOUR_LATER = """UPDATE `tabClinic Appointment` SET starts_at_utc = starts_at_utc + INTERVAL 1 HOUR,
	ends_at_utc = ends_at_utc + INTERVAL 1 HOUR WHERE name = %s"""


@pytest.fixture
def scene(site):
	return a_scene(doctors=2, rooms=1)


@pytest.fixture
def visit(scene):
	"""With a doctor and a room."""
	return booked(scene, service=scene.room_visit)


@pytest.mark.parametrize(
	"harm",
	[
		"UPDATE `tabBooked Slot` SET reference = 'nobody' WHERE reference = %s",
		"DELETE FROM `tabBooked Slot` WHERE reference = %s",
		"DELETE FROM `tabBooked Slot` WHERE reference = %s AND resource LIKE 'Room:%%'",
		"UPDATE `tabBooked Slot` SET ends_at = ends_at - INTERVAL 10 MINUTE WHERE reference = %s",
		"UPDATE `tabBooked Slot` SET resource = CONCAT(resource, ' of old') WHERE reference = %s",
		HOUR_LATER,
	],
)
def test_claims_that_were_harmed(visit, harm):
	"""Claims without owner or elsewhere go, an appointment without one of its claims claims again."""
	assert verify.report() == []
	frappe.db.sql(harm, visit.name)
	assert verify.report() != []
	assert verify.mend() == []
	visit.reload()
	assert {claim.resource for claim in claims.held(visit.name)} == {
		claims.doctor(visit.doctor),
		claims.room(visit.room),
	}


def test_another_doctor_by_hand(scene, visit):
	"""The new one's time is claimed, the old one's is given back."""
	colleague = scene.doctors[1]
	frappe.db.sql("UPDATE `tabClinic Appointment` SET doctor = %s WHERE name = %s", (colleague, visit.name))
	assert verify.mend() == []
	held = {claim.resource for claim in claims.held(visit.name)}
	assert held == {claims.doctor(colleague), claims.room(visit.room)}
