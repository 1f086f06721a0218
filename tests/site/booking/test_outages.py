"""Redis goes and comes back under a running server; the same scheduled job twice at once."""

import socket
import subprocess
import time
from functools import partial

import frappe
import pytest

from clinic_booking.booking import claims, expire
from tests.bench import Server, connect
from tests.line import Line, at_once
from tests.scenes import a_scene, in_days, on_day
from tests.site.booking.races import outcomes, rows
from tests.site.booking.site_scene import booked, hold, in_utc, minutes, now
from tests.truth import contradictions
from tests.visitor import Visitor


class OwnRedis:
	"""A Redis of this test's own, which may be stopped."""

	def __init__(self, directory):
		self.directory, self.port = directory, free_port()
		self.start()

	def start(self):
		command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
		self.process = subprocess.Popen([*command, "--dir", self.directory], stdout=subprocess.DEVNULL)
		while not self.answers():
			time.sleep(0.05)

	def answers(self):
		with socket.socket() as attempt:
			return attempt.connect_ex(("127.0.0.1", self.port)) == 0

	def stop(self):
		self.process.kill()
		self.process.wait()


def free_port():
	with socket.socket() as free:
		free.bind(("127.0.0.1", 0))
		return free.getsockname()[1]


@pytest.fixture
def redis(committed, tmp_path):
	redis = OwnRedis(tmp_path)
	yield redis
	redis.stop()


@pytest.fixture
def server_of_its_own(redis, monkeypatch):
	for name in ("CACHE", "QUEUE"):
		monkeypatch.setenv(f"FRAPPE_REDIS_{name}", f"redis://127.0.0.1:{redis.port}")
	server = Server(port=free_port(), workers=3)
	yield server
	server.stop()


def test_redis_goes_and_comes_back(redis, server_of_its_own):
	"""LI-3: bookings are right before, while it is away, and after; one of thirty has each slot."""
	scene = a_scene()
	crowd = [Visitor(server_of_its_own.url, scene) for _ in range(30)]
	for round, change in enumerate((lambda: None, redis.stop, redis.start)):
		change()
		start = on_day(2 + round, 12)
		assert start.isoformat() in crowd[0].starts(in_days(2 + round))
		answers = at_once(partial(visitor.hold, start) for visitor in crowd)
		assert outcomes(answers) == {200: 1, "ERR_SLOT_CONFLICT": 29}
		winner = next(v for v, answer in zip(crowd, answers, strict=True) if answer.status == 200)
		assert winner.book().message["status"] == "Confirmed"
		assert start.isoformat() not in crowd[0].starts(in_days(2 + round))
		assert rows("Clinic Appointment") == round + 1
	for visitor in crowd:
		Line.close(visitor)
	assert contradictions() == []


class TestEveryMinuteTwice:
	@staticmethod
	def overdue():
		"""Thirty lapsed holds and ten unanswered bookings; the names of the bookings."""
		scene, approving = a_scene(), a_scene(approves_bookings=1)
		for position in range(30):
			hold(scene, on_day(3, 6 + position // 2, position % 2 * 30))
		unanswered = [booked(approving, on_day(5, 8 + hour)).name for hour in range(10)]
		past = in_utc(now() - minutes(1))
		frappe.db.sql("UPDATE `tabBooking Request` SET expires_at_utc = %s WHERE status = 'Held'", past)
		frappe.db.sql("UPDATE `tabBooked Slot` SET expires_at = %s WHERE kind = 'Hold'", past)
		frappe.db.sql("UPDATE `tabClinic Appointment` SET expires_at_utc = %s", past)
		frappe.db.commit()
		return unanswered

	@staticmethod
	def twice():
		def job():
			connect()
			expire.every_minute()
			frappe.destroy()

		at_once([job, job])
		frappe.db.rollback()

	def test_does_it_once(self, committed):
		"""LI-6: each hold ended, each booking declined once, nothing to alert about."""
		unanswered = self.overdue()
		self.twice()
		assert frappe.db.count("Booking Request", {"status": "Expired"}) == 30
		assert rows("Booked Slot") == 0
		cancelled = frappe.get_all("Appointment Change", {"what": "Cancelled"}, pluck="appointment")
		assert sorted(cancelled) == sorted(unanswered)
		assert rows("Clinic Alert") == 0
		assert contradictions() == []

	def test_twin(self, committed, monkeypatch):
		"""LI-6: without the locks, two runs get into each other's way."""
		get_doc = frappe.get_doc

		def unlocked(*args, for_update=False, **values):
			document = get_doc(*args, **values)
			if args[:1] == ("Clinic Appointment",):
				time.sleep(0.02)
			return document

		self.overdue()
		monkeypatch.setattr(claims, "lock_doctors", lambda doctors: {})
		monkeypatch.setattr(frappe, "get_doc", unlocked)
		self.twice()
		assert rows("Clinic Alert") or frappe.db.count("Appointment Change", {"what": "Cancelled"}) > 10
