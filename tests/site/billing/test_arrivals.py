"""Money that comes: for what, how much of it, how late, and how often it is told."""

from datetime import timedelta
from decimal import Decimal

import frappe
import pytest

from clinic_booking.billing import online_payments, refund_work
from clinic_booking.billing.gateways.interface import (
	EXPIRED,
	FAILED,
	OPEN,
	PAID,
	PROCESSING,
	Standing,
)
from clinic_booking.booking import claims, expire, lifecycle, status, verify
from clinic_booking.booking.hold import withdraw
from clinic_booking.errors import HoldExpired, Validation
from tests.builders import an_exception
from tests.site.billing.online import (
	METHOD,
	NEXT_WEEK,
	a_paying_scene,
	awaiting,
	confirm_transfer,
	pay,
	payments_of,
)
from tests.site.billing.practice import invoices, posted, work_off
from tests.site.booking.site_scene import claimed, do, hold, minutes, now, request_of

AFTER = timedelta(minutes=61)


def lapse(token, after=AFTER):
	request = request_of(token)
	do(expire.end_request, request.name, request.doctor, now=now() + after)


def alerts(token) -> list[str]:
	names = [payment.name for payment in payments_of(token)]
	return frappe.get_all(
		"Clinic Alert", {"kind": "Payment", "reference_name": ("in", names)}, pluck="subject"
	)


def intents(token) -> list:
	names = [payment.name for payment in payments_of(token)]
	return frappe.get_all(
		"Online Refund", {"payment": ("in", names)}, ["payment", "amount", "currency"], order_by="creation"
	)


class TestLate:
	def test_lapsed_and_still_free_it_is_made(self, provider):
		"""MO-6, BK-8: the job has ended the request, nobody has taken its time."""
		token = awaiting(a_paying_scene(rooms=1), METHOD)
		lapse(token)
		pay(provider, token, now=now() + AFTER)
		made = status.find(token)
		assert (made.status, made.payment_status, made.reference) == (
			"Confirmed",
			"Paid",
			request_of(token).reference,
		)
		assert len(claimed(made.name)) == 2 and verify.findings() == []

	def test_lapsed_and_in_another_room_it_is_made(self, provider):
		"""MO-6, AV-15: its room is somebody else's, another one is free."""
		scene = a_paying_scene(rooms=2)
		token = awaiting(scene, METHOD)
		first = request_of(token).room
		lapse(token)
		frappe.db.set_value("Clinic Room", first, "enabled", 0)
		frappe.get_doc("Clinic Room", first).save()
		pay(provider, token, now=now() + AFTER)
		assert status.find(token).room == next(room for room in scene.rooms if room != first)

	def test_lapsed_and_taken_it_goes_back(self, provider):
		"""MO-6, BK-8: an intent over all of it, an alert, and the patient can be told; no appointment."""
		scene = a_paying_scene(rooms=1)
		token = awaiting(scene, METHOD)
		lapse(token)
		other = hold(scene, NEXT_WEEK, now=now() + AFTER)["token"]
		pay(provider, token, now=now() + AFTER)
		(payment,) = payments_of(token)
		assert (payment.state, payment.problem, payment.appointment) == ("Paid", "Too Late", None)
		assert intents(token) == [{"payment": payment.name, "amount": 35, "currency": "EUR"}]
		assert len(alerts(token)) == 1
		assert status.booking(token)["status"] == "Expired"
		assert not frappe.db.count("Clinic Appointment")
		assert len(claimed(request_of(other).name)) == 2 and verify.findings() == []

	def test_while_the_doctor_is_away_it_goes_back(self, provider):
		"""MO-6: a time that is closed by now is not free."""
		scene = a_paying_scene()
		token = awaiting(scene, METHOD)
		lapse(token)
		an_exception(frappe.get_doc("Doctor", scene.doctors[0]), from_date=NEXT_WEEK.date())
		pay(provider, token, now=now() + AFTER)
		assert payments_of(token)[0].problem == "Too Late" and verify.findings() == []

	def test_lapsed_and_in_no_room_it_is_made(self, provider):
		"""MO-6, AV-15: its service needs none any more."""
		scene = a_paying_scene(rooms=1)
		token = awaiting(scene, METHOD)
		lapse(token)
		frappe.get_doc("Clinic Service", scene.visit).update({"room_kind": None}).save()
		pay(provider, token, now=now() + AFTER)
		made = status.find(token)
		assert (made.status, made.room, len(claimed(made.name))) == ("Confirmed", None, 1)

	def test_where_the_doctor_has_left_it_goes_back(self, provider):
		"""MO-6: who is not there any more has no free time."""
		scene = a_paying_scene()
		token = awaiting(scene, METHOD)
		lapse(token)
		frappe.get_doc("Doctor", scene.doctors[0]).update({"enabled": 0}).save()
		pay(provider, token, now=now() + AFTER)
		assert payments_of(token)[0].problem == "Too Late" and len(intents(token)) == 1

	def test_what_is_lost_all_the_same_goes_back(self, provider, monkeypatch):
		"""MO-6: a part of its time is gone when it is handed over; no half of an appointment is left."""
		token = awaiting(a_paying_scene(), METHOD)

		def gone(*args):
			raise HoldExpired

		monkeypatch.setattr(claims, "hand_over", gone)
		pay(provider, token)
		assert payments_of(token)[0].problem == "Too Late" and len(intents(token)) == 1
		assert not frappe.db.count("Clinic Appointment") and not frappe.db.count("Clinic Patient")
		assert not claimed(request_of(token).name) and verify.findings() == []

	def test_after_the_start_it_goes_back(self, provider):
		"""BK-8: nobody can come any more."""
		token = awaiting(a_paying_scene(), METHOD)
		pay(provider, token, now=NEXT_WEEK + timedelta(minutes=1))
		assert payments_of(token)[0].problem == "Too Late"
		assert status.booking(token)["status"] == "Expired"

	def test_withdrawn_it_goes_back(self, provider):
		"""RA-6: the patient cancels, then pays on the page that was still open; cancelled it stays."""
		token = awaiting(a_paying_scene(), METHOD)
		request = request_of(token)
		do(withdraw, request.name, request.doctor)
		pay(provider, token)
		assert len(intents(token)) == 1 and status.booking(token)["status"] == "Cancelled"

	@pytest.mark.parametrize(
		"after", [minutes(60) - timedelta(seconds=2), minutes(60) + timedelta(seconds=2)]
	)
	def test_while_it_lapses_it_is_made(self, provider, after):
		"""RA-7: a moment before the end and a moment after it, while no job has run."""
		token = awaiting(a_paying_scene(), METHOD)
		moment = request_of(token).expires_at_utc - timedelta(hours=1)
		pay(provider, token, now=moment.replace(tzinfo=now().tzinfo) + after)
		assert status.find(token).status == "Confirmed" and verify.findings() == []

	def test_transfer_of_a_lapsed_request_is_made_while_free(self, site):
		"""BK-8: the same as by a provider."""
		token = awaiting(a_paying_scene())
		lapse(token, timedelta(hours=49))
		confirm_transfer(token)
		assert status.find(token).status == "Confirmed"


class TestAmounts:
	@pytest.mark.parametrize(
		("amount", "currency"),
		[("34.99", "EUR"), ("35.01", "EUR"), ("35", "USD"), ("0", "EUR"), ("3500", "JPY")],
	)
	def test_another_amount_or_currency_confirms_nothing(self, provider, amount, currency):
		"""MO-5: kept as it came, an alert, and the request waits on."""
		token = awaiting(a_paying_scene(), METHOD)
		pay(provider, token, Decimal(amount), currency)
		(payment,) = payments_of(token)
		assert (payment.state, payment.problem, payment.received) == ("Paid", "Amount Differs", float(amount))
		assert len(alerts(token)) == 1 and status.booking(token)["status"] == "Awaiting Payment"

	def test_below_the_providers_minimum_it_is_not_offered(self, provider):
		"""MO-15: what a provider doesn't take is left to the others."""
		provider.least = Decimal("36")
		assert hold(a_paying_scene(), NEXT_WEEK)["terms"]["payment_methods"] == ["bank_transfer"]

	def test_with_no_way_to_pay_first_it_is_not_offered(self, provider):
		"""BK-5: neither listed nor held."""
		provider.least = Decimal("36")
		scene = a_paying_scene(clinic={"bank_account_number": None})
		with pytest.raises(Validation):
			hold(scene, NEXT_WEEK)

	def test_asks_for_what_is_due_in_every_currency(self, practice_abroad, provider):
		"""MO-15, PY-1: to the smallest unit: two decimals, none, three."""
		scene = a_paying_scene(price=float(practice_abroad.price), company=practice_abroad.clinic.company)
		token = awaiting(scene, METHOD)
		(demand,) = provider.demands.values()
		assert (demand.amount, demand.currency) == (practice_abroad.price, practice_abroad.currency)
		pay(provider, token)
		work_off()
		visit = status.find(token)
		(invoice,) = invoices(visit)
		assert (invoice.outstanding_amount, visit.payment_status) == (0, "Paid")
		assert Decimal(str(visit.paid)) == practice_abroad.price

	@pytest.mark.parametrize("amount", ["34.99", "0", "-35", "35.001", "36"])
	def test_a_transfer_of_another_amount_is_not_confirmed(self, site, amount):
		"""MO-5, MO-15: staff are told, and nothing changes."""
		token = awaiting(a_paying_scene())
		with pytest.raises(Validation):
			confirm_transfer(token, amount)
		assert payments_of(token)[0].state == "Open"


class TestOften:
	def test_told_twice_it_counts_once(self, provider):
		"""MO-1: one appointment, one payment, one announcement."""
		token = awaiting(a_paying_scene(), METHOD)
		pay(provider, token)
		pay(provider, token)
		assert frappe.db.count("Clinic Appointment") == 1 == len(payments_of(token))
		assert frappe.db.count("Billing Task", {"cause": "on_paid"}) == 1

	@pytest.mark.parametrize("after", [OPEN, PROCESSING, FAILED, EXPIRED])
	def test_what_was_said_before_changes_nothing_after(self, provider, after):
		"""MO-2: whatever arrives after it, money that came stays."""
		token = awaiting(a_paying_scene(), METHOD)
		pay(provider, token)
		(payment,) = payments_of(token)
		online_payments.apply(payment.name, Standing(after, Decimal(35), "EUR"))
		assert payments_of(token)[0].state == "Paid" and status.find(token).payment_status == "Paid"

	def test_the_bank_takes_days(self, provider):
		"""MO-8: processing is not paid, and can't be paid a second time meanwhile."""
		token = awaiting(a_paying_scene(), METHOD)
		(payment,) = payments_of(token)
		online_payments.apply(payment.name, Standing(PROCESSING, Decimal(35), "EUR"))
		assert status.booking(token)["status"] == "Awaiting Payment"
		assert not status.booking(token)["can"]["pay"]
		with pytest.raises(Validation):
			online_payments.begin(token)
		online_payments.apply(payment.name, Standing(PAID, Decimal(35), "EUR"))
		assert status.booking(token)["status"] == "Confirmed"

	def test_failed_can_be_tried_again(self, provider):
		"""MO-8: another page, another key, the same time."""
		token = awaiting(a_paying_scene(), METHOD)
		online_payments.apply(payments_of(token)[0].name, Standing(FAILED, Decimal(35), "EUR"))
		frappe.db.commit()
		online_payments.begin(token)
		assert len(provider.demands) == 2
		pay(provider, token)
		assert status.booking(token)["status"] == "Confirmed"

	def test_paid_on_two_pages_one_goes_back(self, provider):
		"""MO-19: by the provider and by transfer; what comes second is not kept."""
		token = awaiting(a_paying_scene(), METHOD)
		online_payments.begin(token, "bank_transfer")
		confirm_transfer(token)
		(first, _second) = payments_of(token)
		frappe.db.commit()
		online_payments.apply(first.name, provider.pay(first))
		assert payments_of(token)[0].problem == "Paid Twice"
		assert intents(token) == [{"payment": first.name, "amount": 35, "currency": "EUR"}]
		assert (status.find(token).paid, status.find(token).payment_status) == (35, "Paid")


class TestBooks:
	def test_posted_once_against_the_invoice(self, provider):
		"""PY-5: a Payment Entry by the method's mode, from the receivables to the bank; and only one."""
		token = awaiting(a_paying_scene(), METHOD)
		pay(provider, token)
		work_off()
		work_off()
		(payment,) = payments_of(token)
		(entry,) = (
			frappe.get_doc("Payment Entry", name)
			for name in frappe.get_all(
				"Payment Entry", {"clinic_booking_payment": payment.name}, pluck="name"
			)
		)
		assert entry.name == payment.payment_entry
		assert (entry.docstatus, entry.mode_of_payment, entry.reference_no) == (
			1,
			"Test Gateway",
			payment.payment_id,
		)
		assert posted(entry) == {"Asset": 0}

	def test_counts_as_paid_before_it_is_posted(self, provider):
		"""PY-5: the books may be closed, or there be no invoice before the visit."""
		frappe.db.set_single_value("Clinic Booking Settings", "invoice_on", "Completion")
		token = awaiting(a_paying_scene(), METHOD)
		pay(provider, token)
		work_off()
		visit = status.find(token)
		assert (visit.payment_status, visit.paid, invoices(visit)) == ("Paid", 35, [])
		assert payments_of(token)[0].payment_entry is None

	def test_paid_and_cancelled_before_it_is_invoiced(self, provider):
		"""MO-19, PO-3: it comes into the books first, and goes back out of them: nothing is left over."""
		frappe.db.set_single_value("Clinic Booking Settings", "invoice_on", "Completion")
		token = awaiting(a_paying_scene(), METHOD)
		pay(provider, token)
		visit = status.find(token)
		do(lifecycle.cancel, visit.name, visit.doctor, "Ill")
		work_off()
		refund_work.every_minute()
		work_off()
		visit.reload()
		assert provider.total() == 35 and payments_of(token)[0].payment_entry
		assert (visit.payment_status, visit.paid) == ("Refunded", 0)
		entries = frappe.get_all(
			"Payment Entry", {"clinic_booking_appointment": visit.name, "docstatus": 1}, "payment_type"
		)
		assert sorted(entry.payment_type for entry in entries) == ["Pay", "Receive"]
		assert not frappe.db.exists("Billing Task", {"outbox_status": ("!=", "Done")})

	def test_modes_get_the_companys_bank_account(self, provider):
		"""DY-7: by itself where there is one to choose; where there is none it is said, and not offered."""
		scene = a_paying_scene()
		company = frappe.db.get_value("Clinic", scene.clinic, "company")
		for mode in ("Test Gateway", "Bank Transfer"):
			account = frappe.db.get_value(
				"Mode of Payment Account", {"parent": mode, "company": company}, "default_account"
			)
			assert frappe.db.get_value("Account", account, "account_type") == "Bank"
		mode = frappe.get_doc("Mode of Payment", "Test Gateway")
		mode.set("accounts", [row for row in mode.accounts if row.company != company])
		mode.save()
		assert hold(scene, NEXT_WEEK)["terms"]["payment_methods"] == ["bank_transfer"]
