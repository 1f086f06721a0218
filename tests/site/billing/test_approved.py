"""Doctors who approve each booking, and money that is due first (BK-5)."""

from datetime import timedelta

import frappe
import pytest

from clinic_booking.billing import online_payments
from clinic_booking.booking import clock, expire, lifecycle, reschedule, status, verify
from clinic_booking.booking.changes import history
from clinic_booking.errors import HoldExpired, Validation
from tests.scenes import on_day
from tests.site.billing.online import METHOD, NEXT_WEEK, a_paying_scene, confirm_transfer, pay, payments_of
from tests.site.billing.practice import invoices, work_off
from tests.site.booking.site_scene import book, claimed, do, hold, now


@pytest.fixture
def heard(monkeypatch):
	"""What was announced of appointments and payments, in order."""
	events = []
	run = frappe.model.document.Document.run_method

	def run_method(self, method, *args, **kwargs):
		if method.startswith("on_") and self.doctype in (
			"Clinic Appointment",
			"Online Payment",
			"Booking Request",
		):
			events.append(method)
		return run(self, method, *args, **kwargs)

	monkeypatch.setattr(frappe.model.document.Document, "run_method", run_method)
	return events


def asked(payment="Pay First", method=None, **more) -> str:
	"""The token of a booking that the doctor has not answered yet."""
	token = hold(a_paying_scene(payment, approves_bookings=1, **more), NEXT_WEEK)["token"]
	book(token, payment_method=method)
	return token


def approve(token, **more):
	visit = status.find(token)
	return do(lifecycle.approve, visit.name, visit.doctor, **more)


def test_nothing_is_due_before_it_is_approved(provider):
	"""BK-5: Requested, and nothing can be paid yet, whatever was chosen."""
	token = asked(method=METHOD)
	shown = status.booking(token)
	assert (shown["status"], shown["can"]["pay"], shown["terms"]["due_now"]["amount"]) == (
		"Requested",
		False,
		"0.00",
	)
	with pytest.raises(Validation):
		online_payments.begin(token)
	assert not payments_of(token)


def test_approved_it_waits_for_its_money(provider, heard):
	"""BK-5: its time kept for 24 hours, told as Awaiting Payment; kept in its history."""
	token = asked(method=METHOD)
	heard.clear()
	approve(token)
	visit, shown = status.find(token), status.booking(token)
	assert visit.status == "Requested" and visit.approved_at_utc
	assert (shown["status"], shown["can"]["pay"], shown["terms"]["due_now"]["amount"]) == (
		"Awaiting Payment",
		True,
		"35.00",
	)
	left = clock.from_database(visit.expires_at_utc) - now()
	assert timedelta(hours=23, minutes=55) < left <= timedelta(hours=24)
	assert [event for event in heard if event in ("on_approve", "on_confirm")] == ["on_approve"]
	change = history(visit.name)[0]
	assert change.what == "Approved" and "approved_at_utc" in change.after
	assert len(claimed(visit.name)) == 1 and verify.findings() == []


def test_paid_it_is_confirmed(provider, heard):
	"""BK-5, RA-6: by the payment; approving again before it changes nothing."""
	token = asked(method=METHOD)
	approve(token)
	before = status.find(token).expires_at_utc
	assert approve(token).status == "Requested" and status.find(token).expires_at_utc == before
	online_payments.begin(token)
	pay(provider, token)
	visit = status.find(token)
	assert (visit.status, visit.payment_status, visit.expires_at_utc) == ("Confirmed", "Paid", None)
	work_off()
	assert invoices(visit)[0].outstanding_amount == 0
	assert "on_confirm" in heard and "on_paid" in heard


def test_paid_by_transfer_it_is_confirmed(site):
	"""BK-5, PY-3: a transfer keeps its time for up to two days."""
	token = asked()
	approve(token)
	online_payments.begin(token)
	left = clock.from_database(status.find(token).expires_at_utc) - now()
	assert left > timedelta(hours=23)
	confirm_transfer(token)
	assert status.find(token).status == "Confirmed"


def test_a_deposit_confirms_it(provider):
	"""MO-16, BK-5: the rest is paid later."""
	token = asked("Deposit", price=80, deposit=20)
	approve(token)
	online_payments.begin(token, METHOD)
	pay(provider, token)
	assert (status.find(token).status, status.find(token).payment_status) == ("Confirmed", "Partly Paid")


def test_unpaid_it_is_cancelled(provider):
	"""BK-5: by the job, and no longer payable before that; what comes later goes back (BK-8)."""
	token = asked(method=METHOD)
	approve(token)
	online_payments.begin(token)
	visit, after = status.find(token), now() + timedelta(hours=24, minutes=1)
	assert not status.booking(token, after)["can"]["pay"]
	do(expire.decline_unanswered, visit.name, visit.doctor, now=after)
	visit.reload()
	assert (visit.status, visit.cancel_reason, visit.cancelled_by) == (
		"Cancelled",
		"Not paid in time",
		"System",
	)
	assert not claimed(visit.name)
	pay(provider, token, now=after)
	assert payments_of(token)[0].problem == "Too Late" and status.find(token).status == "Cancelled"


def test_nothing_due_it_is_confirmed_by_the_approval(provider):
	"""BK-5: as ever."""
	token = asked("Optional")
	assert approve(token).status == "Confirmed"


def test_moved_it_waits_no_longer(provider):
	"""BK-5, PO-1: until its own end, or the notice limit of its new time."""
	token = asked(method=METHOD, notice_minutes=120)
	approve(token)
	visit, before = status.find(token), status.find(token).expires_at_utc
	do(reschedule.reschedule, visit.name, visit.doctor, on_day(8, 12))
	assert status.find(token).expires_at_utc == before
	assert status.booking(token)["status"] == "Awaiting Payment"


def test_after_its_end_no_page_is_opened(provider):
	"""BK-5: even if no job has run."""
	token = asked(method=METHOD)
	approve(token)
	frappe.db.set_value("Clinic Appointment", status.find(token).name, "expires_at_utc", "2020-01-01")
	frappe.db.commit()
	with pytest.raises(HoldExpired):
		online_payments.begin(token)
