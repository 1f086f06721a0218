"""The till and the provider at the same moment, on connections of their own; each race has its twin without the lock."""

from decimal import Decimal
from functools import partial

import frappe
import pytest

from clinic_booking.billing import desk_refunds, online_payments, payments
from clinic_booking.billing.gateways.interface import PAID, Standing
from clinic_booking.booking import claims
from clinic_booking.errors import Validation
from tests.site.billing.gateway import give_back, paid_online, takes
from tests.site.billing.practice import a_practice, alerts, become, payment_status, work_off
from tests.site.billing.test_money_back import entries, paid_by
from tests.site.billing.test_paying_races import at_once
from tests.site.booking.races import TRIES

PRICE = Decimal("35.00")


@pytest.fixture
def practice(committed):
	made = a_practice(PRICE)
	takes(made, "stripe")
	return made


@pytest.fixture
def no_locks(monkeypatch):
	"""The doctors' rows are read and not locked."""
	monkeypatch.setattr(claims, "lock_doctors", lambda doctors: dict.fromkeys(doctors, "1"))


def cash_while_cancelled(practice, gateway) -> tuple[object, Decimal]:
	"""Reception hands out what was paid by Stripe while the patient cancels: the visit, and what went back in all."""
	visit, before = paid_by(practice, gateway), gateway.total()
	frappe.db.commit()
	at_once(
		partial(desk_refunds.give, visit, "Cash", None, PRICE, "Administrator"),
		partial(become, visit, "Cancelled", cancelled_by="Patient"),
	)
	work_off()
	give_back()
	work_off()
	cash = [entry.paid_amount for entry in entries(visit) if entry.mode_of_payment == "Cash"]
	return visit, gateway.total() - before + Decimal(str(sum(cash)))


def test_cash_is_handed_out_as_the_patient_cancels(practice, gateway):
	"""RA-6, MO-9, MO-20: it goes back once, by whichever was first."""
	for _each in range(5):
		visit, gone = cash_while_cancelled(practice, gateway)
		assert gone == PRICE
		assert payment_status(visit) == "Refunded" and alerts(visit) == []


def test_twin_it_goes_back_twice(practice, gateway, no_locks):
	"""RA-6, MO-9: what the lock is for."""
	assert any(cash_while_cancelled(practice, gateway)[1] > PRICE for _each in range(TRIES))


def cash_while_paid_online(practice) -> tuple[object, object, object]:
	"""Reception takes the price while the patient pays it on the page: visit, Online Payment, what the till answered."""
	visit = practice.visit(source="Online", payment_method="stripe")
	work_off()
	payment = paid_online(visit, state="Open", received=0, paid_at_utc=None)
	frappe.db.commit()
	till, _arrived = at_once(
		partial(payments.take, visit, "Cash", None, "Administrator", of=PRICE),
		partial(online_payments.apply, payment.name, Standing(PAID, PRICE, "EUR", payment_id=payment.name)),
	)
	return visit, frappe.get_doc("Online Payment", payment.name), till


def counts_once(payment, till) -> bool:
	"""The till was refused, or the provider's money goes back."""
	return isinstance(till, Validation) != (payment.problem == "Paid Twice")


def test_cash_is_taken_as_the_patient_pays_online(practice):
	"""RA-6, MO-20: one of the two counts; of the other the till hears, or it goes back."""
	for _each in range(5):
		visit, payment, till = cash_while_paid_online(practice)
		assert counts_once(payment, till)
		work_off()
		assert payment_status(visit) == "Paid"


def test_twin_both_count(practice, no_locks):
	"""RA-6, MO-20: what the lock is for."""
	races = (cash_while_paid_online(practice) for _each in range(TRIES))
	assert not all(counts_once(payment, till) for _visit, payment, till in races)
