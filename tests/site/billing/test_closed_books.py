"""Books that are closed, or fail, keep nobody from booking; what they owe is posted once they work again."""

import os
import subprocess
import sys
import time
from statistics import median

import frappe
import pytest

from tests.restore import ROOT, SITES
from tests.scenes import a_scene, on_day
from tests.site.billing.practice import alerts, invoices, work_off
from tests.site.booking.site_scene import book, hold

# What else a machine does slows one batch or another: then more of them tell.
BOOKINGS, BATCHES, MOST_BATCHES = 10, 2, 8
# Works what is due, as a worker that is woken by each booking.
WORKER = """
import os, time, frappe
frappe.init(os.environ["FRAPPE_SITE"]); frappe.connect()
from clinic_booking.billing import tasks
while True:
	tasks.every_minute()
	time.sleep(0.02)
"""


@pytest.fixture
def worker(committed):
	"""A worker beside the bookings."""
	environment = os.environ | {"PYTHONPATH": str(ROOT)}
	process = subprocess.Popen([sys.executable, "-c", WORKER], cwd=SITES, env=environment)
	yield process
	process.kill()
	process.wait()


def close(until) -> None:
	frappe.db.set_single_value("Accounts Settings", "acc_frozen_upto", until)
	frappe.db.set_single_value("Accounts Settings", "frozen_accounts_modifier", "Clinic Manager")
	frappe.db.commit()


def booked(scene, day: int) -> tuple[list[float], list]:
	"""How long bookings took, and their appointments."""
	times, made = [], []
	for number in range(BOOKINGS):
		token = hold(scene, on_day(day, 7 + number))["token"]
		started = time.perf_counter()
		answer = book(token)
		times.append(time.perf_counter() - started)
		made.append(frappe.get_doc("Clinic Appointment", answer["appointment"]))
	return times, made


def test_closed_books_slow_no_booking(worker, capsys):
	"""MO-18, PY-1: as quick as with open books; an alert each; posted once when they are open again."""
	scene = a_scene(price=35)
	_times, visits = booked(scene, 2)
	wait_for(lambda: all(invoices(visit) for visit in visits))
	times, kept = {"open": [], "closed": []}, []
	for batch in range(MOST_BATCHES):
		close(None)
		seconds, visits = booked(scene, 3 + 2 * batch)
		times["open"] += seconds
		wait_for(lambda: all(invoices(visit) for visit in visits))  # noqa: B023
		close(frappe.utils.add_days(frappe.utils.today(), 1))
		seconds, visits = booked(scene, 4 + 2 * batch)
		times["closed"] += seconds
		wait_for(lambda: all(alerts(visit) for visit in visits))  # noqa: B023
		kept += visits
		keep_for_later()
		ratio = median(times["closed"]) / median(times["open"])
		if batch + 1 >= BATCHES and ratio < 1.5:
			break
	with capsys.disabled():
		print(f"\nBooking with closed books takes {ratio:.2f} times as long as with open ones")
	assert ratio < 1.5
	assert all(len(alerts(visit)) == 1 and not invoices(visit) for visit in kept)
	close(None)
	for _each in range(2):
		frappe.db.sql("UPDATE `tabBilling Task` SET due_at_utc = UTC_TIMESTAMP(6)")
		work_off()
	wait_for(lambda: not any(alerts(visit) for visit in kept))
	assert all(len(invoices(visit)) == 1 for visit in kept)


def keep_for_later() -> None:
	"""Have what could not be posted wait for longer than until the books are open for the next batch."""
	frappe.db.rollback()
	frappe.db.sql("UPDATE `tabBilling Task` SET due_at_utc = due_at_utc + INTERVAL 1 DAY")
	frappe.db.commit()


def wait_for(condition, seconds=120) -> None:
	until = time.monotonic() + seconds
	while not condition():
		assert time.monotonic() < until, "it never came"
		time.sleep(0.2)
		frappe.db.rollback()
