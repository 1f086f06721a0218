"""What `health` tells, and when it is 503."""

import frappe
import pytest
from cryptography.fernet import Fernet
from frappe.installer import update_site_config

from clinic_booking.api import health
from tests.site.api.conftest import PATH, counts

OFF = {"calendars": "off", "gateways": "off"}


def asked(inside):
	answer = inside("GET", PATH + "health")
	assert set(answer.get_json()) == {"message"}
	return answer.status_code, answer.get_json()["message"]


def test_a_site_that_can_book_is_ok_without_workers(practice, api, inside):
	"""SE-6: 200, and GET changes nothing; jobs that nobody works off are told, and don't make it fail."""
	api.booked(practice, api.slots(practice)[0]["start"])
	before = counts()
	status, told = asked(inside)
	assert counts() == before
	assert status == 200
	assert told["status"] == "ok"
	assert told["checks"].pop("scheduler") in ("ok", "off")
	assert told["checks"] == OFF | {
		"database": "ok",
		"redis": "ok",
		"queue": "failed",
		"claims_key": "ok",
		"encryption": "ok",
	}


def test_without_the_key_against_overlaps_it_is_503(committed, inside, monkeypatch):
	"""BK-3: nothing may be booked while the database would let two overlap."""
	monkeypatch.setattr(health.claims, "key_in_place", lambda: False)
	status, told = asked(inside)
	assert (status, told["status"], told["checks"]["claims_key"]) == (503, "failed", "failed")


@pytest.mark.parametrize("key", [None, "", "no key", Fernet.generate_key().decode()])
def test_without_the_encryption_key_of_its_data_it_is_503(practice, api, inside, key):
	"""LI-8: a restore without the key; asking makes no new one, and what is booked with another hides nothing."""
	starts = [slot["start"] for slot in api.slots(practice)]
	api.booked(practice, starts[0])
	update_site_config("encryption_key", "None" if key is None else key)
	if key and key != "no key":
		api.booked(practice, starts[-1])
	status, told = asked(inside)
	assert (status, told["checks"]["encryption"]) == (503, "failed")
	assert told["checks"]["database"] == "ok"
	assert frappe.get_site_config().get("encryption_key") == key


def test_a_check_that_breaks_is_failed_and_tells_nothing(committed, inside, monkeypatch):
	"""SE-5: no reason, no address."""

	def broken():
		raise RuntimeError("redis://user:password@10.0.0.1")

	monkeypatch.setitem(health.CHECKS, "redis", broken)
	status, told = asked(inside)
	assert (status, told["checks"]["redis"]) == (200, "failed")
	assert "10.0.0.1" not in str(told)
