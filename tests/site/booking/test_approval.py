"""Doctors who approve each booking (BK-5), and what the passing of time does (BK-2)."""

import frappe
import pytest

from clinic_booking.booking import expire
from clinic_booking.errors import SlotConflict
from tests.scenes import a_scene, on_day
from tests.site.booking.site_scene import (
	book,
	booked,
	claimed,
	do,
	hold,
	in_utc,
	minutes,
	now,
	release,
	request_of,
)
from tests.truth import contradictions

HOURS = 60


@pytest.fixture
def scene(site):
	return a_scene(approves_bookings=1)


class TestRequested:
	def test_claims_its_time(self, scene):
		"""BK-5: it exists as Requested, and nobody else gets its time."""
		appointment = booked(scene)
		assert appointment.status == "Requested"
		assert len(claimed(appointment.name)) == 1
		with pytest.raises(SlotConflict):
			hold(scene)

	def test_is_to_be_answered_within_a_day(self, scene):
		"""BK-5: 24 hours, where the notice limit is further."""
		moment = now()
		token = hold(scene, on_day(5, 12))["token"]
		answer = book(token, now=moment)
		until = frappe.db.get_value("Clinic Appointment", answer["appointment"], "expires_at_utc")
		assert until == in_utc(moment + minutes(24 * HOURS))

	def test_is_to_be_answered_before_the_notice(self, scene):
		"""BK-5: or at the notice limit, where that is sooner."""
		start = on_day(1, 12)
		token = hold(scene, start, now=start - minutes(5 * HOURS))["token"]
		answer = book(token, now=start - minutes(5 * HOURS))
		until = frappe.db.get_value("Clinic Appointment", answer["appointment"], "expires_at_utc")
		assert until == in_utc(start - minutes(120))

	def test_unanswered_is_declined(self, scene):
		"""BK-5: cancelled by the system at its end, not before; its time is free."""
		appointment = booked(scene, on_day(5, 12))
		end = expire.clock.from_database(appointment.expires_at_utc)
		do(expire.decline_unanswered, appointment.name, appointment.doctor, end - minutes(1 / 60))
		assert frappe.db.get_value("Clinic Appointment", appointment.name, "status") == "Requested"
		do(expire.decline_unanswered, appointment.name, appointment.doctor, end)
		appointment.reload()
		assert (appointment.status, appointment.cancelled_by) == ("Cancelled", "System")
		assert claimed(appointment.name) == ()
		hold(scene, on_day(5, 12))

	def test_given_to_another_doctor_meanwhile(self, scene):
		"""RA-12: whoever came with the former doctor's lock leaves it to the next run."""
		appointment = booked(scene, on_day(5, 12))
		other = a_scene().doctors[0]
		do(expire.decline_unanswered, appointment.name, other, on_day(6, 12))
		appointment.reload()
		assert appointment.status == "Requested"

	def test_answered_is_left_alone(self, scene):
		"""BK-5: approved in the last minute stays approved."""
		appointment = booked(scene, on_day(5, 12))
		appointment.update({"status": "Confirmed"}).save()
		do(expire.decline_unanswered, appointment.name, appointment.doctor, on_day(6, 12))
		appointment.reload()
		assert appointment.status == "Confirmed"


class TestEveryMinute:
	def test_ends_what_lapsed_and_nothing_else(self, site):
		"""BK-2: lapsed holds become Expired, unanswered bookings are declined."""
		scene, approving = a_scene(), a_scene(approves_bookings=1)
		lapsed, live = hold(scene, on_day(3, 9))["token"], hold(scene, on_day(3, 10))["token"]
		appointment, kept = booked(approving, on_day(5, 9)), booked(approving, on_day(5, 10))
		past = in_utc(now() - minutes(1))
		name = request_of(lapsed).name
		frappe.db.set_value("Booking Request", name, "expires_at_utc", past)
		frappe.db.sql("UPDATE `tabBooked Slot` SET expires_at = %s WHERE reference = %s", (past, name))
		frappe.db.set_value("Clinic Appointment", appointment.name, "expires_at_utc", past)
		frappe.db.commit()
		expire.every_minute()
		assert [request_of(token).status for token in (lapsed, live)] == ["Expired", "Held"]
		found = [frappe.db.get_value("Clinic Appointment", a.name, "status") for a in (appointment, kept)]
		assert found == ["Cancelled", "Requested"]
		assert contradictions() == []

	def test_one_broken_row_stops_no_other(self, site, monkeypatch):
		"""LI-6: an error in one is told to the clinic, without a word of the patient, and the rest goes on."""
		scene = a_scene()
		tokens = [hold(scene, on_day(3, 9 + k))["token"] for k in range(3)]
		frappe.db.sql("UPDATE `tabBooking Request` SET expires_at_utc = %s", in_utc(now() - minutes(1)))
		broken, end_request = request_of(tokens[1]).name, expire.end_request

		def breaks(name, *args):
			if name == broken:
				raise RuntimeError("Maria Ionescu")
			end_request(name, *args)

		monkeypatch.setattr(expire, "end_request", breaks)
		frappe.db.commit()
		expire.every_minute()
		assert [request_of(token).status for token in tokens] == ["Expired", "Held", "Expired"]
		alerts = frappe.get_all("Clinic Alert", {"doctor": scene.doctors[0]}, ["subject", "message"])
		assert len(alerts) == 1 and "RuntimeError" in alerts[0].subject
		assert "Maria" not in str(alerts)


class TestDeletion:
	@pytest.mark.parametrize("hours, left", [(23.9, 1), (24.1, 0)])
	def test_ended_a_day_ago(self, site, hours, left):
		"""BK-2: what ended Cancelled or Expired goes after 24 hours, not before."""
		token = hold(a_scene())["token"]
		release(token)
		end = expire.clock.from_database(request_of(token).expires_at_utc)
		expire.delete_ended(end + minutes(hours * HOURS))
		assert frappe.db.count("Booking Request") == left

	def test_what_became_something_stays(self, site):
		"""BK-2: live holds and confirmed requests are not deleted, however old."""
		scene = a_scene()
		booked(scene, on_day(2, 9))
		hold(scene, on_day(2, 10))
		expire.delete_ended(now() + minutes(1000 * HOURS))
		assert frappe.db.count("Booking Request") == 2
