"""Money and time at the same moment, on connections of their own."""

import threading
from datetime import timedelta
from decimal import Decimal
from functools import partial

import frappe

from clinic_booking.billing import online_payments
from clinic_booking.billing.gateways.interface import PAID, Standing
from clinic_booking.booking import claims, expire, status, verify
from clinic_booking.booking import hold as holding
from clinic_booking.booking.transaction import run
from clinic_booking.errors import SlotConflict
from tests.restore import SITE
from tests.scenes import on_day
from tests.site.billing.online import a_paying_scene, awaiting, payments_of, somebody
from tests.site.booking.races import TRIES
from tests.site.booking.site_scene import NOBODY, now, request_of

PAID_IN_FULL = Standing(PAID, Decimal(35), "EUR")


def at_once(*calls) -> list:
	"""What each call returned or raised, begun together."""
	answers, start = [None] * len(calls), threading.Barrier(len(calls))

	def alone(number, call):
		frappe.init(SITE)
		frappe.connect()
		try:
			start.wait()
			answers[number] = call()
			frappe.db.commit()
		except Exception as error:
			frappe.db.rollback()
			answers[number] = error
		finally:
			frappe.destroy()

	threads = [threading.Thread(target=alone, args=each) for each in enumerate(calls)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	frappe.db.rollback()
	return answers


def test_told_ten_times_at_once(committed):
	"""MO-1, RA-7: one appointment, one announcement, nobody gets an error."""
	token = awaiting(a_paying_scene())
	(payment,) = payments_of(token)
	answers = at_once(*[partial(online_payments.apply, payment.name, PAID_IN_FULL)] * 10)
	assert answers == [None] * 10
	assert frappe.db.count("Clinic Appointment") == 1 == frappe.db.count("Billing Task", {"cause": "on_paid"})
	assert status.find(token).payment_status == "Paid" and verify.findings() == []


def paid_and_held(scene, number):
	"""A lapsed request is paid while somebody else holds its time: its token, and what the hold came to."""
	start = on_day(7, 6) + timedelta(minutes=30 * number)
	token = awaiting(scene, start=start, contact=somebody(number))
	(payment,) = payments_of(token)
	after = now() + timedelta(hours=49)
	asked = holding.Asked(scene.doctors[0], scene.visit, start)
	_paid, held = at_once(
		partial(online_payments.apply, payment.name, PAID_IN_FULL, now=after),
		partial(run, holding.hold, asked, NOBODY, now=after),
	)
	return token, held


def test_paid_as_it_lapses_and_is_taken(committed):
	"""RA-7, BK-8: one of the two has the time; with it goes the money, or the money goes back."""
	scene = a_paying_scene()
	for number in range(5):
		token, held = paid_and_held(scene, number)
		(payment,) = payments_of(token)
		if payment.problem:
			assert payment.problem == "Too Late" and held["token"]
		else:
			assert isinstance(held, SlotConflict) and status.find(token).status == "Confirmed"
		assert verify.findings() == []


def test_twin_without_key_and_lock_both_have_the_time(committed, monkeypatch):
	"""RA-7: what the guards are for."""

	def versions(doctors):
		rows = frappe.db.sql(
			"SELECT name, offer_version FROM `tabDoctor` WHERE name IN %s", (tuple(doctors),)
		)
		return dict(rows)

	def both_have_it(number) -> bool:
		token, held = paid_and_held(scene, number)
		return isinstance(held, dict) and payments_of(token)[0].problem == ""

	scene = a_paying_scene()
	monkeypatch.setattr(claims, "lock_doctors", versions)
	frappe.db.sql_ddl("ALTER TABLE `tabBooked Slot` DROP INDEX no_overlap")
	try:
		assert any(both_have_it(number) for number in range(TRIES))
	finally:
		frappe.db.sql_ddl("TRUNCATE TABLE `tabBooked Slot`")
		claims.ensure_key()


def test_paid_as_the_job_ends_it(committed):
	"""RA-7: whoever is first, the appointment is made, once."""
	scene = a_paying_scene()
	for hour in (8, 9, 10):
		token = awaiting(scene, start=on_day(7, hour), contact=somebody(hour))
		(payment,), request = payments_of(token), request_of(token)
		after = now() + timedelta(hours=49)
		at_once(
			partial(online_payments.apply, payment.name, PAID_IN_FULL, now=after),
			partial(run, expire.end_request, request.name, request.doctor, now=after),
		)
		assert status.find(token).status == "Confirmed" and verify.findings() == []


def test_paid_as_the_patient_withdraws_it(committed):
	"""RA-6: made and kept, or withdrawn and the money goes back."""
	scene = a_paying_scene()
	for hour in (8, 9, 10):
		token = awaiting(scene, start=on_day(7, hour), contact=somebody(hour))
		(payment,), request = payments_of(token), request_of(token)
		_paid, withdrawn = at_once(
			partial(online_payments.apply, payment.name, PAID_IN_FULL),
			partial(run, holding.withdraw, request.name, request.doctor),
		)
		found, (payment,) = status.find(token), payments_of(token)
		if withdrawn == {}:
			assert (found.status, payment.problem) == ("Cancelled", "Too Late")
		else:
			assert (found.status, payment.problem) == ("Confirmed", "")
		assert verify.findings() == []


def test_two_pages_asked_for_at_once(committed):
	"""RA-4: a double click is one payment."""
	token = awaiting(a_paying_scene())
	frappe.db.sql("DELETE FROM `tabOnline Payment`")
	frappe.db.commit()
	first, second = at_once(*[partial(online_payments.begin, token)] * 2)
	assert first == second and len(payments_of(token)) == 1
