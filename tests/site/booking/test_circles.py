"""A form or REST that meets others' locks in a circle is none the worse for it (BK-10, RA-12)."""

import json
import threading
import time
from datetime import timedelta

import frappe
import pytest

from clinic_booking.booking import appointment_claims, claims, tried_again, verify
from clinic_booking.booking.claims import Claim
from clinic_booking.booking.clock import to_database
from tests.builders import a_patient, insert
from tests.line import Line
from tests.scenes import a_scene, in_days, on_day
from tests.truth import contradictions

SECONDS = 10


@pytest.fixture
def line(server):
	"""The Administrator's."""
	line = Line(server.url, {"Cookie": f"sid={server.client().login('Administrator').cookies['sid']}"})
	yield line
	line.close()


@pytest.fixture
def rest(line):
	"""A function that begins to save an appointment by REST and returns who tells the answer: (status, document)."""
	headers = line.headers | {"Content-Type": "application/json"}

	def begin(name: str, **values):
		answers = []
		path, body = f"/api/resource/Clinic%20Appointment/{name}", json.dumps(values).encode()
		thread = threading.Thread(target=lambda: answers.append(line.send("PUT", path, body, headers)))
		thread.start()

		def end():
			thread.join()
			((status, document),) = answers
			return status, json.loads(document)

		return end

	return begin


def a_visit(scene, service=None, hour=9, room=None) -> str:
	"""In two days. Commits."""
	visit = insert(
		"Clinic Appointment",
		patient=a_patient().name,
		doctor=scene.doctors[0],
		service=service or scene.visit,
		clinic=scene.clinic,
		starts_at_utc=to_database(on_day(2, hour)),
		room=room,
	)
	frappe.db.commit()
	return visit.name


def somebody_waits(root) -> None:
	"""Return once a transaction waits for a lock. InnoDB renews what it tells where nobody asked for a tenth of a second."""
	end = time.monotonic() + SECONDS
	while not root.execute("SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"):
		assert time.monotonic() < end, "nobody waits"
		time.sleep(0.2)


def block(doctor: str, reference: str, hours: int = 1) -> None:
	"""Claim some hours far away, uncommitted."""
	for hour in range(hours):
		start = on_day(200, 0) + timedelta(hours=hour)
		claims.claim(Claim(claims.doctor(doctor), start, start + timedelta(hours=1)), "Block", reference)


def all_is_well() -> None:
	frappe.db.rollback()
	assert contradictions() == []
	assert verify.report() == []


def test_waiting_for_its_room_a_form_is_in_nobodys_way(root, rest):
	"""It reads its claims, and so locks the gaps beside them, only when it has the room."""
	scene = a_scene(doctors=2, rooms=1)
	visit = a_visit(scene, service=scene.room_visit)
	claims.lock_rooms(scene.rooms)
	saved = rest(visit, starts_at_utc=str(to_database(on_day(2, 14))))
	somebody_waits(root)
	block(scene.doctors[1], f"{visit}-next")
	frappe.db.rollback()
	status, answer = saved()
	assert status == 200, answer
	all_is_well()


def test_a_circle_is_tried_again(root, rest):
	"""The database ends the form's transaction, which has written less: it begins anew, and nobody hears of it."""
	scene = a_scene(doctors=2)
	first, second = scene.doctors
	visit = a_visit(scene)
	claims.lock_doctors([second])
	block(second, "elsewhere", hours=48)
	saved = rest(visit, doctor=second)
	somebody_waits(root)
	claims.lock_doctors([first])
	frappe.db.rollback()
	status, answer = saved()
	assert status == 200, answer
	assert answer["data"]["doctor"] == second
	all_is_well()


def test_cancelled_all_at_once(root, line):
	"""AV-11: whoever cancels several visits waits for no room: those who hold have them by their names."""
	scene = a_scene(doctors=2, rooms=2)
	ours, theirs = scene.doctors
	first, second = sorted(scene.rooms)
	for hour, room in ((9, second), (10, first)):
		a_visit(scene, service=scene.room_visit, hour=hour, room=room)
	claims.lock_doctors([theirs])
	claims.lock_rooms([first])
	day = str(in_days(2))
	away = {"doctor": ours, "kind": "Closed", "all_day": 1, "from_date": day, "to_date": day}
	status, answer = line.post(
		"/api/resource/Availability%20Exception", away | {"affected": "cancel", "affected_reason": "Ill"}
	)
	assert status == 200, answer
	claims.lock_rooms([second])
	all_is_well()


def test_in_vain(scene_of_one, monkeypatch, root):
	"""A form that waited too long for others hears so in words."""
	visit = a_visit(scene_of_one)
	monkeypatch.setattr(claims, "FORM_WAIT_SECONDS", 0)
	root.execute(f"USE `{frappe.conf.db_name}`")
	root.execute("BEGIN")
	root.execute("SELECT name FROM tabDoctor WHERE name = %s FOR UPDATE", scene_of_one.doctors[0])
	frappe.db.rollback()
	with pytest.raises(tried_again.Busy):
		frappe.get_doc("Clinic Appointment", visit, for_update=True)
	root.execute("ROLLBACK")


def test_circles_without_end(scene_of_one, monkeypatch):
	"""After four times it is refused in words; what was told by those that failed is told once."""
	visit = frappe.get_doc("Clinic Appointment", a_visit(scene_of_one))
	times = []

	def in_vain(appointment):
		times.append(appointment.starts_at_utc)
		frappe.msgprint("Told")
		raise frappe.QueryDeadlockError(1213)

	monkeypatch.setattr(appointment_claims, "keep_claims", in_vain)
	visit.starts_at_utc = to_database(on_day(2, 14))
	frappe.clear_messages()
	with pytest.raises(tried_again.Busy):
		visit.save()
	assert len(times) == 4
	assert len(set(times)) == 1
	assert [message["message"] for message in frappe.get_message_log()] == [
		"Others are changing the same hours right now. Save again in a moment."
	]


def test_what_was_written_before_is_not_undone(scene_of_one, monkeypatch):
	"""Whoever wrote before the save decides what becomes of it."""
	visit = frappe.get_doc("Clinic Appointment", a_visit(scene_of_one))
	times = []

	def in_vain(appointment):
		times.append(appointment.name)
		raise frappe.QueryDeadlockError(1213)

	monkeypatch.setattr(appointment_claims, "keep_claims", in_vain)
	a_patient()
	with pytest.raises(frappe.QueryDeadlockError):
		visit.save()
	assert len(times) == 1


@pytest.fixture
def scene_of_one(server):
	return a_scene()
