"""Intents to give back: each once, through failures and late answers of the gateway."""

from decimal import Decimal

import frappe
import pytest

from clinic_booking.billing import refund_work, refunds
from clinic_booking.billing.gateways.interface import PENDING, REFUNDED, REFUSED, GatewayError
from tests.site.billing.gateway import due_again, give_back, paid_online, unavailable


@pytest.fixture
def payment(practice, gateway):
	return paid_online(practice.visit(), gateway)


def state(refund) -> str:
	return frappe.db.get_value("Online Refund", refund, "state")


def intend(payment, amount="35.35", cause="Because"):
	return refunds.intend(payment.name, Decimal(amount), cause)


def alerts(refund):
	return frappe.get_all("Clinic Alert", {"kind": refunds.KIND, "reference_name": refund}, pluck="name")


def subjects(refund) -> list[str]:
	"""What the open alerts about it say, without amount and booking."""
	of = {"kind": refunds.KIND, "reference_name": refund, "status": "Open"}
	said = frappe.get_all("Clinic Alert", of, pluck="subject")
	known = ("It is not known whether", "could not be given back")
	return [words for subject in said for words in known if words in subject]


def test_what_is_intended_goes_back_once(payment, gateway):
	"""MO-9, PY-5: the intent first, then the gateway, however often it is asked for and worked."""
	refund = intend(payment)
	assert intend(payment) is None
	assert gateway.calls == 0
	for _each in range(2):
		give_back()
	assert (state(refund), gateway.total(), gateway.calls) == ("Refunded", Decimal("35.35"), 1)


def test_no_more_goes_back_than_came(payment, gateway):
	"""MO-10: parts until nothing is left, whatever is asked for."""
	names = [intend(payment, "20.00", "first"), intend(payment, "20.00", "second")]
	assert intend(payment, "0.01", "third") is None
	give_back()
	assert gateway.total() == Decimal("35.35")
	assert [state(name) for name in names] == ["Refunded", "Refunded"]


@pytest.mark.parametrize("done", [True, False])
def test_gateway_that_does_not_answer_is_asked_again(payment, gateway, done):
	"""MO-13: whether it had done it or not, one refund."""
	(gateway.after if done else gateway.fails).append(unavailable())
	refund = intend(payment)
	give_back()
	assert state(refund) == "Waiting"
	due_again()
	give_back()
	assert (state(refund), gateway.total(), gateway.calls) == ("Refunded", Decimal("35.35"), 2)


def test_gateway_that_says_no_is_not_asked_again(payment, gateway):
	"""PY-5: an alert, and the amount may be given back in another way."""
	gateway.fails.append(GatewayError("charge too old"))
	refund = intend(payment)
	give_back()
	assert state(refund) == "Failed" and len(alerts(refund)) == 1
	assert intend(payment, cause="again") is not None


def test_gateway_that_never_answers_is_given_up(payment, gateway):
	"""PY-5: after the last wait."""
	refund = intend(payment)
	frappe.db.set_value("Online Refund", refund, "attempts", refund_work.OUTBOX.attempts - 1)
	gateway.fails.append(unavailable())
	give_back()
	assert state(refund) == "Failed" and len(alerts(refund)) == 1


@pytest.mark.parametrize(("end", "told"), [(REFUNDED, []), (REFUSED, ["could not be given back"])])
def test_refund_that_was_accepted_is_not_given_up(payment, gateway, monkeypatch, end, told):
	"""PY-5, MO-19: the provider is silent for days, or its keys are gone: people hear of it, and it is asked again."""
	gateway.answer = PENDING
	refund = intend(payment)
	give_back()
	with monkeypatch.context() as away:
		away.setattr(refund_work.registry, "gateway", lambda method: None)
		for _each in range(2 * refund_work.OUTBOX.attempts):
			due_again()
			give_back()
	assert state(refund) == "Pending" and subjects(refund) == ["It is not known whether"]
	due_again()
	give_back()
	assert state(refund) == "Pending" and subjects(refund) == []
	gateway.refunds = dict.fromkeys(gateway.refunds, end)
	due_again()
	give_back()
	assert state(refund) == ("Refunded" if end == REFUNDED else "Failed")
	assert subjects(refund) == told


@pytest.mark.parametrize(("end", "told"), [(REFUNDED, 0), (REFUSED, 1)])
def test_refund_that_takes_days_is_looked_at_until_it_ends(payment, gateway, end, told):
	"""MO-11: accepted is not done, and it may fail yet."""
	gateway.answer = PENDING
	refund = intend(payment)
	for _each in range(3):
		give_back()
		due_again()
	assert state(refund) == "Pending" and gateway.total() == Decimal("35.35")
	gateway.refunds = dict.fromkeys(gateway.refunds, end)
	give_back()
	assert state(refund) == ("Refunded" if end == REFUNDED else "Failed")
	assert len(alerts(refund)) == told
	assert len(gateway.given) == 1


def test_refund_that_fails_after_it_was_done(payment, gateway):
	"""MO-11: the patient's bank sends it back: looked at again, it has failed."""
	refund = intend(payment)
	give_back()
	gateway.refunds = dict.fromkeys(gateway.refunds, REFUSED)
	refunds.look_again(payment.name)
	give_back()
	assert state(refund) == "Failed" and len(alerts(refund)) == 1


@pytest.mark.parametrize("error", [unavailable(), GatewayError("unknown")])
def test_refund_that_was_done_stays_so_when_nobody_can_be_asked(payment, gateway, monkeypatch, error):
	"""MO-11, MO-19: the provider is away for days, its keys are gone, or it has forgotten: the patient has the money."""
	refund = intend(payment)
	give_back()

	def look_at_refund(refund_id):
		raise error

	monkeypatch.setattr(gateway, "look_at_refund", look_at_refund)
	refunds.look_again(payment.name)
	for _each in range(refund_work.OUTBOX.attempts):
		due_again()
		give_back()
	assert frappe.db.get_value("Online Refund", refund, "outbox_status") == "Failed"
	assert state(refund) == "Refunded" and alerts(refund) == []


def test_bank_transfer_waits_for_people(practice, gateway):
	"""BK-8: nobody is asked; the intent stays until staff have sent it."""
	refund = intend(paid_online(practice.visit(), method="bank_transfer"))
	give_back()
	assert state(refund) == "Waiting" and gateway.calls == 0
