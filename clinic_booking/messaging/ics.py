"""A visit as a calendar file (RFC 5545, 5546): plain values in, bytes out, no Frappe.

Calendars know an event by its UID and take a file only when its SEQUENCE is not lower than what they
have, so that one file follows the other through moves to the cancellation.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vUri

from clinic_booking.scheduling import walltime
from clinic_booking.scheduling.interval import MINUTE, UTC, minutes_from

TENTATIVE, CONFIRMED, CANCELLED = "TENTATIVE", "CONFIRMED", "CANCELLED"
CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Clinic Booking//Clinic Booking//EN"
# How far around a visit its zone is written out: calendars look at the rules before it, too.
AROUND = timedelta(days=366)
LINE_BREAKS = ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")


@dataclass(frozen=True)
class Visit:
	"""What a calendar is told of one visit.

	`uid` and what it names never change, `sequence` rises with every change (RFC 5545 §3.8.7.4).
	`starts_at`, `ends_at`, `changed_at` are aware; `timezone` is the IANA zone to show them in. `status` is one
	of the three above. `url` opens the booking to whoever has it: for the patient's own file only. `attendee` is
	the address of the e-mail that brings the file.
	"""

	uid: str
	sequence: int
	starts_at: datetime
	ends_at: datetime
	timezone: str
	status: str
	summary: str
	location: str
	description: str
	changed_at: datetime
	organizer_name: str
	organizer_email: str | None = None
	url: str | None = None
	attendee: str | None = None


def write(visit: Visit, now: datetime) -> bytes:
	"""The file, UTF-8. `now` is aware.

	METHOD is CANCEL for a cancelled visit. Else REQUEST where it comes by e-mail to an attendee, as calendars
	follow only those by themselves (RFC 5546 §3.2.2), and they need an organizer; PUBLISH for a download.
	"""
	calendar = Calendar()
	calendar.add("VERSION", "2.0")
	calendar.add("PRODID", PRODUCT)
	calendar.add("METHOD", method(visit))
	if all(_says_when(instant, visit.timezone) for instant in (visit.starts_at, visit.ends_at)):
		zone = walltime.zone(visit.timezone)
		calendar.add_component(_zone(visit.timezone, visit.starts_at, visit.ends_at))
	else:
		zone = UTC
	calendar.add_component(_event(visit, zone, now))
	return calendar.to_ical()


def method(visit: Visit) -> str:
	if visit.status == CANCELLED:
		return "CANCEL"
	return "REQUEST" if visit.attendee and visit.organizer_email else "PUBLISH"


def _event(visit: Visit, zone, now: datetime) -> Event:
	event = Event()
	event.add("UID", visit.uid)
	event.add("SEQUENCE", visit.sequence)
	event.add("DTSTAMP", _whole_second(now))
	event.add("LAST-MODIFIED", _whole_second(visit.changed_at))
	event.add("DTSTART", visit.starts_at.astimezone(zone))
	event.add("DTEND", visit.ends_at.astimezone(zone))
	event.add("STATUS", visit.status)
	event.add("TRANSP", "TRANSPARENT" if visit.status == CANCELLED else "OPAQUE")
	# Calendars are shared with families and colleagues: others see that the time is taken, not by what.
	event.add("CLASS", "PRIVATE")
	event.add("SUMMARY", _line(visit.summary))
	event.add("LOCATION", _text(visit.location))
	event.add("DESCRIPTION", _text(visit.description))
	if visit.organizer_email:
		organizer = vCalAddress(f"mailto:{_line(visit.organizer_email)}")
		organizer.params["CN"] = _line(visit.organizer_name)
		event.add("ORGANIZER", organizer)
	if visit.attendee and visit.organizer_email:
		attendee = vCalAddress(f"mailto:{_line(visit.attendee)}")
		# They have booked it themselves: nobody is to answer.
		attendee.params["PARTSTAT"], attendee.params["RSVP"] = "ACCEPTED", "FALSE"
		event.add("ATTENDEE", attendee)
	if visit.url:
		event.add("URL", vUri(_line(visit.url)))
	return event


def _says_when(instant: datetime, timezone: str) -> bool:
	"""Whether a wall clock alone names this instant: of two equal readings it means the first (§3.3.5)."""
	shown = walltime.local(instant, timezone)
	return walltime.to_utc(shown.date(), shown.time(), timezone)[0] == instant


def _zone(timezone: str, start: datetime, end: datetime) -> Timezone:
	"""The zone's offsets around a visit, each from the wall clock before it on (§3.6.5).

	Written here: icalendar gives the onset of summer time on the clock after it, an hour late.
	"""
	found = walltime.stretches(timezone, minutes_from(start - AROUND), minutes_from(end + AROUND))
	component = Timezone()
	component.add("TZID", timezone)
	before = found[0][2]
	for begin, _end, offset in found:
		component.add_component(_observance(timezone, begin, before, offset))
		before = offset
	return component


def _observance(timezone: str, begin: int, before: int, offset: int):
	"""What holds from a minute of UTC on; `before` and `offset` are minutes ahead of UTC."""
	instant = datetime.fromtimestamp(begin * 60, UTC)
	there = instant.astimezone(walltime.zone(timezone))
	observance = TimezoneDaylight() if there.dst() else TimezoneStandard()
	observance.add("DTSTART", (instant + before * MINUTE).replace(tzinfo=None))
	observance.add("TZOFFSETFROM", before * MINUTE)
	observance.add("TZOFFSETTO", offset * MINUTE)
	observance.add("TZNAME", there.tzname())
	return observance


def _whole_second(instant: datetime) -> datetime:
	return instant.astimezone(UTC).replace(microsecond=0)


def _line(text: str) -> str:
	"""One line: what would end it is a space."""
	return " ".join(_text(text).split("\n"))


def _text(text: str) -> str:
	"""Line breaks of every kind as one, and no other control characters: some readers end a line at them."""
	for line_break in LINE_BREAKS:
		text = text.replace(line_break, "\n")
	return "".join(
		letter for letter in text if letter in "\n\t" or unicodedata.category(letter) != "Cc"
	).strip()
