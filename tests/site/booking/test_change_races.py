"""Moves, cancellations and answers at one time, over HTTP; each race has its twin."""

import json
from copy import copy
from functools import partial
from http.client import HTTPConnection

import frappe
import pytest

from tests.line import Line, at_once
from tests.operations import DESK, DOCTOR, employ
from tests.scenes import a_scene, on_day
from tests.site.booking.races import outcomes, seen
from tests.truth import contradictions
from tests.visitor import Answer

ROUNDS = 10
# What somebody hears who came second: the time is gone, or the visit is no longer what it was.
SECOND = {"ERR_SLOT_CONFLICT", "ERR_VALIDATION", "ERR_TIME_WINDOW"}


@pytest.fixture
def again():
	"""A function: the same patient with a second phone."""
	phones = []

	def pick_up(person):
		phones.append(copy(person))
		phones[-1].connection = HTTPConnection(person.address, timeout=60)
		return phones[-1]

	yield pick_up
	for phone in phones:
		phone.close()


@pytest.fixture
def booked(visitors):
	"""A function: visitors of a scene, each with a booking at one of the starts."""
	return partial(_booked, visitors)


@pytest.fixture
def booked_tampered(without_key, tampered_visitors):
	"""The same where nothing is guarded."""
	return partial(_booked, lambda scene, count: tampered_visitors(scene, count, "no-locks"))


def _booked(make, scene, starts):
	people = make(scene, len(starts))
	for person, start in zip(people, starts, strict=True):
		assert person.hold(start).status == 200
		assert person.book().status == 200
	return people


def move(person, start):
	return partial(person.tell, "reschedule", token=person.token, start=start.isoformat())


def stands_at(person):
	return person.booking().message["start"]


class TestTwoWantOneTime:
	def test_move_there_while_another_takes_it(self, booked, visitors):
		"""RA-5: one moves from A to B while another holds B: one has B, a mover who lost still has A."""
		scene = a_scene()
		(other,) = visitors(scene, 1)
		for round in range(ROUNDS):
			a, b = on_day(2 + round, 9), on_day(2 + round, 15)
			(mover,) = booked(scene, [a])
			moved, held = at_once([move(mover, b), partial(other.hold, b)])
			assert sorted([moved.status, held.status]) == [200, 409]
			assert stands_at(mover) == (b if moved.status == 200 else a).isoformat()
		assert contradictions() == []

	def test_twin(self, booked_tampered, tampered_visitors):
		"""RA-5: without key and locks, both have it."""
		scene = a_scene()
		(other,) = tampered_visitors(scene, 1, "no-locks")

		def both(attempt):
			a, b = on_day(2 + attempt, 9), on_day(2 + attempt, 15)
			(mover,) = booked_tampered(scene, [a])
			return {200} == {answer.status for answer in at_once([move(mover, b), partial(other.hold, b)])}

		assert seen(both)


class TestTwoMovesOfOneVisit:
	def test_one_after_the_other(self, booked, again):
		"""RA-5: moved to B and to C at once: it ends at one of them, each move counted, nothing left behind."""
		scene = a_scene()
		for round in range(ROUNDS):
			a, b, c = (on_day(2 + round, hour) for hour in (9, 12, 15))
			(person,) = booked(scene, [a])
			answers = at_once([move(person, b), move(again(person), c)])
			assert outcomes(answers) == {200: 2}
			booking = person.booking().message
			assert booking["start"] in (b.isoformat(), c.isoformat())
			assert booking["terms"]["moves_left"] == 0
		assert contradictions() == []

	def test_twin(self, booked_tampered, again):
		"""RA-5: without locks, one of the moves fails, or is not counted."""
		scene = a_scene()

		def lost(attempt):
			a, b, c = (on_day(2 + attempt, hour) for hour in (9, 12, 15))
			(person,) = booked_tampered(scene, [a])
			answers = at_once([move(person, b), move(again(person), c)])
			left = person.booking().message["terms"]["moves_left"]
			return outcomes(answers) != {200: 2} or left != 0

		assert seen(lost)


class TestSwapping:
	def test_nobody_loses_their_time(self, booked):
		"""RA-5: two patients want each other's time: neither is free, both keep what they have."""
		scene = a_scene()
		for round in range(ROUNDS):
			a, b = on_day(2 + round, 9), on_day(2 + round, 15)
			first, second = booked(scene, [a, b])
			assert outcomes(at_once([move(first, b), move(second, a)])) == {"ERR_SLOT_CONFLICT": 2}
			assert (stands_at(first), stands_at(second)) == (a.isoformat(), b.isoformat())
		assert contradictions() == []

	def test_twin(self, booked_tampered):
		"""RA-5: where the one's time is cancelled meanwhile, the other may have it: it is looked at when asked."""
		scene = a_scene()
		a, b = on_day(2, 9), on_day(2, 15)
		first, second = booked_tampered(scene, [a, b])
		assert second.tell("cancel", token=second.token).status == 200
		assert move(first, b)().status == 200


class Employee(Line):
	"""Somebody signed in."""

	def __init__(self, url, session, headers=None):
		super().__init__(url, {"Cookie": f"sid={session}"} | (headers or {}))
		self.get("/api/method/ping")

	def tell(self, path, **values):
		status, body = self.post(path, values)
		return Answer(status, json.loads(body))


@pytest.fixture
def approving(server):
	"""A scene whose doctor approves each booking, and the sessions of its staff."""
	scene = a_scene(approves_bookings=1)
	return scene, employ(server, scene)


def the_appointment(person):
	frappe.db.rollback()
	reference = person.booking().message["reference"]
	return frappe.get_doc("Clinic Appointment", {"reference": reference})


def becoming(appointment, status):
	"""How often the appointment's history says that it became so."""
	return frappe.db.count("Appointment Change", {"appointment": appointment.name, "what": status})


class TestAnswers:
	def test_approved_twice_is_once(self, approving, booked, server):
		"""RA-6: five clicks on Approve at once: all hear yes, it happened once."""
		scene, sessions = approving
		clicks = [Employee(server.url, sessions["doctor"]) for _ in range(5)]
		for round in range(ROUNDS):
			(person,) = booked(scene, [on_day(3 + round, 12)])
			name = the_appointment(person).name
			answers = at_once(partial(click.tell, DOCTOR + "approve", appointment=name) for click in clicks)
			assert outcomes(answers) == {200: 5}
			assert becoming(the_appointment(person), "Confirmed") == 1
		assert contradictions() == []

	def test_approved_twice_twin(self, approving, booked, running_tampered_server):
		"""RA-6: without locks some of the clicks fail, or it happens twice."""
		scene, sessions = approving
		headers = {"X-Tamper": "no-locks"}
		clicks = [Employee(running_tampered_server.url, sessions["doctor"], headers) for _ in range(5)]

		def odd(attempt):
			(person,) = booked(scene, [on_day(3 + attempt, 12)])
			name = the_appointment(person).name
			answers = at_once(partial(click.tell, DOCTOR + "approve", appointment=name) for click in clicks)
			return outcomes(answers) != {200: 5} or becoming(the_appointment(person), "Confirmed") != 1

		assert seen(odd)

	def test_switched_by_three(self, approving, server):
		"""RA-6, AV-9: two tabs of the doctor and the manager press the switch at once: all hear yes."""
		scene, sessions = approving
		clicks = [Employee(server.url, sessions[who]) for who in ("doctor", "doctor", "manager")]
		for _round in range(ROUNDS):
			answers = at_once(
				partial(click.tell, DOCTOR + "online", doctor=scene.doctors[0], online=bool(position % 2))
				for position, click in enumerate(clicks)
			)
			assert outcomes(answers) == {200: 3}

	def test_confirmed_and_cancelled(self, approving, booked, server):
		"""RA-6: the doctor approves while the patient cancels: it ends cancelled and gives its time back."""
		scene, sessions = approving
		doctor = Employee(server.url, sessions["doctor"])
		for round in range(ROUNDS):
			(person,) = booked(scene, [on_day(3 + round, 12)])
			name = the_appointment(person).name
			approved, cancelled = at_once(
				[
					partial(doctor.tell, DOCTOR + "approve", appointment=name),
					partial(person.tell, "cancel", token=person.token),
				]
			)
			assert cancelled.status == 200
			assert approved.outcome in {200, *SECOND}
			assert the_appointment(person).status == "Cancelled"
			assert not frappe.db.exists("Booked Slot", {"reference": name})
		assert contradictions() == []

	def test_cancelled_by_both(self, approving, booked, server):
		"""RA-6: patient and reception cancel at once: once, and both hear that it is cancelled."""
		scene, sessions = approving
		desk = Employee(server.url, sessions["reception"])
		for round in range(ROUNDS):
			(person,) = booked(scene, [on_day(3 + round, 12)])
			name = the_appointment(person).name
			answers = at_once(
				[
					partial(desk.tell, DESK + "cancel", appointment=name, reason="The doctor is ill"),
					partial(person.tell, "cancel", token=person.token),
				]
			)
			assert outcomes(answers) == {200: 2}
			assert becoming(the_appointment(person), "Cancelled") == 1
		assert contradictions() == []
