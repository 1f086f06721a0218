"""Visits are cancelled while a worker reminds of them (RA-6, NT-4)."""

import os
import subprocess
import sys
import time
from math import inf

import frappe
import pytest

from clinic_booking.booking import lifecycle
from clinic_booking.messaging.queue import DOCTYPE
from tests.restore import ROOT, SITES
from tests.scenes import on_day
from tests.site.booking.site_scene import booked, do
from tests.site.messaging import post

SECONDS = 100
VISITS = 12


@pytest.fixture
def visits(committed, scene, mails):
	"""Visits whose reminders are due; nothing else of them is to be told."""
	made = [booked(scene, on_day(2, 8 + number)) for number in range(VISITS)]
	frappe.db.delete(DOCTYPE, {"kind": ("!=", "reminder")})
	post.hurry()
	frappe.db.commit()
	return made


def race(visits, mails, *worker: str) -> tuple[list[str], list[str]]:
	"""Cancel all visits while a worker sends; reminders nobody had begun by then, and all those sent.

	The first half while the mail server takes its time over the second mail: most of theirs are not begun, however
	slow this machine is.
	"""
	mails.most = 1
	environment = os.environ | {"PYTHONPATH": str(ROOT)}
	command = [sys.executable, "-m", "tests.site.messaging.worker", str(SECONDS), "unhurried", *worker]
	process = subprocess.Popen(command, cwd=SITES, env=environment, stderr=subprocess.DEVNULL)
	try:
		until(lambda: frappe.db.count(DOCTYPE, {"kind": "reminder", "status": "Sent"}))
		late = [name for visit in visits[: VISITS // 2] for name in cancel(visit)]
		mails.most = inf
		late += [name for visit in visits[VISITS // 2 :] for name in cancel(visit)]
		until(lambda: not frappe.db.count(DOCTYPE, {"outbox_status": "Waiting"}))
	finally:
		process.kill()
		process.wait()
	return late, frappe.get_all(DOCTYPE, {"kind": "reminder", "status": "Sent"}, pluck="name")


def cancel(visit) -> list[str]:
	"""Its reminder, if no worker has taken it before the cancellation is there for all to see."""
	do(lifecycle.cancel_by_patient, visit.name, visit.doctor, None)
	frappe.db.commit()
	unbegun = {"outbox_status": "Waiting", "attempts": 0}
	return frappe.get_all(DOCTYPE, {"appointment": visit.name, "kind": "reminder"} | unbegun, pluck="name")


def until(is_true) -> None:
	end = time.monotonic() + SECONDS
	while time.monotonic() < end:
		frappe.db.rollback()
		if is_true():
			return
		time.sleep(0.01)
	raise TimeoutError


def test_who_has_cancelled_is_not_reminded(visits, mails):
	"""RA-6, ME-9: whichever comes first; of the cancellation all are told, once."""
	late, sent = race(visits, mails)
	assert late and sent and not set(late) & set(sent)
	status = {"kind": "reminder", "status": ("not in", ("Sent", "Skipped"))}
	assert not frappe.db.count(DOCTYPE, status)
	assert frappe.db.count(DOCTYPE, {"kind": "cancelled", "status": "Sent"}) == VISITS
	assert len(mails.received) == len({mail.key for mail in mails.received}) == VISITS + len(sent)


def test_without_a_look_at_the_visit_they_are(visits, mails):
	"""RA-6: the same race, where a reminder goes whatever has become of its visit."""
	late, sent = race(visits, mails, "blindly")
	assert set(late) & set(sent)
