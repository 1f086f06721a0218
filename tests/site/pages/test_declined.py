"""A request that the doctor declines: other times on the booking's own page (BK-5)."""

import frappe

from clinic_booking.booking import declined, lifecycle
from tests.scenes import a_scene, on_day
from tests.site.api.conftest import PATIENT, Api
from tests.site.booking.site_scene import booked, do, in_utc, minutes, now


def test_other_times_are_offered_instead(client):
	"""BK-5: three free times around the one declined, each a link that holds it, in both pages' zone."""
	scene = a_scene(approves_bookings=1)
	asked = {"doctor": scene.doctors[0], "service": scene.visit, "start": on_day(2, 12).isoformat()}
	api = Api(client)
	token = api.post("hold", **asked).json()["message"]["token"]
	assert api.post("book", token=token, patient=PATIENT, consent=True).status_code == 200
	frappe.db.rollback()
	visit = frappe.get_last_doc("Clinic Appointment")
	do(lifecycle.decline, visit.name, visit.doctor, "At a congress")
	page = client.get(f"/booking/{token}").text
	assert page.count('data-module="clinic-chosen-time"') == 3
	assert "Other times with the same doctor" in page and "congress" not in page


def test_only_for_what_was_declined(site):
	"""BK-5: by the doctor, or by time; not what the patient took back, what was approved, or what is over."""
	scene = a_scene(approves_bookings=1)
	hours = iter(range(8, 20))

	def offered(*steps, at=None):
		visit = booked(scene, on_day(2, next(hours)))
		for step, *reason in steps:
			visit = do(step, visit.name, visit.doctor, *reason)
		return declined.alternatives(visit.reload(), at or now())

	slots = offered((lifecycle.decline, "Away"))
	assert len(slots) == 3
	assert offered((lifecycle.cancel_by_patient,)) == []
	assert offered((lifecycle.approve,), (lifecycle.cancel, "Ill")) == []
	assert offered() == []
	assert offered((lifecycle.decline, "Away"), at=on_day(2, 23)) == []
	assert all(abs(in_utc(slot.start) - in_utc(on_day(2, 8))) <= minutes(60) for slot in slots)
