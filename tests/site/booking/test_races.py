"""Many people at one time, over HTTP; each race has its twin, which shows it where the guard is taken away."""

from datetime import datetime, timedelta
from functools import partial
from itertools import cycle

import frappe

from tests.line import at_once
from tests.scenes import a_scene, on_day
from tests.site.booking.races import outcomes, rows, seen
from tests.truth import OVERLAPS, contradictions
from tests.visitor import a_request_id

CROWD = 50
ROUNDS = 20
ONE_WINS = {200: 1, "ERR_SLOT_CONFLICT": CROWD - 1}


class TestOneSlot:
	def test_one_wins_and_the_others_leave_nothing(self, visitors):
		"""RA-1: fifty at one slot, twenty times: one has it, the others get free times and leave nothing."""
		scene, patients = a_scene(), rows("Clinic Patient")
		crowd = visitors(scene, CROWD)
		for round in range(1, ROUNDS + 1):
			start = on_day(1 + round, 12)
			answers = at_once(partial(visitor.hold, start) for visitor in crowd)
			assert outcomes(answers) == ONE_WINS
			for answer in answers:
				if answer.status == 409:
					assert are_free_beside(answer.body["error"]["alternatives"], start)
			assert [rows(doctype) for doctype in ("Booking Request", "Booked Slot")] == [round, round]
		assert rows("Clinic Patient") == patients
		assert contradictions() == []

	def test_the_key_alone_is_enough(self, tampered_visitors):
		"""RA-1: without the row locks, which only keep order, the database still gives the time to one."""
		scene = a_scene()
		crowd = tampered_visitors(scene, CROWD, "no-locks")
		for round in range(3):
			answers = at_once(partial(visitor.hold, on_day(2 + round, 12)) for visitor in crowd)
			assert outcomes(answers)[200] == 1
			assert set(outcomes(answers)) <= {200, "ERR_SLOT_CONFLICT", "ERR_UNAVAILABLE"}
		assert contradictions() == []

	def test_twin(self, without_key, tampered_visitors):
		"""RA-1: without key and locks, more than one has the slot."""
		crowd = tampered_visitors(a_scene(), CROWD, "no-locks")
		assert seen(
			lambda attempt: outcomes(at_once(partial(v.hold, on_day(2 + attempt, 12)) for v in crowd))[200]
			> 1
		)
		assert frappe.db.sql(OVERLAPS)


class TestOverlappingSlots:
	@staticmethod
	def starts(days: int):
		"""Fifty starts within 90 minutes, a quarter of an hour apart; visits take an hour and a half."""
		first = on_day(days, 12)
		return [first + timedelta(minutes=15 * (position % 6)) for position in range(CROWD)]

	def test_no_two_overlap(self, visitors):
		"""RA-2: fifty at overlapping, different starts, twenty times: one has its time."""
		scene = a_scene(duration_minutes=90)
		crowd = visitors(scene, CROWD)
		for round in range(1, ROUNDS + 1):
			calls = zip(crowd, self.starts(1 + round), strict=True)
			answers = at_once(partial(visitor.hold, start) for visitor, start in calls)
			assert outcomes(answers) == ONE_WINS
			assert rows("Booked Slot") == rows("Booking Request") == round
		assert contradictions() == []

	def test_twin(self, without_key, tampered_visitors):
		"""RA-2: without key and locks, claims overlap."""
		crowd = tampered_visitors(a_scene(duration_minutes=90), CROWD, "no-locks")

		def race(attempt):
			calls = zip(crowd, self.starts(2 + attempt), strict=True)
			at_once(partial(visitor.hold, start) for visitor, start in calls)
			frappe.db.rollback()
			return bool(frappe.db.sql(OVERLAPS))

		assert seen(race)


class TestLastRoom:
	@staticmethod
	def holds(crowd, start):
		"""Each visitor asks for the same time, of ten doctors in turn."""
		scene = crowd[0].scene
		asked = zip(crowd, cycle(scene.doctors), strict=False)
		return at_once(partial(visitor.hold, start, doctor, scene.room_visit) for visitor, doctor in asked)

	def test_one_gets_the_room(self, visitors):
		"""RA-3: fifty at the last free room, ten doctors: one has doctor and room, the others leave nothing."""
		crowd = visitors(a_scene(doctors=10, rooms=1), CROWD)
		for round in range(1, 6):
			assert outcomes(self.holds(crowd, on_day(1 + round, 12))) == ONE_WINS
			assert [rows("Booking Request"), rows("Booked Slot")] == [round, 2 * round]
		assert contradictions() == []

	def test_each_room_goes_once(self, visitors):
		"""RA-3: with three rooms three have one, each another (AV-15: the next one is tried)."""
		crowd = visitors(a_scene(doctors=10, rooms=3), CROWD)
		for round in range(3):
			assert outcomes(self.holds(crowd, on_day(2 + round, 12)))[200] == 3
		assert contradictions() == []

	def test_twin(self, without_key, tampered_visitors):
		"""RA-3: without key and locks, a room goes to several."""
		crowd = tampered_visitors(a_scene(doctors=10, rooms=1), CROWD, "no-locks")
		assert seen(lambda attempt: outcomes(self.holds(crowd, on_day(2 + attempt, 12)))[200] > 1)
		assert [overlap for overlap in frappe.db.sql(OVERLAPS) if overlap[0].startswith("Room:")]


class TestSamePatientTwice:
	@staticmethod
	def book_two(visitors, scene, attempt, tamper=""):
		"""One new person holds times of two doctors in two tabs, and confirms both in the same moment."""
		tabs = visitors(scene, 2, *filter(None, [tamper]))
		tabs[1].person = tabs[0].person
		for position, tab in enumerate(tabs):
			tab.hold(on_day(2 + attempt, 12), scene.doctors[position])
		return [answer.outcome for answer in at_once([tabs[0].book, tabs[1].book])]

	def test_one_patient_record(self, visitors):
		"""RA-4: the same new patient twice at once: two appointments, one patient."""
		scene, before = a_scene(doctors=2), rows("Clinic Patient")
		for attempt in range(1, 11):
			assert self.book_two(visitors, scene, attempt) == [200, 200]
			assert rows("Clinic Patient") == before + attempt
		assert contradictions() == []

	def test_one_patient_record_twin(self, tampered_visitors):
		"""RA-4: without waiting for each other, the patient is made twice."""
		scene = a_scene(doctors=2)

		def race(attempt):
			before = rows("Clinic Patient")
			self.book_two(tampered_visitors, scene, attempt, "no-locks")
			return rows("Clinic Patient") > before + 1

		assert seen(race)

	def test_double_click(self, visitors):
		"""RA-4: five clicks at once on one hold: one appointment, the same answer to each."""
		scene = a_scene()
		for attempt in range(5):
			tabs = visitors(scene, 5)
			tabs[0].hold(on_day(2 + attempt, 12))
			for tab in tabs:
				tab.token, tab.person = tabs[0].token, tabs[0].person
			answers = [answer.message for answer in at_once(tab.book for tab in tabs)]
			assert answers == [answers[0]] * 5
			assert rows("Clinic Appointment") == attempt + 1
		assert contradictions() == []

	def test_double_click_twin(self, without_key, tampered_visitors):
		"""RA-4: without locks some clicks get an error; the unique reference alone keeps it one appointment."""
		scene = a_scene()

		def race(attempt):
			tabs = tampered_visitors(scene, 5, "no-locks")
			tabs[0].hold(on_day(2 + attempt, 12))
			for tab in tabs:
				tab.token = tabs[0].token
			return outcomes(at_once(tab.book for tab in tabs)) != {200: 5}

		assert seen(race)

	def test_hold_retried_at_once(self, visitors):
		"""RA-4: the same `hold` five times at once with one `request_id`: one hold, one answer."""
		scene = a_scene()
		for attempt in range(5):
			tabs, request_id = visitors(scene, 5), a_request_id()
			start = on_day(2 + attempt, 12)
			answers = at_once(partial(tab.hold, start, request_id=request_id) for tab in tabs)
			assert [answer.message for answer in answers] == [answers[0].message] * 5
			assert rows("Booking Request") == attempt + 1
		assert contradictions() == []

	def test_hold_retried_at_once_twin(self, without_key, tampered_visitors):
		"""RA-4: without key and locks, retries get different answers."""
		scene = a_scene()

		def race(attempt):
			tabs, request_id = tampered_visitors(scene, 5, "no-locks"), a_request_id()
			answers = at_once(
				partial(tab.hold, on_day(2 + attempt, 12), request_id=request_id) for tab in tabs
			)
			return outcomes(answers) != {200: 5}

		assert seen(race)

	def test_request_id_with_other_arguments(self, visitors):
		"""RA-4: a `request_id` used for one call is refused for another."""
		(visitor,) = visitors(a_scene(doctors=2))
		request_id = a_request_id()
		first = visitor.hold(on_day(2, 12), request_id=request_id).message
		assert visitor.hold(on_day(2, 12), request_id=request_id).message == first
		assert visitor.hold(on_day(2, 13), request_id=request_id).code == "ERR_VALIDATION"
		other_doctor = visitor.hold(on_day(2, 12), visitor.scene.doctors[1], request_id=request_id)
		assert other_doctor.code == "ERR_VALIDATION"
		booking_id = a_request_id()
		booked = visitor.book(request_id=booking_id).message
		assert visitor.book(request_id=booking_id).message == booked
		other = visitor.person | {"name": "Somebody Else"}
		assert visitor.book(request_id=booking_id, patient=other).code == "ERR_VALIDATION"
		assert rows("Clinic Appointment") == 1

	def test_request_id_on_two_doctors_at_once(self, visitors):
		"""RA-4: one `request_id` for two different calls at once: one is done, the other refused."""
		scene = a_scene(doctors=2)
		for attempt in range(10):
			tabs, request_id = visitors(scene, 2), a_request_id()
			start, asked = on_day(2 + attempt, 12), zip(tabs, scene.doctors, strict=True)
			answers = at_once(
				partial(tab.hold, start, doctor, request_id=request_id) for tab, doctor in asked
			)
			assert outcomes(answers) == {200: 1, "ERR_VALIDATION": 1}
		assert contradictions() == []


def are_free_beside(alternatives, start) -> bool:
	"""One to three times near `start` that do not touch it, earliest first."""
	times = [datetime.fromisoformat(slot["start"]) for slot in alternatives]
	near = all(timedelta(minutes=30) <= abs(time - start) <= timedelta(hours=2) for time in times)
	return 1 <= len(times) <= 3 and times == sorted(times) and near
