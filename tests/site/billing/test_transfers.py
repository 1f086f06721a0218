"""Transfers that staff have seen on the clinic's account: each once, and those that come too late."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import frappe
import pytest
from frappe.utils import getdate, today

from clinic_booking.billing import online_payments, received, reconciliation, transfers
from clinic_booking.billing.received import Received
from clinic_booking.booking import status
from clinic_booking.errors import Validation
from tests.site.billing.online import (
	METHOD,
	NEXT_WEEK,
	a_paying_scene,
	awaiting,
	confirm_transfer,
	pay,
	payments_of,
	somebody,
)
from tests.site.billing.practice import work_off
from tests.site.billing.test_arrivals import alerts, intents, lapse
from tests.site.booking.site_scene import book, hold


@pytest.fixture
def deposit(site):
	"""The token of a visit for 80 that waits for a deposit of 20."""
	return awaiting(a_paying_scene("Deposit", price=80, deposit=20))


@pytest.fixture
def too_late(site):
	"""The token of a booking whose time somebody else has by now."""
	scene = a_paying_scene()
	token = awaiting(scene)
	lapse(token, timedelta(hours=49))
	book(hold(scene, NEXT_WEEK)["token"], somebody(4))
	return token


def told(payment) -> str:
	return frappe.db.get_value("Clinic Alert", {"reference_name": payment.name}, "message")


def test_the_rest_may_come_in_parts_by_transfer(deposit):
	"""MO-16, PY-5: what staff see on the account, up to what is open."""
	confirm_transfer(deposit, 30)
	confirm_transfer(deposit, 15)
	with pytest.raises(Validation):
		confirm_transfer(deposit, 36)
	confirm_transfer(deposit, 35)
	work_off()
	assert (status.find(deposit).payment_status, status.find(deposit).paid) == ("Paid", 80)


def test_told_twice_it_counts_once(deposit):
	"""MO-9: a second click, and the same call made once more; the next part of the same amount has its reference."""
	confirm_transfer(deposit, 20)
	with pytest.raises(Validation) as refused:
		confirm_transfer(deposit, 20)
	assert refused.value.facts["fields"].keys() == {"bank_reference"}
	confirm_transfer(deposit, 20, bank_reference="N43 0003")
	with pytest.raises(Validation):
		confirm_transfer(deposit, 20, bank_reference="N43 0003")
	assert status.find(deposit).paid == 40


def test_two_see_two_transfers_at_once(deposit, monkeypatch):
	"""MO-9, MO-19: whatever one of them commits, the other may come in after it; both count, each with its amount."""
	commit, booking = frappe.db.commit, status.find(deposit)
	colleague = [partial(transfers.confirm, booking, Decimal(20))]

	def then_the_other():
		commit()
		if colleague:
			colleague.pop()()

	monkeypatch.setattr(frappe.db, "commit", then_the_other)
	transfers.confirm(booking, Decimal(30))
	came = [(payment.amount, payment.received) for payment in payments_of(deposit)]
	assert came == [(30, 30), (20, 20)] and status.find(deposit).paid == 50


def test_the_same_amount_comes_again_later(deposit):
	"""PY-5: without a reference, too, once it can be no second click."""
	confirm_transfer(deposit, 20)
	(payment,) = payments_of(deposit)
	payment.db_set("paid_at_utc", payment.paid_at_utc - timedelta(minutes=10))
	confirm_transfer(deposit, 20)
	assert status.find(deposit).paid == 40


def test_too_late_and_told_twice(too_late):
	"""MO-9, BK-8: one payment to send back, not two."""
	confirm_transfer(too_late)
	with pytest.raises(Validation):
		confirm_transfer(too_late)
	assert len(intents(too_late)) == 1 == len(payments_of(too_late))


def test_late_transfer_has_its_payment_entry_prepared(too_late):
	"""BK-8, PY-3: a draft for the accountant and an alert that says so; nothing goes back by itself."""
	payment = confirm_transfer(too_late, bank_reference="N43 0002")
	draft = frappe.get_doc("Payment Entry", {"clinic_booking_payment": payment.name})
	assert (draft.docstatus, draft.payment_type, draft.paid_amount) == (0, "Receive", 35)
	assert (draft.mode_of_payment, draft.reference_no) == ("Bank Transfer", "N43 0002")
	assert payment.problem == "Too Late" and len(alerts(too_late)) == 1
	assert "prepared as drafts" in told(payment)


def submit(**filters) -> None:
	frappe.get_doc("Payment Entry", filters | {"docstatus": 0}).submit()


def differences(clinic) -> list[str]:
	day = getdate(today())
	return [row.what for row in reconciliation.differences(day, day, [clinic])]


def sent_back(payment) -> list[str]:
	"""An accountant submits both drafts as they are; what the reconciliation says before and after."""
	before = differences(payment.clinic)
	submit(clinic_booking_payment=payment.name)
	((refund, state),) = frappe.get_all(
		"Online Refund", {"payment": payment.name}, ["name", "state"], as_list=True
	)
	assert state == "Waiting"
	submit(clinic_booking_refund=refund)
	assert frappe.db.get_value("Online Refund", refund, "state") == "Refunded"
	customer = frappe.db.get_value("Payment Entry", {"clinic_booking_payment": payment.name}, "party")
	((owed,),) = frappe.db.sql("SELECT SUM(credit - debit) FROM `tabGL Entry` WHERE party = %s", customer)
	assert owed == 0
	return [before, differences(payment.clinic)]


def test_late_transfer_that_was_sent_back_is_well(too_late):
	"""BK-8, PY-5: it came and it went, in the books, too; nobody has to look at it any more."""
	payment = confirm_transfer(too_late)
	assert sent_back(payment) == [[reconciliation.TOO_LATE, reconciliation.REFUND_OPEN], []]
	assert frappe.db.get_value("Clinic Alert", {"reference_name": payment.name}, "status") == "Done"


def test_transfer_of_what_was_paid_by_card_meanwhile_is_one_too_many(site, provider):
	"""MO-19, BK-8: staff see it on the account: it is recorded, counts for nothing and is sent back."""
	token = awaiting(a_paying_scene(), "bank_transfer")
	online_payments.begin(token, METHOD)
	pay(provider, token)
	work_off()
	payment = confirm_transfer(token, bank_reference="N43 0004")
	assert (payment.problem, payment.received) == ("Paid Twice", 35)
	visit = status.find(token)
	assert (visit.paid, visit.payment_status) == (35, "Paid")
	assert received.of(visit) == [Received(getdate(today()), "Test Gateway", Decimal(35))]
	assert sent_back(payment) == [[reconciliation.TWICE, reconciliation.REFUND_OPEN], []]
	visit.reload()
	assert (visit.paid, visit.payment_status) == (35, "Paid")


def test_where_none_can_be_prepared_the_alert_says_so(too_late):
	"""BK-8: the mode of payment has lost its account; who reads the alert looks for no draft."""
	frappe.db.sql("DELETE FROM `tabMode of Payment Account` WHERE parent = 'Bank Transfer'")
	payment = confirm_transfer(too_late)
	assert payment.problem == "Too Late" and not frappe.db.count("Payment Entry")
	assert "No Payment Entry" in told(payment)
