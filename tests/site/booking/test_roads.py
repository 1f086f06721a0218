"""The other roads to an appointment against the public calls: desk form, REST, Data Import (RA-12, BK-10)."""

import csv
import io
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count

import frappe
import pytest
from frappe.core.doctype.data_import.data_import import start_import

from tests.builders import a_patient
from tests.line import Line, at_once
from tests.scenes import a_scene, on_day
from tests.site.booking.races import rows, seen
from tests.truth import OVERLAPS, contradictions
from tests.visitor import Answer

ROUNDS = 10
TAKEN = 409
number = count(1)


class Staff(Line):
	"""Somebody at the desk, signed in."""

	def __init__(self, url, session, scene, patient, headers=None):
		super().__init__(url, {"Cookie": f"sid={session}"} | (headers or {}))
		self.scene, self.patient = scene, patient
		self.get("/api/method/ping")

	def appointment(self, start, **values):
		return {
			"doctype": "Clinic Appointment",
			"status": "Confirmed",
			"doctor": self.scene.doctors[0],
			"service": self.scene.visit,
			"clinic": self.scene.clinic,
			"patient": self.patient,
			"starts_at": f"{start:%Y-%m-%d %H:%M:%S}",  # the site's zone is the clinic's here
		} | values

	def save_form(self, start):
		"""What the form sends when a new appointment is saved."""
		name = f"new-clinic-appointment-{next(number)}"
		return self.save(self.appointment(start, name=name, __islocal=1, __unsaved=1))

	def move_form(self, appointment, start):
		"""What the form sends when the start of a saved one is changed."""
		return self.save(appointment | {"starts_at": f"{start:%Y-%m-%d %H:%M:%S}", "__unsaved": 1})

	def save(self, document):
		path = "/api/method/frappe.desk.form.save.savedocs"
		return self.tell(path, {"doc": json.dumps(document), "action": "Save"})

	def insert(self, start):
		return self.tell("/api/resource/Clinic%20Appointment", self.appointment(start))

	def read(self, name):
		status, body = super().get(f"/api/resource/Clinic%20Appointment/{name}")
		assert status == 200
		return json.loads(body)["data"] | {"doctype": "Clinic Appointment"}

	def tell(self, path, values):
		status, body = self.post(path, values)
		return Answer(status, json.loads(body))


@pytest.fixture
def staff(server):
	yield from _employing(server, server.url)


@pytest.fixture
def tampered_staff(server, running_tampered_server):
	yield from _employing(server, running_tampered_server.url, {"X-Tamper": "no-locks"})


def _employing(server, url, headers=None):
	made = []
	session = server.client().login("Administrator").cookies["sid"]

	def make(scene, count=1):
		patient = a_patient().name
		frappe.db.commit()
		new = [Staff(url, session, scene, patient, headers) for _ in range(count)]
		made.extend(new)
		return new

	yield make
	for each in made:
		each.close()


def everybody_at(start, guests, staff):
	"""Six guests, three with a form and three by REST, at one time; how many got it, and all statuses."""
	calls = [partial(guest.hold, start) for guest in guests]
	calls += [partial(each.save_form, start) for each in staff[:3]] + [
		partial(each.insert, start) for each in staff[3:]
	]
	random.shuffle(calls)
	return [answer.status for answer in at_once(calls)]


class TestFormAndRest:
	def test_one_has_the_time(self, visitors, staff):
		"""RA-12: desk forms, REST and guests at one time: one has it, the others hear that it is taken."""
		scene = a_scene()
		guests, desk = visitors(scene, 6), staff(scene, 6)
		for round in range(ROUNDS):
			assert sorted(everybody_at(on_day(2 + round, 12), guests, desk)) == [200] + [TAKEN] * 11
			assert rows("Booked Slot") == round + 1
		assert contradictions() == []

	def test_twin(self, without_key, tampered_visitors, tampered_staff):
		"""RA-12: without key and locks, several have it."""
		scene = a_scene()
		guests, desk = tampered_visitors(scene, 6, "no-locks"), tampered_staff(scene, 6)
		assert seen(lambda attempt: everybody_at(on_day(2 + attempt, 12), guests, desk).count(200) > 1)
		assert frappe.db.sql(OVERLAPS)

	def test_moved_on_the_form_while_a_guest_holds(self, visitors, staff):
		"""RA-12: an appointment moved on its form onto a time that a guest takes: one has it, none has two."""
		scene = a_scene()
		guests, (receptionist,) = visitors(scene, 5), staff(scene)
		for round in range(ROUNDS):
			made = receptionist.save_form(on_day(2 + round, 9))
			appointment = receptionist.read(made.body["docs"][0]["name"])
			target = on_day(2 + round, 12)
			calls = [partial(guest.hold, target) for guest in guests]
			answers = at_once([*calls, partial(receptionist.move_form, appointment, target)])
			assert sorted(answer.status for answer in answers) == [200] + [TAKEN] * 5
		assert contradictions() == []

	def test_cancelled_on_the_form(self, visitors, staff):
		"""RA-12: the time of an appointment that the desk cancels is free for the next guest."""
		scene = a_scene()
		(guest,), (receptionist,) = visitors(scene), staff(scene)
		made = receptionist.save_form(on_day(2, 12))
		assert guest.hold(on_day(2, 12)).status == TAKEN
		appointment = receptionist.read(made.body["docs"][0]["name"])
		cancelled = receptionist.save(
			appointment | {"status": "Cancelled", "cancel_reason": "ill", "__unsaved": 1}
		)
		assert cancelled.status == 200
		assert guest.hold(on_day(2, 12)).status == 200
		assert contradictions() == []


class TestDataImport:
	@staticmethod
	def race(scene, guests, work_off_jobs):
		"""A worker imports an appointment for each of forty times. Ten of them are held before it starts, and
		twenty while it comes up and works; how many were held, and the import."""
		starts = [on_day(2 + k // 20, 6 + k % 20 // 2, k % 2 * 30) for k in range(40)]
		random.shuffle(starts)
		held = [guests[0].hold(start).status for start in starts[:10]]
		data_import = an_import(scene, starts)
		frappe.enqueue(start_import, queue="default", data_import=data_import.name)
		frappe.db.commit()
		with ThreadPoolExecutor(len(guests)) as pool:
			jobs = [pool.submit(hold_slowly, guest, random.sample(starts[:30], 30)) for guest in guests]
			work_off_jobs()
		for job in jobs:
			held += job.result()
		assert set(held) <= {200, TAKEN}
		return held.count(200), data_import

	def test_each_time_goes_once(self, visitors, work_off_jobs):
		"""RA-12: Data Import against guests: each time goes to one of them, and what the import lost it lists."""
		scene = a_scene()
		held, data_import = self.race(scene, visitors(scene, 2), work_off_jobs)
		assert 10 <= held <= 30
		assert rows("Clinic Appointment") == 40 - held
		assert frappe.db.count("Data Import Log", {"data_import": data_import.name, "success": 0}) == held
		assert contradictions() == []

	def test_twin(self, without_key, tampered_visitors, work_off_jobs):
		"""RA-12: without the key, the import takes what is held."""
		scene = a_scene()
		self.race(scene, tampered_visitors(scene, 2, "no-locks"), work_off_jobs)
		frappe.db.rollback()
		assert frappe.db.sql(OVERLAPS)


def hold_slowly(guest, starts):
	"""Over some six seconds, in which a worker comes up and imports."""
	statuses = []
	for start in starts:
		statuses.append(guest.hold(start).status)
		time.sleep(0.2)
	return statuses


def an_import(scene, starts):
	text = io.StringIO()
	table = csv.writer(text)
	table.writerow(["status", "doctor", "service", "clinic", "patient", "starts_at"])
	patient = a_patient().name
	for start in starts:
		table.writerow(
			["Confirmed", scene.doctors[0], scene.visit, scene.clinic, patient, f"{start:%Y-%m-%d %H:%M:%S}"]
		)
	file = frappe.get_doc(doctype="File", file_name="old.csv", content=text.getvalue(), is_private=1).insert()
	return frappe.get_doc(
		doctype="Data Import",
		reference_doctype="Clinic Appointment",
		import_type="Insert New Records",
		import_file=file.file_url,
		mute_emails=1,
	).insert()
