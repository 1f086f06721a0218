"""Random work at a clinic by all its roles at once: guests, reception, a doctor, a manager, over HTTP."""

import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

import frappe
from frappe.utils.password import update_password

from clinic_booking.booking.clock import to_database
from clinic_booking.scheduling.status import MOVES
from tests.builders import a_patient, insert
from tests.line import Line, at_once
from tests.scenes import Scene, a_scene, on_day
from tests.visitor import Answer, Visitor

PASSWORD = "a clinic at work"
DESK, DOCTOR = "/api/method/clinic_booking.api.desk.", "/api/method/clinic_booking.api.doctor."
VISITORS, RECEPTIONISTS = 4, 2
# How often each is tried.
GUESTS = {"hold": 30, "move hold": 8, "book": 28, "release": 4, "reschedule": 14, "cancel": 10, "look": 6}
RECEPTION = {
	"desk book": 24,
	"walk in": 10,
	"move": 16,
	"form": 10,
	"check in": 10,
	"complete": 10,
	"no show": 6,
	"reopen": 8,
	"desk cancel": 6,
}
DOCTORS = {
	"approve": 40,
	"decline": 12,
	"complete": 12,
	"check in": 10,
	"reopen": 8,
	"no show": 6,
	"online": 6,
}
MANAGERS = {"desk book": 20, "squeeze in": 20, "move": 20, "reopen": 20, "desk cancel": 10, "form": 10}
# What may come of any of them: a rule said no. A form hears 417 from Frappe.
REFUSED = {403, 404, 409, 410, 417, 422}


@dataclass
class Work:
	"""Everybody at work on one scene until so many operations are done; `outcomes` counts (operation, status)."""

	url: str
	scene: Scene
	staff: dict[str, str]  # who: their session
	patients: list[str]
	days: int = 2
	seed: int = 1
	appointments: list[str] = field(default_factory=list)
	outcomes: Counter = field(default_factory=Counter)
	odd: list = field(default_factory=list)
	lock: threading.Lock = field(default_factory=threading.Lock)

	def go(self, operations: int, seconds: float = 3600) -> None:
		people = [
			*(lambda number=number: Guest(self, number) for number in range(VISITORS)),
			*(
				lambda number=number: Employee(self, "reception", RECEPTION, number)
				for number in range(RECEPTIONISTS)
			),
			lambda: Employee(self, "doctor", DOCTORS, 0),
			lambda: Employee(self, "manager", MANAGERS, 0),
		]
		share, end = -(-operations // len(people)), time.monotonic() + seconds
		at_once([lambda person=person: person().work(share, end) for person in people])

	def happened(self) -> int:
		return sum(self.outcomes.values())

	def succeeded(self) -> set[str]:
		return {operation for operation, status in self.outcomes if status == 200}

	def count(self, operation: str, answer: Answer) -> Answer:
		with self.lock:
			self.outcomes[operation, answer.status] += 1
			if answer.status != 200 and answer.status not in REFUSED:
				self.odd.append((operation, answer))
			name = answer.status == 200 and (answer.body.get("message") or {}).get("appointment")
			if name and operation in ("book", "desk book", "walk in", "squeeze in"):
				self.appointments.append(name)
		return answer


class Person:
	"""One of those at work, with dice of their own."""

	weights: dict[str, int]

	def __init__(self, at: Work, who: str, number: int):
		self.at, self.scene = at, at.scene
		self.dice = random.Random(f"{at.seed} {who} {number}")

	def work(self, operations: int, end: float) -> None:
		while operations and time.monotonic() < end:
			operations -= 1
			name = self.dice.choices(list(self.weights), self.weights.values())[0]
			self.at.count(name, getattr(self, name.replace(" ", "_"))())
		self.line.close()

	def a_start(self) -> str:
		minute = self.dice.choice((0, 15, 30, 45))
		return on_day(self.dice.randint(2, 1 + self.at.days), self.dice.randint(7, 18), minute).isoformat()

	def a_doctor(self) -> str:
		return self.dice.choice(self.scene.doctors)

	def a_service(self) -> str:
		return self.dice.choice((self.scene.visit, self.scene.room_visit))


class Guest(Person):
	"""Books from a phone; what they have booked they move and cancel with their links."""

	weights = GUESTS

	def __init__(self, at: Work, number: int):
		super().__init__(at, "guest", number)
		self.line = Visitor(at.url, at.scene)
		self.held, self.booked = [], []

	def hold(self) -> Answer:
		answer = self.line.hold(self.a_start(), self.a_doctor(), self.a_service())
		if answer.status == 200:
			self.held.append(answer.message["token"])
		return answer

	def move_hold(self) -> Answer:
		if not self.held:
			return self.hold()
		return self.line.hold(
			self.a_start(), self.a_doctor(), self.a_service(), token=self.dice.choice(self.held)
		)

	def book(self) -> Answer:
		if not self.held:
			return self.hold()
		self.line.token = self.held.pop()
		answer = self.line.book()
		if answer.status == 200:
			self.booked.append(self.line.token)
		return answer

	def release(self) -> Answer:
		token = self.held.pop() if self.held else self._one_booked()
		return self.line.tell("release", token=token)

	def reschedule(self) -> Answer:
		return self.line.tell("reschedule", token=self._one_booked(), start=self.a_start())

	def cancel(self) -> Answer:
		return self.line.tell("cancel", token=self._one_booked())

	def look(self) -> Answer:
		return self.line.ask("booking", token=self._one_booked())

	def _one_booked(self) -> str:
		return self.dice.choice(self.booked) if self.booked else "nobody's"


class Employee(Person):
	"""Somebody signed in: with the buttons of the desk, and by saving the form."""

	def __init__(self, at: Work, who: str, weights: dict[str, int], number: int):
		super().__init__(at, who, number)
		self.weights = weights
		self.line = Line(at.url, {"Cookie": f"sid={at.staff[who]}"})

	def desk_book(self, **more) -> Answer:
		return self._tell(
			DESK + "book",
			patient=self.dice.choice(self.at.patients),
			doctor=self.a_doctor(),
			service=self.a_service(),
			start=self.a_start(),
			override=self.dice.random() < 0.3,
			**more,
		)

	def squeeze_in(self) -> Answer:
		return self.desk_book(squeeze_in=True, reason="An old patient in pain")

	def walk_in(self) -> Answer:
		return self._tell(
			DESK + "walk_in",
			patient=self.dice.choice(self.at.patients),
			doctor=self.a_doctor(),
			service=self.a_service(),
			clinic=self.scene.clinic,
		)

	def move(self) -> Answer:
		doctor = {"doctor": self.a_doctor()} if self.dice.random() < 0.5 else {}
		return self._change(DESK + "move", start=self.a_start(), **doctor)

	def form(self) -> Answer:
		"""Move by saving the record, as the form, REST and imports do."""
		start = datetime.fromisoformat(self.a_start())  # the site's zone is the clinic's here
		path = f"/api/resource/Clinic%20Appointment/{quote(self._an_appointment())}"
		body = json.dumps({"starts_at": f"{start:%Y-%m-%d %H:%M:%S}"}).encode()
		return self._answer(self.line.send("PUT", path, body, self._headers()))

	def check_in(self) -> Answer:
		return self._change(DESK + "check_in")

	def complete(self) -> Answer:
		return self._change(DESK + "complete")

	def no_show(self) -> Answer:
		return self._change(DESK + "no_show")

	def reopen(self) -> Answer:
		return self._change(DESK + "reopen", reason="By mistake")

	def desk_cancel(self) -> Answer:
		return self._change(DESK + "cancel", reason="The doctor is ill")

	def approve(self) -> Answer:
		return self._change(DOCTOR + "approve")

	def decline(self) -> Answer:
		return self._change(DOCTOR + "decline", reason="Away")

	def online(self) -> Answer:
		return self._tell(DOCTOR + "online", doctor=self.scene.doctors[0], online=self.dice.random() < 0.8)

	def _change(self, path: str, **values) -> Answer:
		return self._tell(path, appointment=self._an_appointment(), **values)

	def _an_appointment(self) -> str:
		"""Mostly a late one: those are the ones that still live."""
		latest = self.at.appointments[-60:] if self.dice.random() < 0.7 else list(self.at.appointments)
		return self.dice.choice(latest)

	def _tell(self, path: str, **values) -> Answer:
		return self._answer(self.line.send("POST", path, json.dumps(values).encode(), self._headers()))

	def _headers(self) -> dict:
		return self.line.headers | {"Content-Type": "application/json"}

	@staticmethod
	def _answer(answer: tuple[int, bytes]) -> Answer:
		status, body = answer
		return Answer(status, json.loads(body))


def employ(server, scene: Scene) -> dict[str, str]:
	"""A receptionist and a manager of the scene's clinic, and its first doctor's login: their sessions. Commits."""
	roles = {"reception": "Clinic Receptionist", "manager": "Clinic Manager", "doctor": "Clinic Doctor"}
	users = {}
	for who, role in roles.items():
		user = insert(
			"User",
			email=f"{who}.{frappe.generate_hash(length=6)}@clinic.example",
			first_name=who,
			send_welcome_email=0,
			roles=[{"role": role}],
		)
		update_password(user.name, PASSWORD)
		users[who] = user.name
	clinic = frappe.get_doc("Clinic", scene.clinic)
	clinic.append("staff", {"user": users["reception"], "role": "Receptionist"})
	clinic.append("staff", {"user": users["manager"], "role": "Manager"})
	clinic.save()
	doctor = frappe.get_doc("Doctor", scene.doctors[0])
	doctor.user = users["doctor"]
	doctor.save()
	frappe.db.commit()
	return {who: server.client().login(user, PASSWORD).cookies["sid"] for who, user in users.items()}


def a_working_clinic(server, doctors=4, rooms=2, days=2) -> Work:
	"""A scene with its staff, whose first doctor approves each booking, and visits whose hour has come. Commits."""
	scene = a_scene(doctors=doctors, rooms=rooms)
	first = frappe.get_doc("Doctor", scene.doctors[0])
	first.approves_bookings = 1
	first.save()
	patients = [a_patient().name for _ in range(10)]
	staff = employ(server, scene)
	return Work(server.url, scene, staff, patients, days, appointments=yesterdays(scene, patients))


def yesterdays(scene: Scene, patients: list[str]) -> list[str]:
	"""Visits of yesterday that are still Confirmed: ten hours of half hours with each doctor. Commits."""
	made = [
		insert(
			"Clinic Appointment",
			status="Confirmed",
			source="Desk",
			patient=patients[position % len(patients)],
			doctor=doctor,
			service=scene.visit,
			clinic=scene.clinic,
			starts_at_utc=to_database(on_day(-1, 8) + position * timedelta(minutes=30)),
		).name
		for doctor in scene.doctors
		for position in range(20)
	]
	frappe.db.commit()
	return made


def broken_histories() -> list[str]:
	"""Appointments whose kept changes are no walk over the table of states to where they stand (BK-6, BK-9)."""
	frappe.db.rollback()
	state, wrong = {}, []
	for name, before, after in frappe.db.sql(
		"""SELECT appointment, `before`, `after` FROM `tabAppointment Change`
		WHERE `after` LIKE '%"status"%' ORDER BY at_utc, creation, name"""
	):
		old, new = before and json.loads(before)["status"], json.loads(after)["status"]
		if old != state.get(name) or (old and new not in MOVES[old]):
			wrong.append(f"{name}: {old} to {new} after {state.get(name)}")
		state[name] = new
	stored = dict(frappe.db.sql("SELECT name, status FROM `tabClinic Appointment`"))
	return wrong + [
		f"{name}: is {is_}, kept {state.get(name)}" for name, is_ in stored.items() if state.get(name) != is_
	]
