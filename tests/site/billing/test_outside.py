"""What happens to a payment at the provider without us: the books follow, and somebody hears of it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import frappe
import pytest

from clinic_booking.billing import looks, online_payments
from clinic_booking.billing.gateways.interface import REFUSED, GatewayError
from clinic_booking.booking import clock
from tests.site.billing.gateway import give_back
from tests.site.billing.practice import invoices, payment_status, work_off
from tests.site.billing.test_credit import credit_of
from tests.site.billing.test_money_back import balanced, cancel, entries, give, paid_by, rows, told_of


def payment_of(visit):
	return frappe.get_doc("Online Payment", {"appointment": visit.name})


def look(visit, gateway, **differently) -> None:
	"""What taking over how the payment stands comes to."""
	payment = payment_of(visit)
	frappe.db.commit()
	online_payments.apply(payment.name, replace(gateway.look(payment.checkout_id), **differently))
	give_back()
	work_off()


def alerts(visit, status=None) -> list[str]:
	"""The kinds of what was told of the payment and of what went back of it elsewhere, the oldest first."""
	about = [
		payment_of(visit).name,
		*frappe.get_all("Online Refund", {"appointment": visit.name}, pluck="name"),
	]
	filters = {"reference_name": ("in", about), "kind": ("!=", "Refund")} | (
		{"status": status} if status else {}
	)
	return frappe.get_all("Clinic Alert", filters, pluck="kind", order_by="creation")


def test_given_back_at_the_providers_own_page(practice_abroad, gateway):
	"""MO-9, MO-19: the books follow, once however often it is told, and an alert says so."""
	visit = paid_by(practice_abroad, gateway)
	part = (practice_abroad.price / 5).quantize(practice_abroad.price)
	for _each in range(3):
		look(visit, gateway, refunded=part)
	assert [state for _method, state, _amount in rows(visit)] == ["Refunded"]
	assert len(entries(visit)) == 1 and credit_of(practice_abroad) == 0
	assert payment_status(visit) == "Partly Refunded"
	assert len(alerts(visit)) == 1
	look(visit, gateway, refunded=practice_abroad.price)
	assert len(entries(visit)) == 2 and payment_status(visit) == "Refunded"
	assert balanced(practice_abroad.clinic.company)


def test_our_own_refund_is_no_news(practice, gateway):
	"""MO-9: its webhook comes before, while and after we have it."""
	visit = paid_by(practice, gateway)
	look(visit, gateway)
	visit.reload()
	give(visit, "Stripe", "5.00")
	look(visit, gateway, refunded=Decimal("5.00"))
	look(visit, gateway)
	assert rows(visit) == [("stripe", "Refunded", 5.0)] and alerts(visit) == []


def test_provider_that_has_less_back_is_asked_anew(practice, gateway):
	"""MO-11: the refund failed at the patient's bank."""
	visit = cancel(paid_by(practice, gateway))
	gateway.refunds = dict.fromkeys(gateway.refunds, REFUSED)
	look(visit, gateway, refunded=Decimal(0))
	assert rows(visit) == [("stripe", "Failed", 35.35)]
	assert credit_of(practice) == practice.price


@pytest.mark.parametrize(("back", "left"), [("0.00", []), ("2.00", [("stripe", "Refunded", 2.0)])])
def test_given_back_elsewhere_and_come_back(practice, gateway, back, left):
	"""MO-11: it failed at the patient's bank later: their credit, once, and somebody hears of it."""
	visit = paid_by(practice, gateway)
	look(visit, gateway, refunded=Decimal("5.35"))
	for _each in range(2):
		look(visit, gateway, refunded=Decimal(back))
	assert rows(visit) == [("stripe", "Failed", 5.35), *left]
	assert credit_of(practice) == Decimal("5.35") - Decimal(back) and len(told_of(visit)) == 1
	assert len(entries(visit)) == len(left) and balanced(practice.clinic.company)
	look(visit, gateway, refunded=Decimal("5.35"))
	assert sum(amount for _method, state, amount in rows(visit) if state == "Refunded") == 5.35


@pytest.mark.parametrize("is_ours", [True, False])
def test_which_of_two_came_back(practice, gateway, is_ours):
	"""MO-11: ours is asked about first; if it stands it was the other."""
	visit = paid_by(practice, gateway)
	give(visit, "Stripe", "5.00")
	look(visit, gateway)
	look(visit, gateway, refunded=Decimal("10.00"))
	if is_ours:
		gateway.refunds = dict.fromkeys(gateway.refunds, REFUSED)
	for _each in range(3):
		look(visit, gateway, refunded=Decimal("5.00"))
	assert [state for _method, state, _amount in rows(visit)] == (
		["Failed", "Refunded"] if is_ours else ["Refunded", "Failed"]
	)
	assert credit_of(practice) == Decimal("5.00") and len(told_of(visit)) == 1


@pytest.mark.parametrize(
	("happened", "becomes"),
	[({"refunded": Decimal("5.35")}, "Partly Refunded"), ({"disputed": Decimal("35.35")}, "Unpaid")],
)
def test_books_follow_before_the_visit_is_invoiced(practice, gateway, happened, becomes):
	"""MO-12, PY-1: to be invoiced when it is completed, and something of what was paid is gone before."""
	frappe.db.set_single_value("Clinic Booking Settings", "invoice_on", "Completion")
	visit = paid_by(practice, gateway)
	assert invoices(visit) == []
	look(visit, gateway, **happened)
	assert payment_status(visit) == becomes and len(invoices(visit, is_return=0)) == 1
	assert not frappe.db.exists("Billing Task", {"outbox_status": ("!=", "Done")})
	assert balanced(practice.clinic.company)


def test_disputed_visit_is_to_be_paid_again(practice_abroad, gateway):
	"""MO-12: the money is gone, the invoice open, nothing to give back; won, all is as it was."""
	visit = paid_by(practice_abroad, gateway)
	for _each in range(2):
		look(visit, gateway, disputed=practice_abroad.price)
	assert payment_status(visit) == "Unpaid"
	assert credit_of(practice_abroad) == -practice_abroad.price
	assert len(alerts(visit)) == 1 and balanced(practice_abroad.clinic.company)
	look(visit, gateway)
	assert payment_status(visit) == "Paid" and credit_of(practice_abroad) == 0
	look(visit, gateway, disputed=practice_abroad.price)
	assert payment_status(visit) == "Unpaid"


def test_disputed_credit_is_gone(practice, gateway):
	"""MO-12: cancelled before, and left as credit: it can't be spent as well."""
	visit = cancel(paid_by(practice, gateway), "credit", cancelled_by="Patient")
	assert credit_of(practice) == practice.price
	look(visit, gateway, disputed=practice.price)
	assert credit_of(practice) == 0
	following = practice.visit()
	work_off()
	assert payment_status(following) == "Unpaid"


def test_each_thing_that_happens_elsewhere_is_told(practice, gateway):
	"""MO-9, MO-12: given back there twice and disputed in between, while nobody looks at the alerts."""
	visit = paid_by(practice, gateway)
	look(visit, gateway, refunded=Decimal(5))
	for _each in range(2):
		look(visit, gateway, refunded=Decimal(5), disputed=Decimal("30.35"))
	assert alerts(visit, "Open") == ["Given Back", "Dispute"]
	look(visit, gateway, refunded=Decimal(5))
	look(visit, gateway, refunded=Decimal(10))
	assert alerts(visit, "Open") == ["Given Back", "Dispute", "Given Back"]
	subjects = frappe.get_all("Clinic Alert", {"kind": "Dispute"}, ["subject", "status"], order_by="creation")
	assert [("no longer" in row.subject, row.status) for row in subjects] == [(False, "Done"), (True, "Open")]


def test_round_ends_before_the_queue_ends_its_job(practice, gateway, monkeypatch):
	"""PY-2, LI-3: what was not looked at is the first of the next one."""
	visits = [paid_by(practice, gateway) for _each in range(4)]
	names = [payment_of(visit).name for visit in visits]
	frappe.db.sql("UPDATE `tabOnline Payment` SET looked_at_utc = '2020-01-01'")
	ticks = SimpleNamespace(seconds=0, monotonic=lambda: ticks.seconds)
	look = gateway.look

	def takes_a_minute(checkout_id):
		ticks.seconds += 60
		return look(checkout_id)

	monkeypatch.setattr(looks, "time", ticks)
	monkeypatch.setattr(gateway, "look", takes_a_minute)
	monkeypatch.setattr(looks.registry, "methods", lambda: {"stripe": gateway})
	looks.every_few_minutes()
	old = {"name": ("in", names), "looked_at_utc": ("<", "2021-01-01")}
	assert frappe.db.count("Online Payment", old) == 1


def test_look_that_fails_hides_nothing_and_is_over_when_one_succeeds(practice, gateway, monkeypatch):
	"""MO-5, MO-12: its alert is its own, and ends by itself."""
	visit = paid_by(practice, gateway)
	name = payment_of(visit).name

	def fails(checkout_id):
		raise GatewayError("unknown")

	def sweep():
		frappe.db.set_value("Online Payment", name, "looked_at_utc", "2020-01-01", update_modified=False)
		frappe.db.commit()
		looks.every_few_minutes()

	monkeypatch.setattr(looks.registry, "methods", lambda: {"stripe": gateway})
	with monkeypatch.context() as broken:
		broken.setattr(gateway, "look", fails)
		sweep()
	assert alerts(visit, "Open") == ["Look"]
	look(visit, gateway, disputed=practice.price)
	assert alerts(visit, "Open") == ["Look", "Dispute"]
	sweep()
	assert alerts(visit, "Open") == ["Dispute"]


def test_dispute_of_a_part(practice, gateway):
	"""MO-12, MO-15: what was withdrawn is to be paid again, no more; it grows, and a part of it comes back."""
	visit = paid_by(practice, gateway)
	for taken, status in (
		("10.35", "Partly Paid"),
		("20.35", "Partly Paid"),
		("0.35", "Partly Paid"),
		("0", "Paid"),
	):
		for _each in range(2):
			look(visit, gateway, disputed=Decimal(taken))
		assert payment_status(visit) == status and credit_of(practice) == -Decimal(taken)
	assert balanced(practice.clinic.company)
	assert alerts(visit) == ["Dispute"] * 3, "disputed, more of it, over"


def test_disputed_after_all_of_it_went_back(practice, gateway):
	"""MO-12: nothing of the visit's is left to take; somebody hears of it, once."""
	visit = cancel(paid_by(practice, gateway))
	for _each in range(2):
		look(visit, gateway, disputed=practice.price)
		frappe.db.set_value("Clinic Alert", {"kind": "Dispute"}, "status", "Done")
	assert rows(visit) == [("stripe", "Refunded", 35.35)] and payment_status(visit) == "Refunded"
	assert alerts(visit) == ["Dispute"] and credit_of(practice) == 0
	look(visit, gateway)
	look(visit, gateway, disputed=practice.price)
	assert alerts(visit) == ["Dispute"] * 3


def test_inquiry_is_told_and_books_nothing(practice, gateway):
	"""MO-12: once, whatever becomes of its alert; over it is done."""
	visit = paid_by(practice, gateway)
	for _each in range(2):
		look(visit, gateway, questioned=True)
	assert alerts(visit, "Open") == ["Inquiry"] and rows(visit) == [] and payment_status(visit) == "Paid"
	look(visit, gateway)
	assert alerts(visit, "Open") == []
	look(visit, gateway, disputed=practice.price)
	assert alerts(visit) == ["Inquiry", "Dispute"]


def test_what_was_asked_before_the_last_look_is_no_news(practice, gateway):
	"""MO-2: two looks whose answers change places undo nothing; a later one is taken over."""
	visit = paid_by(practice, gateway)
	now = clock.now()
	look(visit, gateway, refunded=practice.price, asked_at=now)
	look(visit, gateway, refunded=Decimal(0), asked_at=now - timedelta(seconds=2))
	assert rows(visit) == [("stripe", "Refunded", 35.35)] and credit_of(practice) == 0
	look(visit, gateway, refunded=Decimal(0), asked_at=now + timedelta(seconds=2))
	assert rows(visit) == [("stripe", "Failed", 35.35)] and credit_of(practice) == practice.price
