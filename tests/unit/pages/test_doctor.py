"""`/book/<slug>`: which service and clinic its times are of."""

import pytest

from clinic_booking.pages import doctor
from clinic_booking.pages.page import Asked
from tests.unit.pages.reader import BUCHAREST, MADRID, NOW, Reader, service


def show(reader=None, **query):
	reader = reader or Reader()
	return doctor.show(Asked(query, "en", NOW), reader, "ana").facts, reader


@pytest.mark.parametrize(
	("query", "asked"),
	[
		({}, ("visit", "madrid")),
		({"clinic": "bucharest"}, ("visit", "bucharest")),
		({"clinic": "nowhere"}, ("visit", "madrid")),
		({"service": "call"}, ("call", "madrid")),
		({"service": "call", "clinic": "bucharest"}, ("call", "madrid")),
	],
)
def test_clinic_looked_for_stays_the_one_shown(query, asked):
	"""UI-1: as far as the service asked for is offered there, in its own zone."""
	facts, reader = show(**query)
	assert (reader.asked["service"], reader.asked["clinic"]) == asked
	assert facts["strip"]["zone"] == {"madrid": MADRID, "bucharest": BUCHAREST}[asked[1]]["timezone"]


def test_service_of_that_clinic_comes_first():
	"""UI-1: where none is asked for, one that the clinic looked for offers."""
	reader = Reader(services=[service("call", MADRID), service("visit", BUCHAREST)])
	assert show(reader, clinic="bucharest")[0]["chosen"]["service"] == "visit"
	assert show(reader)[0]["chosen"]["service"] == "call"


def test_other_months_are_of_the_same_clinic():
	"""UI-1: turning the page of the calendar leaves the filter alone."""
	facts, _reader = show(clinic="bucharest")
	assert "clinic=bucharest" in facts["month"].address(facts["month"].next)
