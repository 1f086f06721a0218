"""Several zones in one answer, and wall clocks: TI-9, TI-11, AV-8."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from clinic_booking.scheduling import walltime
from clinic_booking.scheduling.free import free, free_starts, next_free
from clinic_booking.scheduling.offer import make_offer

from .builders import MONDAY, UTC, at, calendar, day_after, hours, place, starts, visit

NOW = at("2026-02-25 00:00")
TWO = (place("north", "Europe/Bucharest"), place("south", "America/New_York"))
HOURS = hours("8-10", [0], "north") + hours("8-10", [0], "south")


def test_each_clinic_s_hours_are_its_own_wall_clock():
	"""TI-11: 8:00 in Bucharest and 8:00 in New York are 7 hours apart; the visitor in Tokyo sees both."""
	days = free_starts(
		calendar(HOURS, TWO, grid_minutes=60), visit(), "", NOW, MONDAY, day_after(MONDAY), "Asia/Tokyo"
	)
	assert [(slot.start.isoformat(), slot.clinic) for day in days for slot in day.slots] == [
		("2026-03-02T15:00:00+09:00", "north"),
		("2026-03-02T16:00:00+09:00", "north"),
		("2026-03-02T22:00:00+09:00", "south"),
		("2026-03-02T23:00:00+09:00", "south"),
	]


def test_days_are_the_asked_zone_s():
	"""TI-11: what is Monday morning at the clinic is Sunday evening in Honolulu and Monday in Auckland."""
	facts = calendar(hours("8-9", [0]), (place(),))
	for zone, day in (("Pacific/Honolulu", date(2026, 3, 1)), ("Pacific/Auckland", MONDAY)):
		days = free_starts(facts, visit(), "", NOW, date(2026, 2, 28), date(2026, 3, 3), zone)
		assert [d.date for d in days if d.state == "open"] == [day]


def test_same_instants_whatever_the_visitor_s_zone():
	"""TI-11: zones group and show, they don't change what is offered."""
	facts = calendar(HOURS, TWO)
	answers = {
		zone: [
			(slot.start.astimezone(UTC), slot.clinic)
			for day in free_starts(facts, visit(), "", NOW, date(2026, 2, 27), date(2026, 3, 10), zone)
			for slot in day.slots
		]
		for zone in ("UTC", "Pacific/Kiritimati", "Pacific/Niue", "Asia/Kathmandu")
	}
	assert len({tuple(answer) for answer in answers.values()}) == 1
	assert len(answers["UTC"]) == 20


def test_one_clinic_asked():
	"""AV-7: the others are left out, of the slots and of the days' states."""
	facts = calendar(HOURS, TWO, grid_minutes=60)
	(day,) = free_starts(facts, visit(), "", NOW, MONDAY, MONDAY, "UTC", clinic="south")
	assert [slot.clinic for slot in day.slots] == ["south", "south"]
	(day,) = free_starts(facts, visit(), "", NOW, MONDAY, MONDAY, "UTC", clinic="west")
	assert day.state == "closed"
	full = [(0, 10**9)]
	only_north = calendar(hours("8-10", [0], "north"), TWO)
	(day,) = free_starts(only_north, visit(), full, NOW, MONDAY, MONDAY, "UTC", clinic="south")
	assert day.state == "closed"


def test_same_time_at_two_clinics_is_offered_for_each():
	"""AV-7: by time, then in the order of the doctor's clinics."""
	clinics = (place("south", "UTC"), place("north", "UTC"))
	facts = calendar(hours("8-9", clinic="north") + hours("8-9", clinic="south"), clinics, grid_minutes=30)
	(day,) = free_starts(facts, visit(30), "", NOW, MONDAY, MONDAY, "UTC")
	assert [(slot.start.minute, slot.clinic) for slot in day.slots] == [
		(0, "south"),
		(0, "north"),
		(30, "south"),
		(30, "north"),
	]


def test_slots_have_fixed_offsets():
	"""AV-8: so that start and end can be compared and subtracted on the days that clocks change."""
	facts = calendar(hours("0-12"), grid_minutes=60)
	slots = [
		slot
		for day in free_starts(
			facts,
			visit(90),
			"",
			at("2026-10-24 00:00"),
			date(2026, 10, 25),
			date(2026, 10, 25),
			"Europe/Bucharest",
		)
		for slot in day.slots
	]
	assert {(slot.end - slot.start).seconds for slot in slots} == {90 * 60}
	assert slots[2].start.isoformat() == "2026-10-25T02:00:00+03:00"
	assert [slot.start.isoformat() for slot in slots[3:5]] == [
		"2026-10-25T03:00:00+03:00",
		"2026-10-25T03:00:00+02:00",
	]
	assert slots[3].start != slots[4].start


def test_visit_over_a_clock_change_ends_at_the_new_offset():
	"""AV-8: an hour from 2:30 of the day clocks go forward ends at 4:30, in objects and in the text."""
	day, now = date(2026, 3, 29), at("2026-03-28 00:00")
	for zone, length, wall in (
		("Europe/Bucharest", 60, "04:30:00+03:00"),
		("Europe/Bucharest", 60, "04:00:00+03:00"),
		# Begun the day before, at 23:55, and ended as the clocks change.
		("Europe/London", 65, "02:00:00+01:00"),
	):
		facts = calendar(hours("0-12 12-24"), (place(timezone=zone),), grid_minutes=5)
		left = free(make_offer(facts, visit(length), now), "", now)
		days = left.days(day_after(day, -1), day, zone)
		assert f"{day}T{wall}" in [slot.end.isoformat() for each in days for slot in each.slots]
		assert f'"end":"{day}T{wall}"' in left.days_text(day_after(day, -1), day, zone)


@pytest.mark.parametrize(
	"name", ["", "Europe", "Europe/Atlantis", "../../etc/passwd", "/etc/passwd", "a\0b", "x" * 5000, None]
)
def test_unknown_zones(name):
	"""TI-9: whatever the text, one error that says it is no zone."""
	with pytest.raises(walltime.UnknownZone):
		walltime.zone(name)
	with pytest.raises(walltime.UnknownZone):
		free_starts(calendar(), visit(), "", NOW, MONDAY, MONDAY, name)
	with pytest.raises(walltime.UnknownZone):
		free_starts(calendar(), visit(), "", NOW, date(2020, 1, 1), date(2020, 1, 1), name)
	with pytest.raises(walltime.UnknownZone):
		next_free(calendar(), visit(), "", NOW, NOW, name)


def test_wall_time_to_utc():
	"""AV-8: ordinary, skipped, repeated; in order."""
	assert walltime.to_utc(MONDAY, time(8), "Europe/Bucharest") == [at("2026-03-02 06:00")]
	assert walltime.to_utc(date(2026, 3, 29), time(3, 30), "Europe/Bucharest") == []
	assert walltime.to_utc(date(2026, 10, 25), time(3, 30), "Europe/Bucharest") == [
		at("2026-10-25 00:30"),
		at("2026-10-25 01:30"),
	]
	assert walltime.to_utc(date(2026, 10, 25), time(3, 30, fold=1), "Europe/Bucharest")[0] == at(
		"2026-10-25 00:30"
	)


@pytest.mark.parametrize(("day", "zone"), [(date.min, "Asia/Tokyo"), (date.max, "America/New_York")])
def test_wall_times_at_the_ends_of_time(day, zone):
	"""TI-9: where UTC has no year for it, it is no instant, and no error."""
	assert walltime.to_utc(day, time(0) if day == date.min else time(23), zone) == []


def test_local():
	"""AV-8: the reading at an instant, with that instant's offset."""
	shown = walltime.local(at("2026-10-25 01:30"), "Europe/Bucharest")
	assert shown.isoformat() == "2026-10-25T03:30:00+02:00"
	assert shown.fold == 0
	assert walltime.local(at("2026-10-25 00:30"), "Europe/Bucharest") < shown


def test_exists():
	"""AV-8: false only within a gap of a zone."""
	bucharest = ZoneInfo("Europe/Bucharest")
	assert not walltime.exists(datetime(2026, 3, 29, 3, 30, tzinfo=bucharest))
	assert not walltime.exists(datetime(2026, 3, 29, 3, 30, fold=1, tzinfo=bucharest))
	for wall in ((3, 29, 2, 59), (3, 29, 4, 0), (10, 25, 3, 30)):
		assert walltime.exists(datetime(2026, *wall, tzinfo=bucharest))
		assert walltime.exists(datetime(2026, *wall, fold=1, tzinfo=bucharest))
	assert walltime.exists(at("2026-03-29 03:30"))
	assert walltime.exists(datetime.min.replace(tzinfo=ZoneInfo("Asia/Tokyo")))


def test_stretches_beyond_a_datetime_s_years():
	"""TI-9: hours valid "for ever" are asked about without an error."""
	beyond = walltime.midnight(date.max.toordinal() + 30)
	before = walltime.midnight(date.min.toordinal() - 30)
	assert walltime.stretches("Europe/Bucharest", beyond, beyond + 10)[0][:2] == (beyond, beyond + 10)
	assert walltime.stretches("Europe/Bucharest", before, before + 10)[0][:2] == (before, before + 10)


def test_missing_day():
	"""TI-1: 30 December 2011 never was in Samoa: closed, and its neighbours are whole."""
	facts = calendar(hours("0-12 12-24"), (place(timezone="Pacific/Apia"),), grid_minutes=60)
	days = free_starts(
		facts, visit(), "", at("2011-12-28 00:00"), date(2011, 12, 29), date(2011, 12, 31), "Pacific/Apia"
	)
	assert [len(day.slots) for day in days] == [24, 0, 24]
	assert days[1].state == "closed"
	assert starts(days[:1])[-1] == "23:00"


def test_date_in_two_pieces():
	"""TI-1: Newfoundland went from 00:01 back to 23:01 until 2010: the 7th had a minute before more of the 6th."""
	facts = calendar(hours("0-12 12-24"), (place(timezone="America/St_Johns"),))
	days = free_starts(
		facts, visit(15), "", at("2010-11-05 12:00"), date(2010, 11, 6), date(2010, 11, 7), "America/St_Johns"
	)
	shown = [[slot.start.isoformat()[11:] for slot in day.slots] for day in days]
	assert shown[0][-5:] == [
		"23:30:00-02:30",
		"23:45:00-02:30",
		"23:15:00-03:30",
		"23:30:00-03:30",
		"23:45:00-03:30",
	]
	assert shown[1][:3] == ["00:00:00-02:30", "00:00:00-03:30", "00:15:00-03:30"]
