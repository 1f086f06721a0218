"""The list of what provider, ledger and appointment say differently (PY-5, MO-19)."""

from decimal import Decimal

import frappe
import pytest
from frappe.utils import add_days, getdate, now_datetime, today

from clinic_booking.billing import payments, reconciliation
from tests.builders import insert
from tests.site.billing.practice import a_practice, work_off


@pytest.fixture
def practice(site):
	return a_practice("35.00")


@pytest.fixture
def visit(practice):
	made = practice.visit()
	work_off()
	return made.reload()


def found(practice, **more) -> list[tuple]:
	day = getdate(today())
	rows = reconciliation.differences(day, day, [practice.clinic.name], **more)
	return [(row.what, row.doctype, row.name, row.amount) for row in rows]


def online(visit, **values):
	return insert(
		"Online Payment",
		**{
			"reference": visit.reference,
			"appointment": visit.name,
			"clinic": visit.clinic,
			"method": "stripe",
			"amount": 35,
			"currency": "EUR",
			"state": "Paid",
			"key": frappe.generate_hash(length=20),
		}
		| values,
	)


def entry_of(visit) -> str:
	return frappe.db.get_value("Payment Entry", {"clinic_booking_appointment": visit.name})


def test_all_well_is_an_empty_list(practice, visit):
	"""PY-5: invoiced, paid at the desk, and said so: nothing to look at; what is open and unpaid neither."""
	online(visit, state="Open")
	online(visit, state="Expired")
	payments.take(visit, "Cash", None, "Administrator")
	online(visit, payment_entry=entry_of(visit))
	assert found(practice) == []


@pytest.mark.parametrize(
	("values", "what"),
	[
		({}, reconciliation.NOT_POSTED),
		({"state": "Failed", "problem": "Amount Differs", "received": 30}, reconciliation.AMOUNT_DIFFERS),
		({"state": "Expired", "problem": "Too Late"}, reconciliation.TOO_LATE),
		({"problem": "Too Late", "received": 35}, reconciliation.TOO_LATE),
		({"problem": "Paid Twice", "received": 35}, reconciliation.TWICE),
		({"state": "Open", "disputed": 1}, reconciliation.DISPUTED),
	],
)
def test_what_the_provider_says_alone(practice, visit, values, what):
	"""PY-5, MO-5, MO-12, BK-8: paid and not posted, another amount, too late, disputed."""
	payment = online(visit, **values)
	amount = Decimal(values.get("received", 35))
	assert found(practice) == [(what, "Online Payment", payment.name, amount)]


def test_what_waits_for_the_visit_is_well(practice):
	"""PY-1, PY-5: invoiced when it is completed, it is posted then; over and not posted, it is listed."""
	frappe.db.set_single_value("Clinic Booking Settings", "invoice_on", "Completion")
	visit = practice.visit()
	work_off()
	payment = online(visit, received=35)
	assert found(practice) == []
	frappe.db.set_value("Clinic Appointment", visit.name, "status", "Completed")
	assert found(practice) == [(reconciliation.NOT_POSTED, "Online Payment", payment.name, 35)]


@pytest.mark.parametrize("problem", ["Too Late", "Paid Twice"])
def test_what_came_in_vain_is_well_once_it_has_gone_back(practice, visit, problem):
	"""BK-8: listed until the whole of it is given back."""
	payment = online(visit, problem=problem, received=35)
	refund = {
		"payment": payment.name,
		"clinic": visit.clinic,
		"reference": visit.reference,
		"method": "stripe",
	}
	for part in (15, 20):
		assert found(practice)
		insert("Online Refund", **refund, amount=part, currency="EUR", state="Refunded", cause=str(part))
	assert found(practice) == []


def test_under_way_for_too_long(practice, visit):
	"""MO-8: `processing` for days is listed after one."""
	payment = online(visit, state="Processing")
	assert found(practice) == []
	tomorrow = add_days(now_datetime(), 2)
	assert found(practice, now=tomorrow) == [(reconciliation.STUCK, "Online Payment", payment.name, 35)]


def test_an_entry_that_was_cancelled_or_is_over_another_amount(practice, visit):
	"""MO-18: what an accountant did to it by hand."""
	payments.take(visit, "Cash", Decimal(30), "Administrator")
	payment = online(visit, payment_entry=entry_of(visit))
	assert found(practice) == [(reconciliation.ENTRY_DIFFERS, "Online Payment", payment.name, 35)]
	frappe.get_doc("Payment Entry", entry_of(visit)).cancel()
	assert found(practice) == [(reconciliation.ENTRY_GONE, "Online Payment", payment.name, 35)]


def test_refunds_that_are_open_or_failed(practice, visit):
	"""PY-5, MO-11: and those that are done and in no book."""
	made = {
		state: insert(
			"Online Refund",
			appointment=visit.name,
			clinic=visit.clinic,
			reference=visit.reference,
			method="stripe",
			amount=5,
			currency="EUR",
			state=state,
			cause=state,
			key=state,
		).name
		for state in ("Waiting", "Pending", "Refunded", "Failed")
	}
	assert sorted(found(practice)) == sorted(
		[
			(reconciliation.REFUND_OPEN, "Online Refund", made["Waiting"], 5),
			(reconciliation.REFUND_OPEN, "Online Refund", made["Pending"], 5),
			(reconciliation.REFUND_FAILED, "Online Refund", made["Failed"], 5),
			(reconciliation.REFUND_NOT_POSTED, "Online Refund", made["Refunded"], 5),
		]
	)


def test_a_status_that_is_not_the_ledgers(practice, visit):
	"""MO-19: the appointment was changed past the books."""
	frappe.db.set_value("Clinic Appointment", visit.name, "payment_status", "Paid")
	assert found(practice) == [(reconciliation.STATUS_DIFFERS, "Clinic Appointment", visit.name, 35)]


def test_what_the_books_refused(practice):
	"""PY-1, MO-18: an invoice that ERPNext has not taken yet."""
	visit = practice.visit()
	frappe.db.set_value(
		"Billing Task", {"appointment": visit.name}, {"outbox_status": "Failed", "attempts": 9}
	)
	assert found(practice) == [(reconciliation.NOT_INVOICED, "Clinic Appointment", visit.name, 35)]


def test_what_is_not_over_is_listed_however_old_it_is(practice, visit):
	"""PY-5, PY-1: of a booking of long ago: not posted, on its way back, refused by the books today; not so what is over."""
	payment = online(visit, disputed=1)
	refund = {"appointment": visit.name, "clinic": visit.clinic, "reference": visit.reference, "amount": 5}
	for state in ("Waiting", "Failed"):
		insert(
			"Online Refund", **refund, method="stripe", currency="EUR", state=state, cause=state, key=state
		)
	frappe.db.set_value("Billing Task", {"appointment": visit.name}, {"outbox_status": "Failed"})
	for doctype in ("Clinic Appointment", "Online Payment", "Online Refund"):
		frappe.db.sql(f"UPDATE `tab{doctype}` SET creation = creation - INTERVAL 100 DAY")
	assert sorted(what for what, *_more in found(practice)) == sorted(
		[
			reconciliation.DISPUTED,
			reconciliation.NOT_POSTED,
			reconciliation.REFUND_OPEN,
			reconciliation.NOT_INVOICED,
		]
	)
	assert payment.name in [name for _what, _doctype, name, _amount in found(practice)]


def test_of_other_clinics_and_days_nothing(practice, visit):
	"""SE-1: neither another clinic's, nor what was before."""
	online(visit)
	day = getdate(add_days(today(), -1))
	assert reconciliation.differences(day, day, [practice.clinic.name]) == []
	assert reconciliation.differences(getdate(today()), getdate(today()), []) == []
