"""The Stripe gateway over the wire: the real SDK, a Stripe on this machine, every fault (PY-2)."""

import time
from decimal import Decimal

import pytest

from clinic_booking.billing.gateways.interface import (
	EXPIRED,
	FAILED,
	OPEN,
	PAID,
	PENDING,
	PROCESSING,
	REFUNDED,
	REFUSED,
	GatewayError,
	GatewayUnavailable,
)
from clinic_booking.billing.gateways.stripe import Stripe
from tests.fakes.server import BROKEN, BROKEN_AFTER, DROPPED, DROPPED_AFTER, TOO_MANY, TWICE, slow
from tests.unit.billing.stripe_demand import a_demand, paid

UNSURE = [TOO_MANY, DROPPED, DROPPED_AFTER, slow(30)]


# -- paying ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
	"amount, currency", [("35.00", "EUR"), ("3500", "JPY"), ("12.340", "KWD"), ("500", "ISK")]
)
def test_a_page_to_pay_on_then_paid(gateway, fake, amount, currency):
	"""MO-15: the amount asked for is the amount received, whatever the currency's decimals."""
	checkout = gateway.begin(a_demand(amount, currency))
	assert checkout.url.startswith(fake.url)
	standing = gateway.look(checkout.id)
	assert (standing.state, standing.amount, standing.currency) == (OPEN, Decimal(amount), currency)
	fake.account.pay(checkout.id)
	standing = gateway.look(checkout.id)
	assert (standing.state, standing.amount, standing.currency) == (PAID, Decimal(amount), currency)
	assert standing.payment_id and not standing.refunded and not standing.disputed


def test_stripe_learns_the_reference_only(gateway, fake):
	"""PY-2: `Appointment <reference>`, an amount, where to return to, and nothing else."""
	gateway.begin(a_demand())
	(call,) = fake.received
	assert call.headers["idempotency-key"] == "key-1"
	expected = {
		"mode": "payment",
		"line_items[0][price_data][currency]": "eur",
		"line_items[0][price_data][unit_amount]": "3500",
		"line_items[0][price_data][product_data][name]": "Appointment ABC123",
		"line_items[0][quantity]": "1",
		"payment_intent_data[description]": "Appointment ABC123",
		"success_url": "https://clinic.example/paid",
		"cancel_url": "https://clinic.example/paid",
		"locale": "ro",
	}
	assert {name: value for name, value in call.form.items() if name != "expires_at"} == expected


@pytest.mark.parametrize("fault", UNSURE, ids=str)
def test_the_same_demand_again_is_the_same_page(gateway, fake, fault):
	"""MO-13: after a time-out, done or not, asking again with the key makes one session and no second."""
	demand = a_demand()
	fake.fail(fault, "POST /v1/checkout/sessions")
	began = time.monotonic()
	with pytest.raises(GatewayUnavailable):
		gateway.begin(demand)
	assert time.monotonic() - began < 6
	checkout = gateway.begin(demand)
	assert gateway.begin(demand) == checkout
	assert len(fake.account.every("checkout.session")) == 1


@pytest.mark.parametrize("fault", [BROKEN, BROKEN_AFTER], ids=str)
def test_after_a_500_another_key_is_needed(gateway, fake, fault):
	"""MO-13: Stripe keeps its 500 under the key, so a new demand opens a page; of the other nobody knows."""
	fake.fail(fault, "POST /v1/checkout/sessions")
	with pytest.raises(GatewayError) as raised:
		gateway.begin(a_demand())
	assert not isinstance(raised.value, GatewayUnavailable)
	assert gateway.begin(a_demand(key="key-2")).url


def test_nobody_answers(gateway, fake):
	"""MO-14: gone is as quick as it gets, and unavailable."""
	with fake.gone(), pytest.raises(GatewayUnavailable):
		gateway.begin(a_demand())


def test_nothing_hangs_longer_than_five_seconds(gateway, fake, monkeypatch):
	"""MO-14: not even where the name server does, which no time-out of a socket bounds."""
	monkeypatch.setattr("socket.getaddrinfo", lambda *_arguments: time.sleep(20))
	began = time.monotonic()
	with pytest.raises(GatewayUnavailable):
		gateway.look("cs_test_1")
	assert time.monotonic() - began < 15  # a busy machine takes its time as well


@pytest.mark.parametrize(
	"amount, currency", [("0.49", "EUR"), ("0", "EUR"), ("1.234", "KWD"), ("NaN", "EUR"), ("35", "XXX")]
)
def test_what_stripe_does_not_take_is_refused(gateway, amount, currency):
	"""MO-15: refused for good, not to be tried again."""
	with pytest.raises(GatewayError) as raised:
		gateway.begin(a_demand(amount, currency))
	assert not isinstance(raised.value, GatewayUnavailable)


def test_three_d_secure_asked_failed_left(gateway, fake):
	"""MO-8: all of it leaves the page open; another card may be tried."""
	checkout = gateway.begin(a_demand())
	for happens in (fake.account.ask, fake.account.decline, fake.account.ask):
		happens(checkout.id)
		assert gateway.look(checkout.id).state == OPEN
	fake.account.pay(checkout.id)
	assert gateway.look(checkout.id).state == PAID


@pytest.mark.parametrize("succeeds, state", [(True, PAID), (False, FAILED)])
def test_processing_for_days(gateway, fake, succeeds, state):
	"""MO-8: complete but unpaid is not paid, until the bank has answered."""
	checkout = gateway.begin(a_demand())
	fake.account.debit(checkout.id)
	fake.account.ahead = 3 * 86400
	assert gateway.look(checkout.id).state == PROCESSING
	fake.account.settle(checkout.id, succeeds)
	assert gateway.look(checkout.id).state == state


def test_ended_takes_no_more(gateway, fake):
	"""MO-6: ending says how it stands; one that was paid a moment ago is paid."""
	open_one, paid_one = gateway.begin(a_demand()), paid(gateway, fake, key="key-2")
	assert gateway.end(open_one.id).state == EXPIRED
	assert gateway.end(open_one.id).state == EXPIRED
	assert gateway.end(paid_one).state == PAID
	fake.fail(DROPPED_AFTER, "POST /v1/checkout/sessions/*/expire")
	with pytest.raises(GatewayUnavailable):
		gateway.end(paid_one)


def test_a_session_of_another_account(gateway):
	"""MO-4: there is no such thing here."""
	with pytest.raises(GatewayError):
		gateway.look("cs_test_of_somebody_else")


# -- money back ------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [*UNSURE, BROKEN, BROKEN_AFTER], ids=str)
def test_one_key_gives_back_once(gateway, fake, fault):
	"""MO-9, MO-13: whatever happened to the first try, a day later as well."""
	checkout_id = paid(gateway, fake)
	fake.fail(fault, "POST /v1/refunds")
	with pytest.raises(GatewayUnavailable):
		gateway.refund(checkout_id, Decimal(10), "EUR", "refund-1")
	if fault == BROKEN:
		# Not done, and Stripe says so until it forgets the key.
		with pytest.raises(GatewayUnavailable):
			gateway.refund(checkout_id, Decimal(10), "EUR", "refund-1")
	fake.account.ahead = 25 * 3600
	refunds = {gateway.refund(checkout_id, Decimal(10), "EUR", "refund-1").id for _time in range(2)}
	assert len(refunds) == 1
	assert gateway.look(checkout_id).refunded == 10
	gateway.refund(checkout_id, Decimal(10), "EUR", "refund-2")
	assert gateway.look(checkout_id).refunded == 20


def test_a_network_that_repeats_calls(gateway, fake):
	"""MO-9: a refund that reaches Stripe twice is one."""
	checkout_id = paid(gateway, fake)
	fake.fail(TWICE, "POST /v1/refunds")
	gateway.refund(checkout_id, Decimal(10), "EUR", "refund-1")
	assert gateway.look(checkout_id).refunded == 10


def test_more_than_was_paid(gateway, fake):
	"""MO-10: refused for good, and so is a refund of what was not paid."""
	checkout_id, unpaid = paid(gateway, fake), gateway.begin(a_demand(key="key-2")).id
	for id, amount in ((checkout_id, "35.01"), (unpaid, "1")):
		with pytest.raises(GatewayError) as raised:
			gateway.refund(id, Decimal(amount), "EUR", f"refund-{amount}")
		assert not isinstance(raised.value, GatewayUnavailable)


@pytest.mark.parametrize("succeeds, state, refunded", [(True, REFUNDED, 35), (False, REFUSED, 0)])
def test_a_refund_that_is_decided_later(gateway, fake, succeeds, state, refunded):
	"""MO-11: pending first; one that fails is money that is still at the clinic's."""
	checkout_id = paid(gateway, fake)
	fake.account.refunds_wait = True
	refund = gateway.refund(checkout_id, Decimal(35), "EUR", "refund-1")
	assert refund.state == PENDING
	fake.account.finish_refund(refund.id, succeeds)
	assert gateway.look_at_refund(refund.id).state == state
	assert gateway.look(checkout_id).refunded == refunded


def test_disputes_open_lost_and_won(gateway, fake):
	"""MO-12: disputed while it may be lost and when it is, and no refund meanwhile."""
	checkout_id = paid(gateway, fake)
	dispute = fake.account.dispute(checkout_id)
	assert gateway.look(checkout_id).disputed == 35
	with pytest.raises(GatewayError):
		gateway.refund(checkout_id, Decimal(35), "EUR", "refund-1")
	fake.account.close_dispute(dispute["id"], won=True)
	assert not gateway.look(checkout_id).disputed
	fake.account.close_dispute(dispute["id"], won=False)
	assert gateway.look(checkout_id).disputed == 35


def test_inquiry_takes_nothing_until_it_is_a_dispute(gateway, fake):
	"""MO-12: it is told of as a question, and the money can be given back."""
	checkout_id = paid(gateway, fake)
	inquiry = fake.account.dispute(checkout_id, is_inquiry=True)
	standing = gateway.look(checkout_id)
	assert (standing.questioned, standing.disputed) == (True, 0)
	assert gateway.refund(checkout_id, Decimal(5), "EUR", "refund-1").state == REFUNDED
	fake.account.escalate(inquiry["id"])
	standing = gateway.look(checkout_id)
	assert (standing.questioned, standing.disputed) == (False, 35)


def test_inquiry_that_is_closed_is_nothing(gateway, fake):
	"""MO-12: the bank was content."""
	checkout_id = paid(gateway, fake)
	fake.account.close_dispute(fake.account.dispute(checkout_id, is_inquiry=True)["id"], won=False)
	standing = gateway.look(checkout_id)
	assert (standing.questioned, standing.disputed) == (False, 0)


@pytest.mark.parametrize(
	("units", "taken"), [((1050,), "10.50"), ((1000, 500), "15.00"), ((3500, 3500), "35.00")]
)
def test_disputes_take_what_they_say(gateway, fake, units, taken):
	"""MO-12, MO-15: of a part, of two parts, and never more than was paid."""
	checkout_id = paid(gateway, fake)
	for each in units:
		fake.account.dispute(checkout_id, each)
	assert gateway.look(checkout_id).disputed == Decimal(taken)


def test_dispute_in_another_currency_takes_all(gateway, fake):
	"""MO-12: what it comes to in the charge's own nobody says."""
	checkout_id = paid(gateway, fake)
	fake.account.dispute(checkout_id, 1700)["currency"] = "usd"
	assert gateway.look(checkout_id).disputed == 35


# -- setting up ------------------------------------------------------------------------------------


def test_what_is_missing(fake, gateway):
	"""DY-7: the Test button says whether the key is right, and whether Stripe sends its events here."""
	assert gateway.missing(fake.webhook) == []
	assert gateway.missing("https://elsewhere.example/hook") == ["webhook"]
	assert Stripe("sk_test_wrong", "whsec_1", fake.url).missing(fake.webhook) == ["key"]
	with fake.gone(), pytest.raises(GatewayUnavailable):
		gateway.missing(fake.webhook)


def test_a_key_that_is_no_longer_taken_is_no_final_answer(fake, gateway):
	"""PY-5: a key changed at Stripe first and here a moment later costs no refund."""
	checkout_id = paid(gateway, fake)
	changed = Stripe("sk_test_wrong", "whsec_1", fake.url)
	with pytest.raises(GatewayUnavailable):
		changed.refund(checkout_id, Decimal(35), "EUR", "refund-1")
	assert gateway.refund(checkout_id, Decimal(35), "EUR", "refund-1").state == REFUNDED


def test_errors_quote_nothing(gateway, fake):
	"""SE-5: an error names its kind; Stripe's own words may hold what was sent."""
	with pytest.raises(GatewayError) as raised:
		Stripe("sk_test_secret", "whsec_1", fake.url).begin(a_demand())
	assert "secret" not in repr(raised.value) and raised.value.__suppress_context__
