"""How soon and how far ahead, and instants of every sort: AV-6, TI-7 to TI-10."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from clinic_booking.scheduling.free import free_starts
from clinic_booking.scheduling.refusal import HORIZON, NOTICE, OFF_GRID, PAST, why_not

from .builders import BUCHAREST, MONDAY, UTC, at, calendar, day_after, hours, place, starts, visit

ALL_DAY = hours("0-12 12-24")
SECOND = timedelta(seconds=1)


def facts(**more):
	return calendar(ALL_DAY, (place(timezone="UTC"),), grid_minutes=60, **more)


def code(refusal):
	return refusal and refusal.code


def test_exactly_now():
	"""TI-7: without notice a visit may start this very instant, and not a microsecond earlier."""
	start = at("2026-03-02 10:00")
	assert why_not(facts(), visit(), "", start, start) is None
	assert code(why_not(facts(), visit(), "", start, start + timedelta(microseconds=1))) == PAST
	assert starts(free_starts(facts(), visit(), "", start, MONDAY, MONDAY, "UTC"))[0] == "10:00"
	later = start + timedelta(microseconds=1)
	assert starts(free_starts(facts(), visit(), "", later, MONDAY, MONDAY, "UTC"))[0] == "11:00"


def test_one_second_inside_the_notice():
	"""TI-7: exactly 120 minutes ahead is offered, a second less is refused with the first instant allowed."""
	calendar_ = facts(notice_minutes=120)
	now = at("2026-03-02 08:00")
	assert why_not(calendar_, visit(), "", at("2026-03-02 10:00"), now) is None
	assert starts(free_starts(calendar_, visit(), "", now, MONDAY, MONDAY, "UTC"))[0] == "10:00"
	refusal = why_not(calendar_, visit(), "", at("2026-03-02 10:00"), now + SECOND)
	assert (refusal.code, refusal.limit) == (NOTICE, at("2026-03-02 10:00:01"))
	assert starts(free_starts(calendar_, visit(), "", now + SECOND, MONDAY, MONDAY, "UTC"))[0] == "11:00"


def test_one_day_past_the_horizon():
	"""TI-7: 30 times 24 hours ahead is the last start; a second, an hour, a day later is refused."""
	now = at("2026-03-02 10:00")
	last = at("2026-04-01 10:00")
	assert why_not(facts(), visit(), "", last, now) is None
	for later in (SECOND, timedelta(hours=1), timedelta(days=1)):
		refusal = why_not(facts(), visit(), "", last + later, now)
		assert (refusal.code, refusal.limit) == (HORIZON, last)
	day = date(2026, 4, 1)
	days = free_starts(facts(), visit(), "", now, day, day_after(day), "UTC")
	assert [starts(days[:1])[-1], days[1].state] == ["10:00", "closed"]
	assert starts(free_starts(facts(), visit(), "", now - SECOND, day, day, "UTC"))[-1] == "09:00"


def test_horizon_and_notice_are_elapsed_time():
	"""TI-7: a day's notice over a change of the clocks is 24 hours, not the same wall time, whatever zone now is in."""
	calendar_ = calendar(ALL_DAY, notice_minutes=24 * 60, horizon_days=2, grid_minutes=60)
	now = datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo(BUCHAREST))
	assert code(why_not(calendar_, visit(), "", at("2026-03-29 09:00"), now)) == NOTICE
	assert why_not(calendar_, visit(), "", at("2026-03-29 10:00"), now) is None
	assert why_not(calendar_, visit(), "", at("2026-03-30 10:00"), now) is None
	assert code(why_not(calendar_, visit(), "", at("2026-03-30 11:00"), now)) == HORIZON
	same_zone = datetime(2026, 3, 29, 12, 0, tzinfo=ZoneInfo(BUCHAREST))
	assert code(why_not(calendar_, visit(), "", same_zone, now)) == NOTICE


def test_visit_itself_may_end_beyond_the_horizon():
	"""AV-6: notice and horizon are about the start."""
	now = at("2026-03-02 10:00")
	assert why_not(facts(horizon_days=1), visit(240), "", at("2026-03-03 10:00"), now) is None


def test_notice_beyond_the_horizon_leaves_nothing():
	"""TI-7: a doctor with more notice than horizon offers nothing, and every day is closed."""
	days = free_starts(
		facts(notice_minutes=3000, horizon_days=2),
		visit(),
		"",
		at("2026-03-01 00:00"),
		MONDAY,
		day_after(MONDAY, 3),
		"UTC",
	)
	assert [(day.state, day.slots) for day in days] == [("closed", ())] * 4


def test_no_horizon_is_now_only():
	"""TI-7: with a horizon of 0 days nothing but this instant."""
	now = at("2026-03-02 10:00")
	assert starts(free_starts(facts(horizon_days=0), visit(), "", now, MONDAY, MONDAY, "UTC")) == ["10:00"]


@pytest.mark.parametrize(
	"off",
	[timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=-15), SECOND, timedelta(microseconds=1)],
)
def test_off_the_grid(off):
	"""TI-8: by a minute, five, a quarter, a second, a microsecond: refused, earlier or later."""
	now = at("2026-03-02 00:00")
	for start in (at("2026-03-02 10:00") + off, at("2026-03-02 10:00") - off):
		assert code(why_not(facts(), visit(), "", start, now)) == OFF_GRID


def test_naive_instants_are_an_error():
	"""TI-9: without an offset there is no instant; nothing is guessed."""
	naive = datetime(2026, 3, 2, 10, 0)
	for start, now in ((naive, at("2026-03-02 00:00")), (at("2026-03-02 10:00"), naive)):
		with pytest.raises(ValueError, match="aware"):
			why_not(facts(), visit(), "", start, now)


@pytest.mark.parametrize("offset", [-12, -3.5, 0, 2, 5.75, 14])
def test_any_offset_names_the_same_instant(offset):
	"""TI-9: Z or any offset, right or wrong for the clinic: the instant counts."""
	shifted = at("2026-03-02 10:00").astimezone(timezone(timedelta(hours=offset)))
	assert why_not(facts(), visit(), "", shifted, at("2026-03-02 00:00")) is None
	assert code(why_not(facts(), visit(), "", shifted.replace(minute=7), at("2026-03-02 00:00"))) == OFF_GRID


@pytest.mark.parametrize("offset", [-12, 0, 14])
def test_years_1_and_9999(offset):
	"""TI-9: the first and last instants there are, are past and beyond the horizon; the desk can't change that."""
	zone, now = timezone(timedelta(hours=offset)), at("2026-03-02 00:00")
	everything = frozenset({PAST, HORIZON, NOTICE})
	for overriding in (frozenset(), everything):
		first = datetime.min.replace(tzinfo=zone)
		assert code(why_not(facts(), visit(), "", first, now, overriding=overriding)) == PAST
		refusal = why_not(facts(), visit(), "", datetime.max.replace(tzinfo=zone), now, overriding=overriding)
		assert (refusal.code, refusal.limit) == (HORIZON, at("2026-04-01 00:00"))


def test_dates_of_years_1_and_9999():
	"""TI-9: dates at either end of time are closed days."""
	for day in (date.min, date.max):
		(answer,) = free_starts(facts(), visit(), "", at("2026-03-02 00:00"), day, day, "Pacific/Auckland")
		assert (answer.date, answer.state) == (day, "closed")


def test_range_of_one_day_and_of_none():
	"""TI-10: both dates are included; a reversed range has no days."""
	now = at("2026-03-02 00:00")
	assert [day.date for day in free_starts(facts(), visit(), "", now, MONDAY, MONDAY, "UTC")] == [MONDAY]
	for last in (day_after(MONDAY, -1), day_after(MONDAY, -400)):
		assert free_starts(facts(), visit(), "", now, MONDAY, last, "UTC") == []


def test_range_of_ten_years():
	"""TI-10: every date is answered; those past and beyond the horizon are closed."""
	now = at("2026-03-02 12:00")
	days = free_starts(facts(), visit(), "", now, date(2021, 1, 1), date(2030, 12, 31), "UTC")
	assert len(days) == 3652
	assert [day.date for day in days if day.state != "closed"] == [day_after(MONDAY, n) for n in range(31)]


def test_past_days_are_closed_and_today_is_what_is_left():
	"""AV-6: yesterday is closed; of today the hours to come remain; hours already gone by leave it closed."""
	facts_ = calendar(hours("8-12"), (place(timezone="UTC"),), grid_minutes=60)
	yesterday = day_after(MONDAY, -1)
	days = free_starts(facts_, visit(), "", at("2026-03-02 09:30"), yesterday, MONDAY, "UTC")
	assert [day.state for day in days] == ["closed", "open"]
	assert starts(days[1:]) == ["10:00", "11:00"]
	for now, state in (("11:30", "full"), ("11:55", "full"), ("11:56", "closed"), ("13:00", "closed")):
		(today,) = free_starts(facts_, visit(), "", at(f"2026-03-02 {now}"), MONDAY, MONDAY, "UTC")
		assert today.state == state


def test_full_and_closed_days():
	"""AV-7: everything claimed is full, no hours is closed, hours too short for the visit are full."""
	facts_ = calendar(hours("8-12", [0]), (place(timezone="UTC"),))
	now = at("2026-03-01 00:00")
	all_of_it = [(minutes, minutes + 240) for minutes in [int(at("2026-03-02 08:00").timestamp()) // 60]]
	states = [
		day.state
		for claims, length in ((all_of_it, 60), ("", 60), ("", 240), ("", 245 - 5), ("", 300))
		for day in free_starts(facts_, visit(length), claims, now, MONDAY, MONDAY, "UTC")
	]
	assert states == ["full", "open", "open", "open", "full"]
	(tuesday,) = free_starts(facts_, visit(), "", now, day_after(MONDAY), day_after(MONDAY), "UTC")
	assert tuesday.state == "closed"


def test_offline_doctor_offers_nothing():
	"""AV-9: every day is closed, and the reason is given."""
	now = at("2026-03-01 00:00")
	(day,) = free_starts(facts(online=False), visit(), "", now, MONDAY, MONDAY, "UTC")
	assert (day.state, day.slots) == ("closed", ())
	assert code(why_not(facts(online=False), visit(), "", at("2026-03-02 10:00"), now)) == "offline"


def test_now_may_be_in_any_zone():
	"""TI-9: the same now in three zones is the same answer."""
	now = at("2026-03-02 07:03:10")
	answers = [
		free_starts(facts(), visit(), "", now.astimezone(zone), MONDAY, MONDAY, "UTC")
		for zone in (UTC, ZoneInfo(BUCHAREST), timezone(timedelta(hours=-7)))
	]
	assert answers[0] == answers[1] == answers[2]
	assert starts(answers[0])[0] == "08:00"
