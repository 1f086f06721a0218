"""What calls cost beside an empty one, a bare insert and ERPNext's own slots.

Of doctors with office hours (Monday to Friday, 8 to 12 and 14 to 18) of which seven half hours a day are
booked; one more is open for sixteen hours every day, which is printed and has no budget.
"""

import json
import random
import threading
import time
from datetime import timedelta
from itertools import count
from statistics import median

import frappe
from frappe.auth import CookieManager
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from clinic_booking.pages.renderer import PublicPage
from tests.load.history import half_full, long_past
from tests.load.measure import PING, Line, Times, interleaved
from tests.scenes import Scene, a_scene, in_days

CALLS = 300
CLIENTS = 8
HISTORY = 100_000
INSERT = "insert a ToDo"
PAGE = "booking page"
ERPNEXT = "ERPNext's slots, 1 day"
API = "/api/method/clinic_booking.api.public."
SLOTS = "/api/method/erpnext.www.book_appointment.index.get_appointment_slots"

# At the median, with one client: so many times an empty call, and so many times a bare insert.
TIMES_PING = {"availability, 7 days": 1.6, "availability, 60 days": 2.2, "doctors, ten": 2.5}
TIMES_INSERT = {"hold": 1.2, "book": 2.5}
# A page may cost so many times an empty call, and its queries.
PAGE_TIMES_PING = 1.5
# A table with a long history may cost this much more, for the noise of a shared machine.
NOISE = 1.15
# Whose number of queries may not depend on what is asked for.
ALIKE = (
	("availability, 1 day", "availability, 7 days", "availability, 60 days", "60 days, 16 hours a day"),
	("doctors, one", "doctors, ten"),
)


def test_costs(server, capsys):
	"""LI-1, LI-2: each call within its budget, its queries constant, with 100,000 appointments as with few."""
	calls = Calls(server, a_scene(doctors=10, office_hours=True), a_scene())
	offer_slots_in_erpnext()
	half_full(calls.scene)
	half_full(calls.always_open)
	calls.find_free_starts()

	few, queries = calls.measure(clients=1), calls.queries()
	report(capsys, few.table("One client", columns(few, queries)))
	page_queries = median_of_page_queries(f"book/{calls.scene.slugs[0]}/{calls.scene.visit}")
	report(capsys, f"  of the booking page {1000 * page_queries:.2f} ms are its own queries")
	busy = calls.measure(clients=CLIENTS)
	report(capsys, busy.table(f"{CLIENTS} clients at once", columns(busy)))

	long_past(calls.scene, HISTORY)
	many, queries_of_many = calls.measure(clients=1), calls.queries()
	report(capsys, many.table(f"One client, {HISTORY:,} appointments", columns(many, queries_of_many)))
	calls.close()

	assert over_budget(few) + over_budget(many) + dearer(few, many) == []
	assert few.p50(PAGE) <= PAGE_TIMES_PING * few.p50(PING) + page_queries
	assert queries == queries_of_many
	assert all(len({queries[name] for name in names}) == 1 for names in ALIKE)
	assert [name for name, count in queries.items() if "-" in count and name not in (INSERT, ERPNEXT)] == []


def columns(times: Times, queries: dict[str, str] | None = None) -> dict:
	compared = (*TIMES_INSERT, INSERT)
	shown = {"x insert": lambda name: f"{times.ratio(name, INSERT):.2f}" if name in compared else ""}
	return shown | ({"queries": queries.get} if queries else {})


def report(capsys, text: str) -> None:
	with capsys.disabled():
		print(f"\n{text}")


def over_budget(times: Times) -> list[str]:
	"""The calls that cost more than they may."""
	budgets = [(name, PING, budget) for name, budget in TIMES_PING.items()]
	budgets += [(name, INSERT, budget) for name, budget in TIMES_INSERT.items()]
	return [
		f"{name}: {times.ratio(name, other):.2f} times {other}, not {budget}"
		for name, other, budget in budgets
		if times.ratio(name, other) > budget
	]


def dearer(few: Times, many: Times) -> list[str]:
	"""The calls that grew with the history, in milliseconds and beside ping: the weather changes one alone."""
	return [
		f"{name}: {few.p50(name) * 1000:.1f} ms became {many.p50(name) * 1000:.1f} ms"
		for name in few.seconds
		if min(many.p50(name) / few.p50(name), many.ratio(name) / few.ratio(name)) > NOISE
	]


class Calls:
	"""The calls that are measured. Reads are of the first doctor; holds take times of all the others."""

	def __init__(self, server, scene: Scene, always_open: Scene):
		self.server = server
		self.scene, self.always_open = scene, always_open
		self.session = server.client().login("Administrator").cookies["sid"]
		self.free = []
		self.number = count(1)
		self.lock = threading.Lock()
		self.lines = []

	def line(self) -> Line:
		self.lines.append(Line(self.server.url))
		return self.lines[-1]

	def close(self) -> None:
		for line in self.lines:
			line.close()

	def measure(self, clients: int) -> Times:
		lines = [self.line() for _ in range(clients)]
		ping, reads = self.ping, [{name: call} for name, call in self.reads().items()]
		writes = {INSERT: self.insert, "hold": self.hold, "book": self.book}
		for line in lines:
			interleaved(ping, [*reads, writes], [line], rounds=4)  # every worker has been asked once
		return interleaved(ping, [*reads, writes], lines, rounds=-(-CALLS // clients))

	def queries(self) -> dict[str, str]:
		"""How many statements each call sends, by MariaDB's own counter; "3-5" where they differ."""
		line = self.line()
		calls = {PING: self.ping} | self.reads() | {INSERT: self.insert, "hold": self.hold, "book": self.book}
		counted = {name: [] for name in calls}
		for round in range(10):
			for name, call in calls.items():
				before = questions()
				call(line)
				time.sleep(0.05)  # the worker says good-bye to the database after it has answered
				if round >= 5:  # the line's worker has all in mind by then
					counted[name].append(questions() - before - 1)
		return {
			name: str(min(seen)) if min(seen) == max(seen) else f"{min(seen)}-{max(seen)}"
			for name, seen in counted.items()
		}

	# -- the calls ---------------------------------------------------------------------------------

	def ping(self, line: Line) -> None:
		read(line, "/api/method/ping")

	def reads(self) -> dict:
		paths = {
			"availability, 1 day": self.availability(self.scene, 0, 1),
			"availability, 7 days": self.availability(self.scene, 0, 7),
			"availability, 60 days": self.availability(self.scene, 0, 60),
			"60 days, 16 hours a day": self.availability(self.always_open, 0, 60),
			"doctors, one": f"{API}doctors?clinic={self.scene.clinic}&limit=1",
			"doctors, ten": f"{API}doctors?clinic={self.scene.clinic}&limit=10",
			PAGE: f"/book/{self.scene.slugs[0]}/{self.scene.visit}",
			ERPNEXT: f"{SLOTS}?date={in_days(2)}&timezone=Europe/Madrid",
		}
		return {name: lambda line, path=path: read(line, path) for name, path in paths.items()}

	@staticmethod
	def availability(scene: Scene, position: int, days: int) -> str:
		first = in_days(1)
		last = first + timedelta(days=days - 1)
		asked = f"doctor={scene.doctors[position]}&service={scene.visit}&from_date={first}&to_date={last}"
		return f"{API}availability?{asked}"

	def insert(self, line: Line) -> None:
		values = {"description": f"Call back {next(self.number)}"}
		send(line, "/api/resource/ToDo", values, {"Cookie": f"sid={self.session}"})

	def hold(self, line: Line) -> None:
		with self.lock:
			doctor, start = self.free.pop()
		line.token = send(
			line, f"{API}hold", {"doctor": doctor, "service": self.scene.visit, "start": start}
		)["token"]

	def book(self, line: Line) -> None:
		unique = next(self.number)
		patient = {
			"name": f"Maria Ionescu {unique}",
			"email": f"maria{unique}@example.com",
			"phone": f"+34611{unique:06d}",
		}
		send(line, f"{API}book", {"token": line.token, "patient": patient, "consent": True})

	def find_free_starts(self) -> None:
		"""Free half hours that do not touch each other."""
		line = self.line()
		for position, doctor in list(enumerate(self.scene.doctors))[1:]:
			end = ""
			for day in read(line, self.availability(self.scene, position, 59))["days"]:
				for slot in day["slots"]:
					if slot["start"] >= end:
						end = slot["end"]
						self.free.append((doctor, slot["start"]))
		random.Random(1).shuffle(self.free)


def read(line: Line, path: str):
	status, body = line.get(path)
	assert status == 200, body[:500]
	return json.loads(body)["message"] if path.startswith("/api") else body


def send(line: Line, path: str, values: dict, headers: dict | None = None):
	body = json.dumps(values).encode()
	status, body = line.send("POST", path, body, {"Content-Type": "application/json"} | (headers or {}))
	assert status == 200, body[:500]
	return json.loads(body).get("message")


def questions() -> int:
	"""Statements that MariaDB has been sent so far, this one included."""
	return int(frappe.db.sql("SHOW GLOBAL STATUS LIKE 'Questions'")[0][1])


def median_of_page_queries(path: str) -> float:
	"""The seconds that a page's own queries take: rendered in this process, as a guest."""
	frappe.set_user("Guest")
	frappe.local.request = Request(EnvironBuilder(f"/{path}").get_environ())
	frappe.local.cookie_manager = CookieManager()
	sql, seconds = frappe.db.sql, []

	def timed_sql(*args, **kwargs):
		started = time.perf_counter()
		try:
			return sql(*args, **kwargs)
		finally:
			seconds[-1] += time.perf_counter() - started

	frappe.db.sql = timed_sql
	try:
		for _ in range(60):
			seconds.append(0.0)
			assert PublicPage(path).render().status_code == 200
	finally:
		frappe.db.sql = sql
		frappe.set_user("Administrator")
	return median(seconds)


def offer_slots_in_erpnext() -> None:
	"""ERPNext's own booking with the same hours and length."""
	holidays = frappe.get_doc(
		doctype="Holiday List", holiday_list_name="None", from_date=in_days(-300), to_date=in_days(300)
	).insert()
	settings = frappe.get_doc("Appointment Booking Settings")
	settings.update({"enable_scheduling": 1, "appointment_duration": 30, "holiday_list": holidays.name})
	for weekday in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
		settings.append(
			"availability_of_slots", {"day_of_week": weekday, "from_time": "06:00:00", "to_time": "22:00:00"}
		)
	settings.append("agent_list", {"user": "Administrator"})
	settings.flags.ignore_validate = True  # it reads its times in another format than it stores
	settings.save()
	frappe.db.commit()
