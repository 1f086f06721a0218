"""The calendar file, read back by a parser and by a second telling of what its zone says."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from clinic_booking.messaging import ics

UTC = timezone.utc
NOW = datetime(2026, 11, 21, 12, 30, 15, 999, tzinfo=UTC)
START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
ZONES = (
	*("Europe/Madrid", "Europe/London", "Europe/Bucharest", "America/New_York", "America/Sao_Paulo"),
	*("Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Asia/Tehran", "UTC"),
)
TEXTS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=200)


def a_visit(start=START, length=HALF_HOUR, **given):
	values = {
		"uid": "5b9c1a52@clinic-booking",
		"sequence": 0,
		"starts_at": start,
		"ends_at": start + length,
		"timezone": "Europe/Madrid",
		"status": ics.CONFIRMED,
		"summary": "First visit, Dr. Ana Popescu",
		"location": "Sunrise Clinic, Madrid",
		"description": "Reference: ABCD2345",
		"changed_at": NOW,
		"organizer_name": "Sunrise Clinic",
	} | given
	return ics.Visit(**values)


def written(**given):
	return Calendar.from_ical(ics.write(a_visit(**given), NOW))


def event_of(calendar):
	(event,) = calendar.walk("VEVENT")
	return event


def instant(calendar, name):
	"""What DTSTART or DTEND means by the file's own zone, read as RFC 5545 §3.6.5 and §3.3.5.

	Knows nothing of the machine's zones: only the offsets that stand in the file. A wall time that comes
	twice is the first.
	"""
	value = event_of(calendar)[name]
	if "TZID" not in value.params:
		return value.dt
	(zone,) = [zone for zone in calendar.walk("VTIMEZONE") if zone["TZID"] == value.params["TZID"]]
	onsets = [
		(each["DTSTART"].dt - each["TZOFFSETFROM"].td, each["TZOFFSETTO"].td) for each in zone.subcomponents
	]
	wall = value.dt.replace(tzinfo=None)
	meant = [wall - offset for _onset, offset in onsets if offset_at(wall - offset, onsets) == offset]
	return min(meant).replace(tzinfo=UTC)


def offset_at(utc, onsets):
	"""What the last onset before an instant (naive UTC) says; None before the first."""
	return max((onset for onset in onsets if onset[0] <= utc), default=(None, None))[1]


def test_a_visit_says_what_when_and_where():
	"""BK-7: a file that calendars take, with what RFC 5546 §3.2.1 wants of a publication."""
	calendar = written(url="https://clinic.example/booking/secret", organizer_email="hello@clinic.example")
	event = event_of(calendar)
	assert (str(calendar["VERSION"]), str(calendar["METHOD"])) == ("2.0", "PUBLISH")
	assert str(event["UID"]) == "5b9c1a52@clinic-booking"
	assert str(event["SUMMARY"]) == "First visit, Dr. Ana Popescu"
	assert str(event["LOCATION"]) == "Sunrise Clinic, Madrid"
	assert str(event["STATUS"]) == "CONFIRMED"
	assert str(event["ORGANIZER"]) == "mailto:hello@clinic.example"
	assert event["ORGANIZER"].params["CN"] == "Sunrise Clinic"
	assert str(event["URL"]) == "https://clinic.example/booking/secret"
	assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == NOW.replace(microsecond=0)
	assert "ATTENDEE" not in event


def test_without_a_link_nothing_opens_the_booking():
	"""NT-6: a file that others may get holds no address with a token."""
	assert "URL" not in event_of(written())


def test_cancelled_visit_takes_the_event_away():
	"""NT-2: METHOD CANCEL and STATUS CANCELLED, for the same UID; the time is free again."""
	calendar = written(status=ics.CANCELLED, sequence=3)
	event = event_of(calendar)
	assert str(calendar["METHOD"]) == "CANCEL"
	assert (str(event["STATUS"]), str(event["TRANSP"]), event["SEQUENCE"]) == ("CANCELLED", "TRANSPARENT", 3)
	assert str(event["UID"]) == str(event_of(written())["UID"])


def test_requested_visit_is_tentative():
	"""BK-5: what the doctor has still to take."""
	assert str(event_of(written(status=ics.TENTATIVE))["STATUS"]) == "TENTATIVE"


HOSTILE = "a\r\nATTENDEE:mailto:x@evil.example\rSUMMARY:b\nBEGIN:VALARM\u2028c\u2029d\x85e\x0bf\x0cg\x00h\x1b"


@pytest.mark.parametrize("field", ["summary", "location", "description", "organizer_name", "url"])
def test_line_breaks_in_a_text_start_no_line_of_the_file(field):
	"""IN-8: whichever kind of break it is, no line of the file begins with what was typed."""
	given = {"organizer_email": "a@clinic.example", field: HOSTILE}
	text = ics.write(a_visit(**given), NOW).decode()
	lines = text.replace("\r\n ", "").splitlines()
	assert not [line for line in lines if line.startswith(("ATTENDEE", "BEGIN:VALARM", "SUMMARY:b"))]
	assert len(Calendar.from_ical(text).walk("VEVENT")) == 1
	assert not Calendar.from_ical(text).walk("VALARM")
	assert lines == text.replace("\r\n ", "").rstrip("\r\n").split("\r\n")


def test_commas_semicolons_and_backslashes_stay():
	"""IN-8: what separates values in the format is a letter in a text."""
	text = 'Ear, nose; throat \\ "quoted": 50% \\n no break'
	event = event_of(written(summary=text, location=text, description=f"{text}\n{text}"))
	assert str(event["SUMMARY"]) == str(event["LOCATION"]) == text
	assert str(event["DESCRIPTION"]) == f"{text}\n{text}"


def test_long_lines_are_folded_between_letters():
	"""IN-8: no line longer than 75 octets, and none that ends within a letter."""
	text = "Ștefăniță 👩🏽‍⚕️ " * 40
	file = ics.write(a_visit(summary=text), NOW)
	for line in file.split(b"\r\n"):
		assert len(line) <= 75
		line.decode()
	assert str(event_of(Calendar.from_ical(file))["SUMMARY"]) == text.strip()


@given(summary=TEXTS, location=TEXTS, description=TEXTS, organizer_name=TEXTS)
def test_every_text_comes_back(**texts):
	"""IN-8: any letters: one event, its lines CRLF and short, the same visible text when read."""
	file = ics.write(a_visit(**texts, organizer_email="hello@clinic.example"), NOW)
	assert file.count(b"\n") == file.count(b"\r\n") == file.count(b"\r")
	assert all(len(line) <= 75 for line in file.split(b"\r\n"))
	event = event_of(Calendar.from_ical(file))
	assert str(event["UID"]) == "5b9c1a52@clinic-booking"
	assert str(event["DESCRIPTION"]) == shown(texts["description"])
	assert str(event["SUMMARY"]) == shown(texts["summary"]).replace("\n", " ")
	assert str(event["LOCATION"]) == shown(texts["location"])


def shown(text):
	"""A text as anybody sees it: breaks are breaks, other controls are nothing."""
	lines = text.replace("\x1c", "").replace("\x1d", "").replace("\x1e", "").splitlines()
	return "\n".join(
		"".join(c for c in line if c == "\t" or c.isprintable() or ord(c) > 0x9F) for line in lines
	).strip()


@given(
	zone=st.sampled_from(ZONES),
	start=st.datetimes(datetime(2024, 1, 1), datetime(2029, 12, 31)),
	length=st.integers(2, 48),
)
def test_the_instants_are_those_of_the_visit(zone, start, length):
	"""TI-13: read by the zone in the file alone, start and end are the instants that were booked."""
	start = start.replace(second=0, microsecond=0, tzinfo=UTC)
	end = start + timedelta(minutes=5 * length)
	calendar = written(start=start, length=end - start, timezone=zone)
	assert (instant(calendar, "DTSTART"), instant(calendar, "DTEND")) == (start, end)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_hours_around_every_change_of_the_clocks(zone, year):
	"""TI-13, TI-1: also for visits in the hours next to a change, and in the hour that comes twice."""
	for change in changes(zone, year):
		for minutes in range(-180, 181, 15):
			start = change + timedelta(minutes=minutes)
			calendar = written(start=start, timezone=zone)
			assert instant(calendar, "DTSTART") == start
			assert instant(calendar, "DTEND") == start + HALF_HOUR
			parsed = event_of(calendar)["DTSTART"].dt
			assert parsed.astimezone(UTC) == start


def changes(zone, year):
	at, found = datetime(year, 1, 1, tzinfo=UTC), []
	while at.year == year:
		later = at + timedelta(minutes=30)
		if at.astimezone(ZoneInfo(zone)).utcoffset() != later.astimezone(ZoneInfo(zone)).utcoffset():
			found.append(later)
		at = later
	return found


def test_zone_is_written_as_the_standard_has_it():
	"""TI-13: onsets on the wall clock before the change (RFC 5545 §3.6.5), so 02:00 and 03:00 in Madrid."""
	(zone,) = written(start=datetime(2026, 3, 29, 1, 30, tzinfo=UTC)).walk("VTIMEZONE")
	onsets = {each["DTSTART"].dt: each.name for each in zone.subcomponents}
	assert onsets[datetime(2026, 3, 29, 2)] == "DAYLIGHT"
	assert onsets[datetime(2026, 10, 25, 3)] == "STANDARD"


def test_hour_that_comes_twice_is_told_in_utc():
	"""TI-13: a wall time of that hour means the first (RFC 5545 §3.3.5), so the second can't be one."""
	first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
	second = first + timedelta(hours=1)
	assert (
		event_of(written(start=first, length=timedelta(minutes=15)))["DTSTART"].params["TZID"]
		== "Europe/Madrid"
	)
	calendar = written(start=second)
	assert "TZID" not in event_of(calendar)["DTSTART"].params
	assert not calendar.walk("VTIMEZONE")
