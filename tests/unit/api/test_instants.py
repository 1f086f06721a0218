"""Instants, dates and zones as text."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from clinic_booking.inputs import BirthDate, Date, Instant, Timezone

instant = TypeAdapter(Instant).validate_python
day = TypeAdapter(Date).validate_python
birth_date = TypeAdapter(BirthDate).validate_python
zone = TypeAdapter(Timezone).validate_python


@pytest.mark.parametrize(
	("text", "utc"),
	[
		("2026-03-02T09:00:00+02:00", "2026-03-02T07:00:00+00:00"),
		("2026-03-02T09:00:00Z", "2026-03-02T09:00:00+00:00"),
		("2026-03-02t09:00:00z", "2026-03-02T09:00:00+00:00"),
		("2026-03-02T09:00Z", "2026-03-02T09:00:00+00:00"),
		("2026-03-02T09:00:00+0200", "2026-03-02T07:00:00+00:00"),
		("2026-03-02T09:00:00-09:30", "2026-03-02T18:30:00+00:00"),
		("2026-03-02T09:00:00.000001Z", "2026-03-02T09:00:00.000001+00:00"),
		("2026-03-02T09:00:00.5Z", "2026-03-02T09:00:00.500000+00:00"),
		("2024-02-29T23:59:59+14:00", "2024-02-29T09:59:59+00:00"),
	],
)
def test_an_instant_with_an_offset_is_one_moment(text, utc):
	"""TI-9: Z and any offset, to the microsecond (TI-8)."""
	assert instant(text).isoformat() == utc


@pytest.mark.parametrize(
	"text",
	[
		"2026-03-02T09:00:00",
		"2026-03-02T09:00",
		"2026-03-02",
		"2026-03-02 09:00:00Z",
		"2026-03-02T09:00:00 02:00",
		"2026-03-02T09:00:00+2",
		"2026-03-02T09:00:00+25:00",
		"2026-03-02T09:00:00+02:60",
		"2026-03-02T24:00:00Z",
		"2026-03-02T09:60:00Z",
		"2026-03-02T09:00:60Z",
		"2026-02-29T09:00:00Z",
		"2026-13-01T09:00:00Z",
		"2026-03-02T09:00:00.0000001Z",
		"2026-03-02T09:00:00Z\n",
		"0000-01-01T00:00:00Z",
		"0001-01-01T00:00:00Z",
		"0001-01-01T00:00:00+14:00",
		"9999-12-31T23:59:59Z",
		"9999-12-31T23:59:59-14:00",
		"12026-03-02T09:00:00Z",
		"２０２６-03-02T09:00:00Z",
		"2026-W10-1T09:00:00Z",
		"1772442000",
		"now",
		"",
		1772442000,
		True,
		None,
		["2026-03-02T09:00:00Z"],
		datetime(2026, 3, 2, 9),
	],
)
def test_what_is_not_one_moment_is_refused(text):
	"""TI-9: naive, year 1 and 9999, and what only looks like an instant."""
	with pytest.raises(ValidationError):
		instant(text)


@given(
	st.datetimes(min_value=datetime(3, 1, 1), max_value=datetime(9997, 12, 31)),
	st.integers(-14 * 60, 14 * 60),
)
def test_every_moment_comes_through_unchanged(local, offset_minutes):
	"""TI-9: any moment in any whole-minute offset."""
	written = local.replace(tzinfo=timezone(timedelta(minutes=offset_minutes)))
	read = instant(written.isoformat())
	assert read == written
	assert read.utcoffset() == timedelta(0)
	assert read + timedelta(days=365) > read - timedelta(days=365)


@given(st.text(max_size=40))
def test_any_other_text_is_refused_politely(text):
	"""TI-9: never another error than the field's."""
	for check in (instant, day, zone):
		try:
			check(text)
		except ValidationError:
			continue


def test_a_date_is_a_date():
	"""SE-3: YYYY-MM-DD and nothing else."""
	assert day("2024-02-29") == date(2024, 2, 29)
	for text in ("2026-02-29", "2026-2-3", "20260203", "0001-01-01", "9999-12-31", "2026-03-02T00:00:00Z", 5):
		with pytest.raises(ValidationError):
			day(text)


def test_a_birth_date_is_somebodys_who_lives():
	"""PT-1, SE-3: not to come, and not of another century's people."""
	for days in (0, 120 * 365):
		born = date.today() - timedelta(days=days)
		assert birth_date(born.isoformat()) == born
	for days in (-30, 140 * 366):
		with pytest.raises(ValidationError):
			birth_date((date.today() - timedelta(days=days)).isoformat())


def test_a_zone_is_one_of_the_known():
	"""IN-9: no path, no offset, no abbreviation that isn't IANA's."""
	assert zone("Europe/Bucharest") == "Europe/Bucharest"
	for text in (
		"",
		"../../etc/passwd",
		"/etc/localtime",
		"europe/bucharest",
		"+02:00",
		"Mars/Base",
		["UTC"],
	):
		with pytest.raises(ValidationError):
			zone(text)
