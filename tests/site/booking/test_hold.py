"""Holds, one at a time: what they answer, keep and refuse."""

import uuid
from datetime import timezone

import frappe
import pytest

from clinic_booking.booking import hold as holding
from clinic_booking.errors import HoldExpired, NotFound, RateLimited, SlotConflict, TimeWindow, Validation
from tests.builders import an_exception
from tests.scenes import a_scene, in_days, on_day
from tests.site.booking.site_scene import (
	book,
	claimed,
	extend,
	hold,
	in_utc,
	minutes,
	move,
	now,
	release,
	request_of,
)


class TestHold:
	def test_answers_what_was_picked(self, site):
		"""BK-2: token, times in the clinic's zone, where, until when, for how much."""
		scene = a_scene(price=35)
		before = now()
		answer = hold(scene)
		assert answer["start"] == on_day(2, 12).isoformat()
		assert answer["end"] == on_day(2, 12, 30).isoformat()
		assert answer["clinic"] == scene.clinic
		assert answer["price"] == {"amount": "35.00", "currency": "EUR"}
		assert answer["terms"]["payment_methods"] == ["at_clinic"]
		until = holding.from_database(request_of(answer["token"]).expires_at_utc)
		assert minutes(10) <= until - before < minutes(11)

	def test_claims_buffers_too(self, site):
		"""AV-5: doctor and room are claimed for the padded time."""
		scene = a_scene(rooms=1, buffer_before_minutes=5, buffer_after_minutes=10)
		answer = hold(scene, on_day(2, 12), service=scene.room_visit)
		padded = in_utc(on_day(2, 12)) - minutes(5), in_utc(on_day(2, 12)) + minutes(40)
		assert claimed(request_of(answer["token"]).name) == (
			(f"Doctor:{scene.doctors[0]}", 1, *padded),
			(f"Room:{scene.rooms[0]}", 1, *padded),
		)

	def test_both_buffers_count(self, site):
		"""AV-5: between two visits lie the first's buffer after and the second's before."""
		scene = a_scene(buffer_before_minutes=5, buffer_after_minutes=10, grid_minutes=5)
		hold(scene, on_day(2, 12))
		with pytest.raises(SlotConflict):
			hold(scene, on_day(2, 12, 40))
		hold(scene, on_day(2, 12, 45))

	def test_other_doctors_and_touching_times_are_free(self, site):
		"""BK-3: times are half-open, and each doctor's own."""
		scene = a_scene(doctors=2)
		hold(scene, on_day(2, 12))
		hold(scene, on_day(2, 12, 30))
		hold(scene, on_day(2, 11, 30))
		hold(scene, on_day(2, 12), doctor=scene.doctors[1])
		with pytest.raises(SlotConflict):
			hold(scene, on_day(2, 12, 15))

	@pytest.mark.parametrize(
		"start, error",
		[
			(lambda: now(), TimeWindow),
			(lambda: on_day(-2, 12), TimeWindow),
			(lambda: on_day(63, 12), TimeWindow),
			(lambda: on_day(2, 12, 7), Validation),
			(lambda: on_day(2, 12).replace(second=1), Validation),
			(lambda: on_day(2, 12).replace(microsecond=1), Validation),
			(lambda: on_day(2, 22), Validation),
			(lambda: on_day(2, 21, 45), Validation),
			(lambda: on_day(2, 5, 45), Validation),
		],
	)
	def test_what_is_not_offered_is_refused(self, site, start, error):
		"""TI-7, TI-8: past, sooner than the notice, beyond the horizon, off the grid, closed: nothing is kept."""
		scene = a_scene()
		with pytest.raises(error):
			hold(scene, start())
		assert frappe.db.count("Booking Request") == frappe.db.count("Booked Slot") == 0

	def test_notice_and_horizon_to_the_second(self, site):
		"""TI-7: exactly at the notice and at the horizon, and a second beyond each."""
		scene = a_scene()
		start = on_day(30, 12).astimezone(timezone.utc)
		for moment in (start - minutes(120), start - minutes(60 * 24 * 60)):
			release(hold(scene, start, now=moment)["token"])
		with pytest.raises(TimeWindow):
			hold(scene, start, now=start - minutes(120) + minutes(1 / 60))
		with pytest.raises(TimeWindow):
			hold(scene, start, now=start - minutes(60 * 24 * 60) - minutes(1 / 60))

	def test_unknown_doctor(self, site):
		"""IN-10: a doctor that is not there."""
		with pytest.raises(NotFound):
			hold(a_scene(), doctor="nobody")

	def test_live_holds_are_limited(self, site):
		"""SE-2: so many live holds of one browser; one given back makes room, a lapsed one too."""
		scene = a_scene()
		settings = frappe.get_doc("Clinic Booking Settings")
		settings.update({"limit_holds_per_browser": 2, "limit_holds_per_address": 3}).save()
		holder = holding.Holder(browser="b", address="a")
		first = hold(scene, on_day(2, 8), holder=holder)
		hold(scene, on_day(2, 9), holder=holder)
		with pytest.raises(RateLimited):
			hold(scene, on_day(2, 10), holder=holder)
		release(first["token"])
		hold(scene, on_day(2, 10), holder=holder)
		hold(scene, on_day(2, 11), holder=holding.Holder(browser=None, address="a"))
		with pytest.raises(RateLimited):
			hold(scene, on_day(2, 12), holder=holding.Holder(browser="c", address="a"))
		hold(scene, on_day(2, 12), holder=holder, now=now() + minutes(11))

	def test_answer_is_kept_a_day(self, site):
		"""RA-4: the first answer to a `request_id` for 24 hours; afterwards it is a new call."""
		scene, request_id = a_scene(), str(uuid.uuid4())
		first = hold(scene, request_id=request_id)
		assert hold(scene, request_id=request_id) == first
		assert hold(scene, request_id=request_id, now=now() + minutes(24 * 60 - 1)) == first
		later = now() + minutes(24 * 60 + 1)
		assert hold(scene, on_day(4, 12), request_id=request_id, now=later)["token"] != first["token"]

	def test_token_is_not_in_the_database(self, site):
		"""BK-7: what is stored opens nothing."""
		token = hold(a_scene(), request_id=str(uuid.uuid4()))["token"]
		row = frappe.db.sql("SELECT * FROM `tabBooking Request`", as_dict=True)[0]
		assert token not in str(row)


class TestMove:
	def test_takes_the_new_time_and_gives_the_old_back(self, site):
		"""BK-2: one request, one claim, ten fresh minutes, counted as an extension."""
		scene = a_scene()
		token = hold(scene)["token"]
		answer = move(token, scene, on_day(3, 9))
		assert answer["token"] == token and answer["start"] == on_day(3, 9).isoformat()
		request = request_of(token)
		assert request.extensions == 1
		assert [row[2] for row in claimed(request.name)] == [in_utc(on_day(3, 9))]
		hold(scene)

	def test_over_its_own_time(self, site):
		"""BK-2: one's own hold is not in the way."""
		scene = a_scene()
		token = hold(scene, on_day(2, 12))["token"]
		assert move(token, scene, on_day(2, 12, 15))["start"] == on_day(2, 12, 15).isoformat()

	def test_onto_what_is_taken(self, site):
		"""BK-3: refused, and the old time is still held."""
		scene = a_scene()
		hold(scene, on_day(2, 15))
		token = hold(scene, on_day(2, 12))["token"]
		with pytest.raises(SlotConflict):
			move(token, scene, on_day(2, 15))
		frappe.db.rollback()
		assert claimed(request_of(token).name)[0][2] == in_utc(on_day(2, 12))

	def test_to_another_doctor_and_service(self, site):
		"""BK-2: a hold moves to whatever is picked next, with that one's price and room."""
		scene = a_scene(doctors=2, rooms=1)
		token = hold(scene)["token"]
		move(token, scene, on_day(2, 12), scene.doctors[1], scene.room_visit)
		request = request_of(token)
		assert (request.doctor, request.service, request.room) == (
			scene.doctors[1],
			scene.room_visit,
			scene.rooms[0],
		)
		assert len(claimed(request.name)) == 2

	def test_locks_in_one_order(self, site, monkeypatch):
		"""RA-3: doctors, then rooms, each sorted and none twice in a different order: or two moves would deadlock."""
		scene = a_scene(doctors=2, rooms=4)
		token = hold(scene, service=scene.room_visit)["token"]
		last = max(scene.rooms)
		frappe.db.set_value("Booking Request", request_of(token).name, "room", last)
		frappe.db.sql(
			"UPDATE `tabBooked Slot` SET resource = %s WHERE resource LIKE 'Room:%%'", f"Room:{last}"
		)
		sql, locked = frappe.db.sql, []

		def watched(query, values=(), *args, **kwargs):
			if "FOR UPDATE WAIT" in query and values[0] not in locked:
				locked.append(values[0])
			return sql(query, values, *args, **kwargs)

		monkeypatch.setattr(frappe.db, "sql", watched)
		move(token, scene, on_day(3, 9), scene.doctors[1], scene.room_visit)
		assert locked == sorted(scene.doctors) + sorted(scene.rooms)

	def test_retried(self, site):
		"""RA-4: the same move with the same `request_id` is one move."""
		scene, request_id = a_scene(), str(uuid.uuid4())
		token = hold(scene)["token"]
		first = move(token, scene, on_day(3, 9), request_id=request_id)
		assert move(token, scene, on_day(3, 9), request_id=request_id) == first
		assert request_of(token).extensions == 1
		with pytest.raises(Validation):
			move(token, scene, on_day(3, 10), request_id=request_id)

	def test_booked(self, site):
		"""BK-2: what is booked is no longer moved as a hold."""
		scene = a_scene()
		token = hold(scene)["token"]
		book(token)
		with pytest.raises(Validation):
			move(token, scene, on_day(3, 9))


class TestExtend:
	def test_ten_times(self, site):
		"""BK-2: ten more minutes, ten times at most; moves count too."""
		scene = a_scene()
		token = hold(scene)["token"]
		move(token, scene, on_day(3, 9))
		for _ in range(9):
			extend(token)
		for again in (lambda: extend(token), lambda: move(token, scene, on_day(3, 10))):
			with pytest.raises(HoldExpired):
				again()
		assert request_of(token).status == "Held"

	def test_claim_and_request_end_together(self, site):
		"""BK-2: the claim lasts as long as the request says."""
		token = hold(a_scene())["token"]
		later = now() + minutes(5)
		assert extend(token, now=later)["expires_at"] == (later + minutes(10)).isoformat()
		request = request_of(token)
		ends = frappe.db.get_value("Booked Slot", {"reference": request.name}, "expires_at")
		assert ends == request.expires_at_utc == in_utc(later + minutes(10))

	def test_lapsed(self, site):
		"""BK-2: to the microsecond: at its end a hold is over."""
		token = hold(a_scene())["token"]
		end = holding.from_database(request_of(token).expires_at_utc)
		with pytest.raises(HoldExpired):
			extend(token, now=end)
		extend(token, now=end - minutes(1e-6))


class TestRelease:
	def test_gives_the_time_back(self, site):
		"""BK-2: given back twice is given back once."""
		scene = a_scene()
		token = hold(scene)["token"]
		assert release(token) == release(token) == {}
		assert frappe.db.count("Booked Slot") == 0
		hold(scene)

	def test_booked(self, site):
		"""BK-2: what is booked is not given back with the hold."""
		token = hold(a_scene())["token"]
		book(token)
		with pytest.raises(Validation):
			release(token)
		assert frappe.db.count("Booked Slot") == 1


class TestWhatChangesMeanwhile:
	def test_exception(self, site):
		"""AV-3: closed since the page was shown."""
		scene = a_scene()
		hold(scene, on_day(2, 9))
		an_exception(frappe.get_doc("Doctor", scene.doctors[0]), from_date=in_days(2))
		with pytest.raises(Validation):
			hold(scene, on_day(2, 12))

	@pytest.mark.parametrize(
		"change", [{"enabled": 0}, {"online": 0}, {"services": []}, {"availability": []}]
	)
	def test_doctor(self, site, change):
		"""RA-11: switched off, offline, service or hours gone since the page was shown."""
		scene = a_scene()
		hold(scene, on_day(2, 9))
		frappe.get_doc("Doctor", scene.doctors[0]).update(change).save()
		with pytest.raises(Validation):
			hold(scene, on_day(2, 12))
