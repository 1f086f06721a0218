"""What comes back for a cancelled visit, and how the credit is spent."""

from datetime import timedelta
from decimal import Decimal

import frappe
import pytest

from clinic_booking.billing import payments
from clinic_booking.booking import clock
from clinic_booking.setup.demo import company_in
from tests.site.billing.practice import a_practice, become, invoices, payment_status, work_off


def paid(practice, amount=None, **values):
	visit = practice.visit(**values)
	work_off()
	payments.take(
		frappe.get_doc("Clinic Appointment", visit.name), "Cash", amount and Decimal(amount), "Administrator"
	)
	frappe.db.commit()
	return visit


def starts_in(visit, minutes: int) -> None:
	start = clock.to_database(clock.now()) + timedelta(minutes=minutes)
	times = {"starts_at_utc": start, "ends_at_utc": start + timedelta(minutes=30)}
	frappe.db.set_value("Clinic Appointment", visit.name, times)


def credit_of(practice) -> Decimal:
	"""What the patient's Customer is owed by the clinic's company."""
	customer = frappe.db.get_value("Clinic Patient", practice.patient.name, "customer")
	((owed,),) = frappe.db.sql(
		"""SELECT SUM(credit - debit) FROM `tabGL Entry`
		WHERE party = %s AND company = %s AND is_cancelled = 0""",
		(customer, practice.clinic.company),
	)
	return Decimal(str(owed or 0)).quantize(practice.price)


def test_paid_visit_that_the_clinic_cancels_becomes_credit(practice_abroad):
	"""PO-3, MO-15: all of it, in the ledger, to the smallest unit; and the desk hears of it."""
	visit = paid(practice_abroad)
	become(visit, "Cancelled")
	work_off()
	assert payment_status(visit) == "Refunded"
	assert credit_of(practice_abroad) == practice_abroad.price
	assert frappe.db.exists(
		"Clinic Alert", {"kind": "Credit", "reference_name": visit.name, "status": "Open"}
	)


@pytest.mark.parametrize(("minutes", "credit"), [(90, "35.35"), (30, "0.00")])
def test_patient_gets_it_back_in_time_and_nothing_late(practice, minutes, credit):
	"""PO-2, PO-3: the deadline is that of the policy."""
	visit = paid(practice)
	starts_in(visit, minutes)
	become(visit, "Cancelled", cancelled_by="Patient")
	work_off()
	assert credit_of(practice) == Decimal(credit)
	assert payment_status(visit) == ("Refunded" if minutes == 90 else "Paid")


@pytest.mark.parametrize(("minutes", "credit"), [(90, "35.35"), (30, "45.35")])
def test_clinic_that_cancels_late_gives_credit_on_top(practice, minutes, credit):
	"""PO-3: 10 in the clinic's currency, once however often it is worked."""
	visit = paid(practice)
	starts_in(visit, minutes)
	become(visit, "Cancelled")
	for _each in range(2):
		frappe.db.sql(
			"UPDATE `tabBilling Task` SET outbox_status = 'Waiting', attempts = 0, due_at_utc = UTC_TIMESTAMP(6)"
		)
		work_off()
	assert credit_of(practice) == Decimal(credit)


def test_policy_at_booking_time_counts(practice):
	"""PO-5, MO-17: a deadline that was changed afterwards touches new bookings only."""
	visit = paid(practice, policy=frappe.as_json(POLICY | {"cancel_minutes": 20}))
	starts_in(visit, 30)
	become(visit, "Cancelled", cancelled_by="Patient")
	work_off()
	assert payment_status(visit) == "Refunded"


POLICY = {
	"move_minutes": 60,
	"max_moves": 2,
	"max_moves_per_month": 0,
	"cancel_minutes": 60,
	"late_cancel": "allow",
	"compensation_minutes": 60,
}


def test_part_that_was_paid_comes_back_and_the_rest_is_not_owed(practice):
	"""PO-3, PY-8: the invoice is closed, the credit is what was paid."""
	visit = paid(practice, "10.00")
	become(visit, "Cancelled")
	work_off()
	assert credit_of(practice) == Decimal("10.00")
	assert invoices(visit, is_return=0)[0].outstanding_amount == 0
	assert payment_status(visit) == "Refunded"


@pytest.mark.parametrize(("price", "left", "state"), [(20, "15.35", "Paid"), (50, "-14.65", "Partly Paid")])
def test_credit_reduces_the_next_invoice_of_the_desk(practice, price, left, state):
	"""PO-4: all of it or as much as is needed; the old visit stays refunded."""
	old = paid(practice)
	become(old, "Cancelled")
	work_off()
	visit = practice.visit(price=price)
	work_off()
	assert credit_of(practice) == Decimal(left)
	assert payment_status(visit) == state
	assert payment_status(old) == "Refunded"


def test_credit_is_not_spent_by_a_booking_online(practice):
	"""PO-4: typed contact details are no proof of who it is."""
	become(paid(practice), "Cancelled")
	work_off()
	visit = practice.visit(source="Online")
	work_off()
	assert payment_status(visit) == "Unpaid"


def test_credit_stays_with_its_company(practice, site):
	"""PO-4: per company and currency."""
	become(paid(practice), "Cancelled")
	work_off()
	abroad = a_practice(price="5000", company=company_in("JPY", "Practice in Japan", "Japan"))
	abroad.patient = practice.patient
	visit = abroad.visit()
	work_off()
	assert payment_status(visit) == "Unpaid"
	assert credit_of(practice) == practice.price


def test_visit_that_used_credit_gives_it_back(practice):
	"""PO-4, MO-19: cancelled in turn, the credit is there again, and no more."""
	become(paid(practice), "Cancelled")
	work_off()
	for _each in range(2):
		visit = practice.visit()
		work_off()
		assert payment_status(visit) == "Paid" and credit_of(practice) == 0
		become(visit, "Cancelled")
		work_off()
		assert payment_status(visit) == "Refunded" and credit_of(practice) == practice.price


def test_staff_see_the_balance_at_their_own_clinics(practice, site):
	"""PO-4, SE-1: on the patient's form, by company; who works elsewhere does not see it."""
	become(paid(practice), "Cancelled")
	work_off()
	shown = {}
	for name, works_here in (("here", True), ("elsewhere", False)):
		user = frappe.get_doc(
			doctype="User", email=f"{name}@till.example", first_name=name, send_welcome_email=0
		).insert()
		clinic = (
			practice.clinic if works_here else a_practice("5000", company_in("JPY", "Japan", "Japan")).clinic
		)
		clinic.append("staff", {"user": user.name, "role": "Receptionist"})
		clinic.save()
		frappe.set_user(user.name)
		patient = frappe.get_doc("Clinic Patient", practice.patient.name)
		patient.run_method("onload")
		shown[name] = patient.get_onload("credit")
		frappe.set_user("Administrator")
	balance = {"company": practice.clinic.company, "amount": "35.35", "currency": "EUR"}
	assert shown == {"here": [balance], "elsewhere": []}
