"""What should be charged, and what the books mean for an appointment."""

from dataclasses import replace
from decimal import Decimal

import pytest

from clinic_booking.billing.state import Account, payment_status, to_charge
from clinic_booking.scheduling.status import CANCELLED, CHECKED_IN, COMPLETED, CONFIRMED, NO_SHOW, REQUESTED


def account(charged="0", received="0", returned="0", is_invoiced=True):
	return Account(Decimal(charged), Decimal(received), Decimal(returned), is_invoiced)


NONE = Account()
PRICE = Decimal("35.00")


@pytest.mark.parametrize(
	("status", "on_completion", "owed", "before", "wanted"),
	[
		(REQUESTED, False, False, NONE, "0"),
		(CONFIRMED, False, False, NONE, "35"),
		(CHECKED_IN, False, False, NONE, "35"),
		(COMPLETED, False, False, NONE, "35"),
		(CONFIRMED, True, False, NONE, "0"),
		(CHECKED_IN, True, False, NONE, "0"),
		(COMPLETED, True, False, NONE, "35"),
		(CONFIRMED, True, False, account("35"), "35"),
		(CANCELLED, False, False, NONE, "0"),
		(CANCELLED, False, True, account("35"), "0"),
		(CANCELLED, False, False, account("35", "10"), "10"),
		(CANCELLED, False, False, account("35", "35"), "35"),
		(NO_SHOW, False, False, account("35"), "0"),
		(NO_SHOW, False, False, account("35", "10"), "10"),
		(NO_SHOW, False, True, account("35"), "35"),
		(NO_SHOW, True, True, NONE, "35"),
		(NO_SHOW, True, False, NONE, "0"),
		(CONFIRMED, False, False, account("0"), "35"),
	],
)
def test_what_a_visit_should_be_charged(status, on_completion, owed, before, wanted):
	"""PY-1, PY-8: the price once confirmed or completed; missed or cancelled no more than was paid."""
	assert to_charge(status, PRICE, before, on_completion, owed) == Decimal(wanted)


@pytest.mark.parametrize(
	("status", "before", "refund", "wanted"),
	[
		(CANCELLED, account("35", "35"), "35", "0"),
		(CANCELLED, account("35", "10"), "10", "0"),
		(CANCELLED, account("0", "35"), "35", "0"),
		(CANCELLED, account("0", "35", "35"), "0", "0"),
		(NO_SHOW, account("35", "35"), "35", "35"),
	],
)
def test_what_goes_back_is_charged_no_longer(status, before, refund, wanted):
	"""PO-3: of a cancelled visit, and once."""
	assert to_charge(status, PRICE, before, refund=Decimal(refund)) == Decimal(wanted)


@pytest.mark.parametrize(
	("status", "books", "state"),
	[
		(CONFIRMED, NONE, "Unpaid"),
		(CANCELLED, NONE, "Not Required"),
		(CONFIRMED, account("35"), "Unpaid"),
		(CANCELLED, account("0"), "Not Required"),
		(CONFIRMED, account("35", "0.01"), "Partly Paid"),
		(CONFIRMED, account("35", "34.99"), "Partly Paid"),
		(CONFIRMED, account("35", "35"), "Paid"),
		(NO_SHOW, account("10", "10"), "Paid"),
		(CONFIRMED, account("35", "35", "10"), "Partly Refunded"),
		(CANCELLED, account("0", "35", "35"), "Refunded"),
		(CANCELLED, account("0", "35"), "Refunded"),
		(CANCELLED, account("25", "35"), "Partly Refunded"),
		(CONFIRMED, replace(account("30", "35"), loose=Decimal(5)), "Paid"),
	],
)
def test_payment_status_follows_the_books(status, books, state):
	"""BK-6, PY-5: the six states, to the smallest unit; credit that was left counts as given back."""
	assert payment_status(status, PRICE, books) == state


def test_what_is_free_needs_no_payment():
	"""BK-6: no price, nothing to pay, whatever the state."""
	for status in (REQUESTED, CONFIRMED, COMPLETED, CANCELLED):
		assert payment_status(status, Decimal(0), NONE) == "Not Required"


@pytest.mark.parametrize(
	("books", "left"),
	[(account("35", "10"), "25"), (account("35", "35", "5"), "5"), (account("0", "35"), "0")],
)
def test_open_is_what_is_still_to_be_paid(books, left):
	"""MO-10: what was given back is owed again, credit is not less than nothing."""
	assert books.open == Decimal(left)
