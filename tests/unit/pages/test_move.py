"""`/booking/<token>?change=move`: a new time for an appointment, and what it would mean."""

from datetime import date, datetime, timedelta

import pytest

from clinic_booking.pages import appointment
from clinic_booking.pages.page import Asked
from clinic_booking.scheduling.days import Slot
from tests.unit.pages.reader import BUCHAREST, NOW, Reader

HOUR = timedelta(hours=1)


def show(reader=None, **query):
	reader = reader or Reader([date(2026, 11, 23)])
	return appointment.show(Asked({"change": "move", **query}, "en", NOW), reader, "right"), reader


def test_week_of_the_appointment_is_shown():
	"""PO-1: the same doctor, service and clinic, its own claim counting as free."""
	page, reader = show()
	assert page.template == "move.html"
	assert (reader.asked["token"], reader.asked["service"], reader.asked["clinic"]) == (
		"right",
		"visit",
		"madrid",
	)
	assert reader.asked["from_date"] == date(2026, 11, 23)


def test_its_own_time_is_no_move():
	"""PO-1: it is not among the times to choose from, and a link to it is to none."""
	page, reader = show()
	own = reader.booking("right")["start"]
	assert [slot.start for day in page.facts["days"] for slot in day.slots] == [own + HOUR / 2]
	page, _reader = show(start=own.isoformat())
	assert page.facts["picked"] is None


def test_day_of_nothing_but_its_own_time_is_full():
	"""PO-1: then no day is unfolded."""
	reader = Reader([date(2026, 11, 23)])
	own = reader.booking("right")
	reader._slots = lambda *asked: [Slot(own["start"], own["end"], "madrid")]
	page, _reader = show(reader)
	assert {day.state for day in page.facts["days"]} == {"full", "closed"}
	assert page.facts["first_open"] is None


def test_picked_time_is_told_with_its_deadlines():
	"""PO-5: they keep their distance from the start, in hours that pass, and one move less is left."""
	page, _reader = show(start="2027-03-29T09:00:00+02:00")
	start = datetime.fromisoformat("2027-03-29T09:00:00+02:00")
	terms = page.facts["new_terms"]
	assert terms == {"moves_left": 1, "move_until": start - 2 * HOUR, "cancel_until": start - HOUR}
	assert page.facts["picked_end"] == start + HOUR / 2


def test_clinics_of_another_currency_are_not_offered():
	"""PO-1: the price carries over, so its currency must fit."""
	reader = Reader([date(2026, 11, 23)])
	reader.ana["services"][0]["prices"][1]["price"] = {"amount": "150.00", "currency": "RON"}
	page, _reader = show(reader, clinic=BUCHAREST["name"])
	assert [clinic["name"] for clinic in page.facts["offering"]] == ["madrid"]


@pytest.mark.parametrize("gone", ["doctor", "service", "price"])
def test_what_is_no_longer_offered_is_no_error(gone):
	"""RA-11: then there are no days, and the page says to call."""
	reader = Reader([date(2026, 11, 23)])
	if gone == "doctor":
		reader.ana["slug"] = "nobody"
	elif gone == "service":
		reader.ana["services"] = reader.ana["services"][1:]
	else:
		for each in reader.ana["services"][0]["prices"]:
			each["price"] = {"amount": "1.00", "currency": "USD"}
	page, _reader = show(reader)
	assert page.template == "move.html"
	assert page.facts["days"] is None


@pytest.mark.parametrize(("change", "ability"), [("move", "reschedule"), ("cancel", "cancel")])
def test_old_link_to_what_is_no_longer_allowed_shows_how_it_stands(change, ability):
	"""PO-1, PO-2: the deadline has passed since."""
	reader = Reader()
	booking = reader.booking("right")
	booking["can"][ability] = False
	reader.booking = lambda token: booking
	page, _reader = show(reader, change=change)
	assert page.template == "appointment.html"
