"""`/booking/<token>`: what its holder is told and offered, whatever was paid (PO-2, PO-3, PO-5)."""

import re

import pytest

from tests.unit.pages.reader import NOW, Reader
from tests.unit.pages.test_templates import HOUR, Elements, render, standing, waiting

CHANGES = [("move", "reschedule"), ("cancel", "cancel")]


def paid(amount, back, *ways, **can):
	"""The clinic in memory, with `amount` paid for the visit and `back` to come back now."""
	reader = Reader()
	booking = reader.booking("right")
	booking["paid"]["amount"] = amount
	booking["terms"]["refund_if_cancelled_now"].update({"amount": back, "as": list(ways)})
	booking["can"] |= can
	reader.booking = lambda token: booking
	return reader


def fields(html):
	return [
		(values["name"], values.get("type"), values.get("value"))
		for tag, values in Elements(html).found
		if tag in ("input", "textarea")
	]


def test_what_comes_back_is_said_with_its_deadline_and_chosen_as():
	"""PO-3, PO-5: in time all of it, as money or credit."""
	html = render("cancel", paid("35.00", "35.00", "money", "credit"))
	assert "If you cancel now, €35.00 comes back. This holds until Monday, November 23, 09:00." in html
	assert fields(html)[:2] == [("refund", "radio", "money"), ("refund", "radio", "credit")]


def test_only_way_back_is_not_asked_for():
	"""PO-3: nothing to choose, and the call is told all the same."""
	assert ("refund", "hidden", "credit") in fields(render("cancel", paid("35.00", "35.00", "credit")))


@pytest.mark.parametrize(
	("amount", "text"),
	[
		(
			"35.00",
			"nothing of the €35.00 paid comes back: that was possible until Monday, November 23, 09:00",
		),
		("0.00", "nothing is owed and nothing comes back"),
	],
)
def test_nothing_that_comes_back_is_said_with_its_reason(amount, text):
	"""PO-5: too late is another thing than nothing paid."""
	html = render("cancel", paid(amount, "0.00"))
	assert text in html
	assert [name for name, _type, _value in fields(html)] == ["reason"]


@pytest.mark.parametrize(
	("can", "texts"),
	[
		({"reschedule": False}, ["Online it could be moved until Monday, November 23, 08:00"]),
		({"cancel": False}, ["It can&#39;t be cancelled online any more"]),
		({}, ["You can move it 2 more times, until Monday, November 23, 08:00"]),
	],
)
def test_what_is_no_longer_possible_is_said_with_the_way_on(can, texts):
	"""PO-1, PO-2: the deadline that passed, and the clinic's number."""
	html = render("appointment", paid("0.00", "0.00", **can))
	assert all(text in html for text in texts)
	links = re.findall(r'href="/booking/right\?change=(\w+)#change"', html)
	assert links == [change for change, ability in CHANGES if can.get(ability, True)]


def test_calendar_file_is_offered_while_the_visit_lies_ahead():
	"""BK-7: a plain link with the token, as it must work without scripts."""
	html = render("appointment")
	assert 'href="/api/method/clinic_booking.api.public.ics?token=right"' in html


@pytest.mark.parametrize(("state", "is_missed"), [("Paid", False), ("Open", True)])
def test_who_comes_back_from_paying_the_deposit_is_not_told_that_it_is_missing(state, is_missed):
	"""PY-2, BK-5: the rest can be paid, and nobody waits for it."""
	booking = Reader().booking("right")
	payment = {"state": state, "method": "stripe", "problem": None, "instructions": None}
	booking["to_pay"] |= {"methods": ["stripe"], "payment": payment}
	read = standing(Reader(), "Confirmed", to_pay=booking["to_pay"], can=booking["can"] | {"pay": True})
	html = render("appointment", read, done="pay")
	assert "Pay €35.00" in html
	assert ("No payment has arrived yet" in html) is is_missed


@pytest.mark.parametrize(("own", "told"), [("in an hour", "in an hour"), ("", "within a day")])
def test_request_says_when_this_doctor_usually_answers(own, told):
	"""BK-5: the doctor's own words, else the clinic's."""
	read = Reader(answer_time=own)
	assert f"usually answers {told}." in render("appointment", standing(read, "Requested"))


@pytest.mark.parametrize(("until", "is_late"), [(NOW - HOUR, True), (NOW + HOUR, False)])
def test_who_pays_too_late_to_get_it_back_is_told_before(until, is_late):
	"""PO-5: at the button, not only once it is paid."""
	read = waiting(Reader())
	read.booking("right")["terms"]["cancel_until"] = until
	html = render("appointment", read)
	assert ("If you pay now and cancel later, nothing comes back" in html.split(">Pay €35.00<")[0]) is is_late


def test_until_when_it_is_to_be_paid_names_its_zone():
	"""TI-11: nothing above it does."""
	html = render("appointment", waiting(Reader()))
	assert re.search(r"€35\.00 to pay until [^<]+, \d\d:\d\d, Bucharest time \(UTC\+2\)\.", html)
