"""Whatever happens to visits, books and appointments say the same, to the smallest unit."""

import os
import random
import subprocess
import sys

import frappe

from tests.restore import ROOT, SITES
from tests.site.billing.lives import live
from tests.site.billing.practice import become, payment_status, work_off
from tests.site.billing.test_credit import paid

LIFECYCLES = 17
WORKER = """
import os, frappe
frappe.init(os.environ["FRAPPE_SITE"]); frappe.connect()
from clinic_booking.billing import books, tasks
# twin: books.lock = lambda appointment: frappe.db.rollback()
tasks.every_minute()
"""


def test_books_and_appointments_agree_after_any_lifecycle(practice_abroad, gateway):
	"""MO-15, MO-16, MO-18, MO-19: ledger, provider and appointment to the smallest unit, whatever happens to visits."""
	live(practice_abroad, gateway, random.Random(practice_abroad.currency), LIFECYCLES)


def test_credit_is_spent_once_by_visits_invoiced_at_the_same_time(committed, practice):
	"""MO-20: three workers, six visits, credit for one."""
	paid_ones, overspent = spend_at_the_same_time(practice, WORKER)
	assert (paid_ones, overspent) == (1, 0)


def test_without_the_lock_it_is_spent_more_than_once(committed, practice):
	"""MO-20: the twin."""
	paid_ones, overspent = spend_at_the_same_time(practice, WORKER.replace("# twin: ", ""))
	assert paid_ones > 1 and overspent > 0


def spend_at_the_same_time(practice, program: str) -> tuple[int, float]:
	"""How many of six visits were paid by credit for one, and how much more than there was."""
	old = become(paid(practice), "Cancelled")
	work_off()
	visits = [practice.visit() for _each in range(6)]
	frappe.db.commit()
	command, environment = [sys.executable, "-c", program], os.environ | {"PYTHONPATH": str(ROOT)}
	workers = [subprocess.Popen(command, cwd=SITES, env=environment) for _each in range(3)]
	assert [worker.wait(120) for worker in workers] == [0, 0, 0]
	frappe.db.rollback()
	work_off()
	((overspent,),) = frappe.db.sql(
		"""SELECT SUM(entry.amount) FROM `tabPayment Ledger Entry` entry
		JOIN `tabSales Invoice` note ON note.name = entry.against_voucher_no
		WHERE note.is_return = 1 AND note.clinic_booking_appointment = %s AND entry.delinked = 0""",
		old.name,
	)
	states = [payment_status(visit) for visit in visits]
	assert set(states) == {"Paid", "Unpaid"}
	return states.count("Paid"), overspent
