"""Whatever happens to visits, books and appointments say the same, to the smallest unit."""

import os
import random
import subprocess
import sys
from decimal import Decimal

import frappe

from clinic_booking.billing import payments
from clinic_booking.booking.money import unit
from tests.restore import ROOT, SITES
from tests.site.billing.practice import become, payment_status, work_off
from tests.site.billing.test_credit import credit_of, paid

LIFECYCLES = 17
NOTHING = Decimal(0)
WORKER = """
import os, frappe
frappe.init(os.environ["FRAPPE_SITE"]); frappe.connect()
from clinic_booking.billing import books, tasks
# twin: books.lock = lambda appointment: frappe.db.rollback()
tasks.every_minute()
"""


class Patient:
	"""What one patient should owe and be owed, reckoned beside the books."""

	def __init__(self, practice, dice):
		self.practice, self.dice = practice, dice
		self.cash = self.charged = self.credit = NOTHING

	def live_through_a_visit(self) -> None:
		smallest = unit(self.practice.currency)
		price = smallest * self.dice.randint(1, 9_999)
		source = self.dice.choice(("Desk", "Online"))
		visit = self.practice.visit(price=float(price), source=source)
		settled = min(self.credit, price) if source == "Desk" else NOTHING
		self.credit -= settled
		if self.dice.random() < 0.9:
			work_off()  # else the task waits until the visit's end
			settled = self.pay(visit, price, settled, smallest)
		elif source == "Desk":
			self.credit, settled = self.credit + settled, NOTHING
			visit.reload()
			become(visit, "Cancelled")
			work_off()
			assert payment_status(visit) == "Not Required"
			return
		self.end(visit, price, settled)

	def pay(self, visit, price, settled, smallest) -> Decimal:
		"""Nothing, a part, or all of it, in up to two payments; what is settled then."""
		for _each in range(self.dice.randint(0, 2)):
			left = price - settled
			if not left:
				break
			amount = self.dice.choice((left, smallest * self.dice.randint(1, int(left / smallest))))
			payments.take(visit, "Cash", amount, "Administrator")
			frappe.db.commit()
			self.cash, settled = self.cash + amount, settled + amount
		return settled

	def end(self, visit, price, settled) -> None:
		end = self.dice.choice(("Completed", "No Show", "Cancelled"))
		become(visit, end)
		work_off()
		if end == "Completed":
			self.charged += price
			expected = "Paid" if settled == price else "Partly Paid" if settled else "Unpaid"
		elif end == "No Show":
			self.charged += settled
			expected = "Paid" if settled else "Not Required"
		else:
			self.credit += settled
			expected = "Refunded" if settled else "Not Required"
		assert payment_status(visit) == expected


def test_books_and_appointments_agree_after_any_lifecycle(practice_abroad):
	"""MO-15, MO-19: booked, paid in parts, with credit or not at all; completed, missed or cancelled."""
	dice = random.Random(practice_abroad.currency)
	patient = Patient(practice_abroad, dice)
	for _each in range(LIFECYCLES):
		patient.live_through_a_visit()
		assert credit_of(practice_abroad) == patient.cash - patient.charged
	((difference,),) = frappe.db.sql(
		"SELECT SUM(debit) - SUM(credit) FROM `tabGL Entry` WHERE company = %s",
		practice_abroad.clinic.company,
	)
	assert abs(difference) < 1e-6
	notes = frappe.get_all("Sales Invoice", {"is_return": 1, "docstatus": 1}, pluck="outstanding_amount")
	assert abs(sum(notes) + float(patient.credit)) < 1e-6
	assert not frappe.db.exists("Billing Task", {"outbox_status": ("!=", "Done")})


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
