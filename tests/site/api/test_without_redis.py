"""Redis is down, for the cache and for the queue: the limiter is open, bookings are right (LI-3)."""

import socket
import time

import frappe
import pytest

from tests.bench import Server
from tests.site.api.conftest import Api, error_of, set_settings


@pytest.fixture
def without_redis(practice, monkeypatch):
	"""The API of a server whose Redis addresses nobody listens at."""
	monkeypatch.setenv("FRAPPE_REDIS_CACHE", "redis://127.0.0.1:1")
	monkeypatch.setenv("FRAPPE_REDIS_QUEUE", "redis://127.0.0.1:1")
	server = Server(port=free_port(), workers=2)
	yield Api(server.client())
	server.stop()


def free_port():
	with socket.socket() as free:
		free.bind(("127.0.0.1", 0))
		return free.getsockname()[1]


def test_bookings_are_right_and_nobody_is_refused(practice, without_redis):
	"""LI-3, SE-2: held, refused to a second, booked, seen; no limit; and health says what is missing."""
	set_settings(limit_read=3, limit_hold=2, limit_book=1)
	api, other = without_redis, Api(type(without_redis.session)(without_redis.session.url))
	starts = [slot["start"] for slot in api.slots(practice)]
	token = api.hold(practice, starts[0]).json()["message"]["token"]
	error_of(other.hold(practice, starts[0]), 409, "ERR_SLOT_CONFLICT")
	other.booked(practice, starts[4])
	api.booked(practice, starts[8], name="Bruno Weiss", email="bruno@weiss.example", phone="+34611777999")
	assert api.get("booking", token=token).json()["message"]["status"] == "Held"
	assert starts[4] not in [slot["start"] for slot in api.slots(practice)]
	frappe.db.rollback()
	assert frappe.db.count("Clinic Appointment", {"status": "Confirmed"}) == 2

	health = api.get("health")
	assert health.status_code == 200
	checks = health.json()["message"]["checks"]
	assert checks["redis"] == checks["queue"] == "failed"
	assert checks["database"] == checks["claims_key"] == checks["encryption"] == "ok"


def test_calls_stay_quick(practice, without_redis):
	"""LI-3: a limiter that cannot count doesn't wait for it on every call."""
	set_settings(limit_read=300)
	without_redis.get("filters")
	began = time.monotonic()
	for _ in range(20):
		assert without_redis.get("filters").status_code == 200
	assert time.monotonic() - began < 10
