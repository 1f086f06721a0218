"""A month of a doctor's days: `/book/<slug>?month=2026-12`."""

import re
from datetime import date

import pytest

from clinic_booking.pages import doctor
from clinic_booking.pages.page import Asked
from tests.unit.pages.reader import NOW, Reader
from tests.unit.pages.test_templates import render

TODAY = date(2026, 11, 22)  # in Madrid, at NOW; a Sunday
HORIZON = date(2027, 1, 21)


def shown(language="en", free_dates=(), **query):
	page = doctor.show(Asked(query, language, NOW), Reader(free_dates), "ana")
	return page.facts["month"]


def dates(month):
	return [day.date for week in month.weeks for day in week if day]


def test_this_month_begins_today():
	"""UI-1, TI-11: what is past where the clinic is can't be chosen."""
	month = shown()
	assert (dates(month)[0], dates(month)[-1]) == (TODAY, date(2026, 11, 30))
	assert month.weeks[0][:6] == [None] * 6


def test_other_month_is_whole():
	"""UI-1: from its first to its last day, each under its weekday."""
	month = shown(month="2026-12")
	assert (dates(month)[0], dates(month)[-1]) == (date(2026, 12, 1), date(2026, 12, 31))
	assert all(
		day is None or day.date.weekday() == place for week in month.weeks for place, day in enumerate(week)
	)


@pytest.mark.parametrize(
	("wanted", "first"),
	[
		("2020-01", TODAY),
		("2026-11", TODAY),
		("2099-01", date(2027, 1, 1)),
		("2026-13", TODAY),
		("nonsense", TODAY),
		("2026-12-05", TODAY),
	],
)
def test_month_stays_between_today_and_the_horizon(wanted, first):
	"""TI-7, TI-10, IN-9: no address leads to the past, beyond the horizon, or to an error."""
	assert shown(month=wanted).first == first


def test_neighbours_end_where_the_offer_does():
	"""TI-7: no way back before today, none beyond the horizon."""
	assert (shown().previous, shown().next) == (None, date(2026, 12, 1))
	december = shown(month="2026-12")
	assert (december.previous, december.next) == (TODAY, date(2027, 1, 1))
	assert shown(month="2027-01").next is None


def test_weekdays_are_those_of_the_language():
	"""UI-1: Monday first where no country says otherwise, Sunday where one does."""
	assert shown("en").weekdays[0] == ("Mon", "Monday")
	assert shown("es").weekdays[0] == ("lun", "lunes")
	assert shown("en-US").weekdays[0] == ("Sun", "Sunday")
	assert all(
		week[0] is None or week[0].date.weekday() == 6 for week in shown("en-US", month="2026-12").weeks
	)


def test_open_days_lead_to_their_times_and_others_are_said_in_words():
	"""UI-1: never by colour alone."""
	html = render("doctor", Reader([date(2026, 12, 1)]), month="2026-12")
	table = re.search(r"<table.*?</table>", html, re.S)[0]
	assert re.findall(r'href="([^"]+)"', table) == ["/book/ana/visit?clinic=madrid&amp;from=2026-12-01"]
	assert "Tuesday, December 1, Open" in table
	assert table.count("Closed") == 30


def test_month_of_another_service_keeps_it():
	"""UI-1: the next month is the same service's."""
	month = shown(service="call")
	assert month.address(month.next) == "/book/ana?service=call&month=2026-12#month"


def test_first_free_time_after_the_strip_is_told():
	"""AV-12: nothing in seven days, and here is when, this month or a later one."""
	for free in (date(2026, 11, 30), date(2026, 12, 22)):
		strip = doctor.show(Asked({}, "en", NOW), Reader([free]), "ana").facts["strip"]
		assert strip["next_free"].start.date() == free
