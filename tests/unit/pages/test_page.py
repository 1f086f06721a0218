"""What a page is asked: parameters that anyone can write."""

from datetime import date, datetime, timezone

import pytest

from clinic_booking.pages.page import Asked

NOW = datetime(2026, 11, 21, 23, 30, tzinfo=timezone.utc)


def asked(**query):
	return Asked(query=query, language="en", now=NOW)


@pytest.mark.parametrize("typed", ["", "  ", "x" * 141])
def test_text_that_says_nothing_is_not_given(typed):
	"""IN-9: blank and endless parameters count as not given."""
	assert asked(q=typed).text("q") == ""


@pytest.mark.parametrize("typed", ["", "-1", "1e9", "٣", "' OR 1=1", "9" * 5000])
def test_number_that_is_none_is_the_default(typed):
	"""IN-5, IN-9: only plain digits are a number."""
	assert asked(page=typed).number("page", default=1, least=1, most=1000) == 1


def test_number_stays_within_its_limits():
	"""IN-9: huge numbers become the largest that makes sense."""
	assert asked(page="99999").number("page", default=1, least=1, most=1000) == 1000


@pytest.mark.parametrize("typed", ["", "2026-13-01", "tomorrow", "0000-00-00", "2026-02-30"])
def test_date_that_is_none_is_not_given(typed):
	"""TI-9: what is no date is no error either."""
	assert asked(**{"from": typed}).date("from") is None


@pytest.mark.parametrize(
	"typed",
	["", "2026-11-23T09:00", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00", "09:00", "x" * 40],
)
def test_instant_without_offset_or_out_of_time_is_not_given(typed):
	"""TI-9: naive instants and those of other ages say nothing."""
	assert asked(start=typed).instant("start") is None


@pytest.mark.parametrize("typed", ["2026-11-23T09:00:00+02:00", "2026-11-23T07:00Z"])
def test_instant_with_offset_is_understood(typed):
	"""TI-9: `Z` and an offset are the same instant."""
	assert asked(start=typed).instant("start") == datetime(2026, 11, 23, 7, tzinfo=timezone.utc)


@pytest.mark.parametrize("typed", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "EUROPE"])
def test_zone_that_is_none_is_not_given(typed):
	"""IN-5, IN-9: only names of zones are zones, never paths."""
	assert asked(timezone=typed).zone("timezone") is None


def test_today_is_the_zones():
	"""TI-11: today in Auckland is tomorrow in New York."""
	assert asked().today("Pacific/Auckland") == date(2026, 11, 22)
	assert asked().today("America/New_York") == date(2026, 11, 21)


def test_only_allowed_names_are_chosen():
	"""IN-10: a filter of yesterday is no filter."""
	assert asked(clinic="gone").one_of("clinic", {"here"}) is None
	assert asked(clinic="here").one_of("clinic", {"here"}) == "here"
