"""`/book/<slug>/<service>`: which days, which clinic, whose clock."""

from datetime import date, timedelta

import pytest

from clinic_booking.errors import NotFound
from clinic_booking.pages import booking
from clinic_booking.pages.page import Asked
from tests.unit.pages.reader import NOW, Reader

TODAY = date(2026, 11, 22)  # in Madrid, at NOW


def show(service="visit", free_dates=(), **query):
	reader = Reader(free_dates)
	page = booking.show(Asked(query, "en", NOW), reader, "ana", service)
	return page, reader


def test_week_begins_today_where_the_clinic_is():
	"""TI-11: today is the clinic's."""
	_page, reader = show()
	assert reader.asked["from_date"] == TODAY
	assert reader.asked["to_date"] == TODAY + timedelta(days=6)


@pytest.mark.parametrize(
	("wanted", "first"),
	[
		("2026-12-01", date(2026, 12, 1)),
		("2020-01-01", TODAY),
		("9999-12-31", TODAY + timedelta(days=60)),
		("nonsense", TODAY),
	],
)
def test_week_stays_between_today_and_the_horizon(wanted, first):
	"""TI-7, TI-10: no address leads to the past or beyond the horizon."""
	page, reader = show(**{"from": wanted})
	assert reader.asked["from_date"] == first
	assert page.facts["week"].first == first


def test_no_week_before_today_and_none_beyond_the_horizon():
	"""TI-7: the links to earlier and later end where the offer does."""
	assert show()[0].facts["week"].previous is None
	last = show(**{"from": "9999-12-31"})[0].facts["week"]
	assert last.next is None
	assert last.previous == last.first - timedelta(days=7)


def test_months_reach_from_today_to_the_horizon():
	"""UI-1: every month within the horizon can be jumped to."""
	months = show()[0].facts["week"].months
	assert months == [TODAY, date(2026, 12, 1), date(2027, 1, 1)]


def test_time_in_the_address_shows_its_week():
	"""BK-1: a link to a time shows that time, and holds nothing."""
	page, reader = show(start="2026-12-07T09:00:00+01:00")
	assert reader.asked["from_date"] == date(2026, 12, 7)
	assert page.facts["picked"].hour == 9


def test_clinic_visit_keeps_the_clinics_zone():
	"""UI-1: a visit happens where the clinic is, whatever the visitor's clock says."""
	_page, reader = show(timezone="Asia/Tokyo")
	assert reader.asked["timezone"] == "Europe/Madrid"


def test_video_visit_is_shown_in_the_visitors_zone():
	"""UI-1: a video visit happens where the visitor is; the address keeps saying so."""
	page, reader = show("call", timezone="Asia/Tokyo")
	assert reader.asked["timezone"] == "Asia/Tokyo"
	assert "timezone=Asia%2FTokyo" in page.facts["address"]()


def test_other_clinic_is_asked_for_by_name():
	"""UI-1: one clinic at a time, so that there is one price, one phone and one zone."""
	_page, reader = show(clinic="bucharest")
	assert (reader.asked["clinic"], reader.asked["timezone"]) == ("bucharest", "Europe/Bucharest")


def test_unknown_clinic_is_the_first():
	"""IN-10: a clinic that does not offer the service is not asked for."""
	_page, reader = show("call", clinic="bucharest")
	assert reader.asked["clinic"] == "madrid"


@pytest.mark.parametrize(("slug", "service"), [("ana", "surgery"), ("bob", "visit")])
def test_what_is_not_offered_is_not_found(slug, service):
	"""IN-10: unknown doctors and services look alike."""
	with pytest.raises(NotFound):
		booking.show(Asked({}, "en", NOW), Reader(), slug, service)


def test_page_is_personal():
	"""SE-6: the page shows holds, so nobody keeps it."""
	assert show()[0].personal


def test_search_engines_list_the_page_once():
	"""UI-1: the plain address is listed, not those of its weeks, clinics, zones and times."""
	assert show()[0].listed
	assert not show(start="2026-12-07T09:00:00+01:00")[0].listed
