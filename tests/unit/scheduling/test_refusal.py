"""Why a time is not offered: AV-14, with the facts of each reason."""

from dataclasses import replace

import pytest

from clinic_booking.scheduling.claims import Claim
from clinic_booking.scheduling.interval import Interval, minutes_from
from clinic_booking.scheduling.refusal import CODES, DESK_MAY_OVERRIDE, Refusal, overruled, why_not

from .builders import MONDAY, at, calendar, claim, closed, day_after, hours, opened, place, visit

NOW = at("2026-03-01 00:00")
NINE = at("2026-03-02 09:00")
UTC_PLACE = (place(timezone="UTC"),)


def facts(blocks=None, clinics=UTC_PLACE, **more):
	return calendar(hours("8-12") if blocks is None else blocks, clinics, **more)


def test_offered():
	"""AV-14: nothing speaks against it."""
	assert why_not(facts(), visit(), "", NINE, NOW) is None


@pytest.mark.parametrize("start", ["07:45", "11:15", "12:00", "20:00"])
def test_outside_opening_hours(start):
	"""AV-14: before, running over the end, at the end, after."""
	assert why_not(facts(), visit(), "", at(f"2026-03-02 {start}"), NOW) == Refusal("closed", "north")


def test_holiday():
	"""AV-14: its date is told, also where the visit only runs into it."""
	tuesday = day_after(MONDAY)
	night = facts(hours("22-2"), (place(timezone="UTC", holidays=frozenset({tuesday})),))
	for start in ("2026-03-02 23:30", "2026-03-03 00:30"):
		assert why_not(night, visit(), "", at(start), NOW) == Refusal("holiday", "north", holiday=tuesday)
	assert why_not(night, visit(), "", at("2026-03-02 23:00"), NOW) is None


def test_closed_exceptions():
	"""AV-14: one of the clinic or one of the doctor, with the exception itself."""
	for clinic, code in (("north", "clinic_closed"), (None, "closed")):
		shut = replace(closed(MONDAY, "9:30-11", clinic=clinic), name="EXC-1")
		other = closed(MONDAY, "8-12", clinic="elsewhere")
		after = closed(day_after(MONDAY), "8-12")
		refusal = why_not(facts(overrides=(other, after, shut)), visit(), "", NINE, NOW)
		assert refusal == Refusal(code, "north", override=shut)
		assert why_not(facts(overrides=(other, after, shut)), visit(30), "", NINE, NOW) is None
		assert why_not(facts(overrides=(shut,)), visit(), "", at("2026-03-02 11:00"), NOW) is None
	assert (
		why_not(facts(overrides=(opened(MONDAY, "13-14"),)), visit(), "", at("2026-03-02 13:00"), NOW) is None
	)


def test_closed_date_from_its_first_minute():
	"""AV-14: midnight belongs to the closed date that it begins."""
	shut = closed(MONDAY)
	night = facts(hours("0-2"), overrides=(shut,))
	assert why_not(night, visit(), "", at("2026-03-02 00:00"), NOW).override == shut
	assert why_not(night, visit(), "", at("2026-03-03 00:00"), NOW) is None


def test_first_closed_minute_gives_the_reason():
	"""AV-14: a visit from before opening into an exception is outside opening hours first."""
	shut = closed(MONDAY, "8-9")
	assert why_not(facts(overrides=(shut,)), visit(), "", at("2026-03-02 07:30"), NOW) == Refusal(
		"closed", "north"
	)
	assert why_not(facts(overrides=(shut,)), visit(), "", at("2026-03-02 08:30"), NOW).override == shut


def test_cell_cut_by_a_clock_change_has_two_readings():
	"""AV-14, TI-1: 00:00 to 00:05 of which four minutes are 23:01 to 23:05 of the day before, a holiday."""
	day = MONDAY.replace(year=2010, month=11, day=6)
	place_ = place(timezone="America/St_Johns", holidays=frozenset({day}))
	start = at("2010-11-07 02:30")
	refusal = why_not(facts(hours("0-12 12-24"), (place_,)), visit(10), "", start, at("2010-11-05 00:00"))
	assert refusal == Refusal("holiday", "north", holiday=day)
	minutes = closed(day, "23-23:05")
	place_ = place(timezone="America/St_Johns")
	night = facts(hours("0-12 12-24"), (place_,), overrides=(minutes,))
	assert why_not(night, visit(10), "", start, at("2010-11-05 00:00")).override == minutes
	ahead = frozenset({day_after(day)})
	place_ = place(timezone="America/St_Johns", holidays=ahead)
	refusal = why_not(facts(hours("0-12 12-24"), (place_,)), visit(10), "", start, at("2010-11-05 00:00"))
	assert refusal == Refusal("holiday", "north", holiday=day_after(day))


def test_taken_and_buffer():
	"""AV-14: the visit itself on another's time, or only their buffers; with the claim."""
	booked = Claim(minutes_from(NINE) - 5, minutes_from(NINE) + 40, 5, 10)
	interval = Interval(at("2026-03-02 08:55"), at("2026-03-02 09:40"))

	def asked(start, *buffers, claims=(booked,)):
		return why_not(facts(grid_minutes=5), visit(20, *buffers), claims, at(f"2026-03-02 {start}"), NOW)

	assert asked("09:00") == asked("08:45") == asked("09:25") == Refusal("taken", "north", interval=interval)
	assert asked("08:40") == asked("09:30") == Refusal("buffer", "north", interval=interval)
	assert asked("08:35") is None and asked("09:40") is None
	assert asked("08:35", 0, 5) == asked("09:40", 5, 0) == Refusal("buffer", "north", interval=interval)
	assert asked("08:30", 0, 5) is None and asked("09:45", 5, 0) is None
	plain = [booked[:2]]
	assert asked("08:40", claims=plain) == Refusal("taken", "north", interval=interval)
	assert asked("08:35", 0, 5, claims=plain).code == "buffer"


def test_taken_comes_before_buffer_and_the_earliest_claim_is_told():
	"""AV-14: of several claims the one on the visit itself, else the first."""
	before, on, later = (claim(at(f"2026-03-02 {hour}"), 30) for hour in ("08:30", "09:30", "10:00"))
	found = why_not(facts(), visit(90, 15), [later, on, before], NINE, NOW)
	assert (found.code, found.interval.start) == ("taken", at("2026-03-02 09:30"))
	found = why_not(facts(), visit(30, 15, 45), [later, on, before], NINE, NOW)
	assert (found.code, found.interval.start) == ("buffer", at("2026-03-02 08:30"))


def test_outside_busy_time():
	"""AV-14: busy elsewhere, also where only the visit's buffer meets it; a claim is told first."""
	busy = [claim(at("2026-03-02 10:00"), 60)]
	interval = Interval(at("2026-03-02 10:00"), at("2026-03-02 11:00"))
	found = why_not(facts(), visit(60, 0, 5), "", NINE, NOW, outside=busy)
	assert found == Refusal("busy", "north", interval=interval)
	assert why_not(facts(), visit(60), "", NINE, NOW, outside=busy) is None
	assert why_not(facts(), visit(60, 0, 5), busy, NINE, NOW, outside=busy).code == "buffer"


def test_no_room():
	"""AV-14, AV-15: every room of the clinic taken, or none there."""
	taken, free = [claim(NINE, 5)], ""
	for rooms in ({"north": [taken, taken]}, {"north": []}, {}, {"south": [free]}):
		assert why_not(facts(), visit(), "", NINE, NOW, rooms=rooms) == Refusal("no_room", "north")
	for rooms in ({"north": [taken, free]}, {"north": [free]}, None):
		assert why_not(facts(), visit(), "", NINE, NOW, rooms=rooms) is None


def test_wrong_clinic():
	"""AV-14: one where the doctor doesn't work, or works at another time; then it is told where."""
	clinics = (place("north", "UTC"), place("south", "UTC"), place("west", "UTC"))
	blocks = hours("8-12", clinic="north") + hours("14-18", clinic="south")
	assert why_not(facts(blocks, clinics), visit(), "", NINE, NOW, "east") == Refusal("wrong_clinic", "east")
	assert why_not(facts(blocks, clinics), visit(), "", NINE, NOW, "south") == Refusal(
		"wrong_clinic", "north"
	)
	at_two = at("2026-03-02 14:00")
	assert why_not(facts(blocks, clinics), visit(), "", at_two, NOW, "north") == Refusal(
		"wrong_clinic", "south"
	)
	assert why_not(facts(blocks, clinics), visit(), "", at("2026-03-02 13:00"), NOW, "north").code == "closed"
	shut = closed(MONDAY, clinic="south")
	shut_refusal = why_not(facts(blocks, clinics, overrides=(shut,)), visit(), "", NINE, NOW, "south")
	assert shut_refusal == Refusal("clinic_closed", "south", override=shut)


def test_without_a_clinic_the_one_that_gets_furthest_answers():
	"""AV-14: taken at one is told rather than closed at the other; free at any is offered."""
	clinics = (place("north", "UTC"), place("south", "UTC"))
	blocks = hours("14-18", clinic="north") + hours("8-12", clinic="south")
	booked = [claim(NINE, 60)]
	for names in (clinics, clinics[::-1]):
		assert why_not(facts(blocks, names), visit(), booked, NINE, NOW).code == "taken"
		assert why_not(facts(blocks, names), visit(), booked, NINE, NOW).clinic == "south"
		assert why_not(facts(blocks, names), visit(), "", NINE, NOW) is None
	assert why_not(facts((), ()), visit(), "", NINE, NOW) == Refusal("wrong_clinic")


def test_equal_reasons_at_two_clinics():
	"""AV-14: the first of the doctor's clinics answers."""
	for names in (("north", "south"), ("south", "north")):
		clinics = tuple(place(name, "UTC") for name in names)
		assert why_not(facts((), clinics), visit(), "", NINE, NOW).clinic == names[0]


def test_codes():
	"""AV-14: the names that the desk and the API know."""
	assert set(CODES) == {
		*("no_such_time", "past", "notice", "horizon", "offline", "not_offered", "wrong_clinic", "holiday"),
		*("clinic_closed", "closed", "off_grid", "taken", "buffer", "busy", "no_room"),
	}


def test_order_of_reasons():
	"""AV-14: everything wrong at once, then each put right in turn: the codes come in their order."""
	from_nine = hours("8-12", clinic="north")
	wrong = {
		"calendar": facts(from_nine, online=False, notice_minutes=120, overrides=(closed(MONDAY),)),
		"busy": [claim(NINE, 60)],
		"start": at("2026-03-02 09:01"),
		"now": at("2026-03-02 10:00"),
		"outside": [claim(NINE, 60)],
		"rooms": {},
	}
	right = (
		("past", {"now": at("2026-03-02 08:00")}),
		("notice", {"now": NOW}),
		("offline", {"calendar": facts(from_nine, overrides=(closed(MONDAY),))}),
		("closed", {"calendar": facts(from_nine)}),
		("off_grid", {"start": NINE}),
		("taken", {"busy": ""}),
		("busy", {"outside": ""}),
		("no_room", {"rooms": None}),
	)
	found = []
	for _, change in right:
		found.append(why_not(visit=visit(), **wrong).code)
		wrong |= change
	assert found == [code for code, _ in right]
	assert found == sorted(found, key=CODES.index)
	assert why_not(visit=visit(), **wrong) is None


def test_desk_overrides_rules_but_never_a_claim():
	"""AV-9: notice, horizon, grid, hours and offline; not past, claims, busy time or rooms."""
	assert {
		"notice",
		"horizon",
		"off_grid",
		"holiday",
		"clinic_closed",
		"closed",
		"offline",
	} == DESK_MAY_OVERRIDE
	strict = facts(online=False, notice_minutes=10**5, horizon_days=0, overrides=(closed(MONDAY),))
	odd = at("2026-03-02 20:02")

	def asked(start=odd, now=NOW, claims="", **more):
		return why_not(strict, visit(), claims, start, now, "north", overriding=DESK_MAY_OVERRIDE, **more)

	assert asked() is None
	assert asked(now=at("2026-03-02 20:03")).code == "past"
	assert asked(claims=[claim(at("2026-03-02 21:00"), 30)]).code == "taken"
	assert asked(claims=[claim(at("2026-03-02 21:05"), 30)]) is None
	assert asked(outside=[claim(at("2026-03-02 19:00"), 63)]).code == "busy"
	assert asked(rooms={}).code == "no_room"
	assert (
		why_not(strict, visit(), "", odd, NOW, overriding=DESK_MAY_OVERRIDE - {"off_grid"}).code == "off_grid"
	)


def test_limits_are_told():
	"""AV-14: past with now, notice and horizon with the instant that they allow."""
	strict = facts(notice_minutes=120, horizon_days=2)
	assert why_not(strict, visit(), "", NINE, at("2026-03-02 09:30")).limit == at("2026-03-02 09:30")
	assert why_not(strict, visit(), "", NINE, at("2026-03-02 08:00")).limit == at("2026-03-02 10:00")
	assert why_not(strict, visit(), "", NINE, at("2026-02-20 08:00")).limit == at("2026-02-22 08:00")


@pytest.mark.parametrize(
	("start", "codes"),
	[
		("2026-03-02 09:00", []),
		("2026-03-02 09:05", ["off_grid"]),
		("2026-03-02 20:00", ["closed", "off_grid"]),
		("2026-09-02 20:05", ["horizon", "closed", "off_grid"]),
		("2026-02-25 09:00", ["past"]),
		("9999-12-31 09:00", ["horizon"]),
	],
)
def test_every_rule_that_the_desk_would_override(start, codes):
	"""AV-9: all of them, in the order in which they are looked at; what is taken is none of them."""
	assert overruled(facts(), visit(), at(start), NOW, "north") == codes


def test_overriding_at_the_wrong_clinic():
	"""AV-9, AV-14: where the doctor works at another clinic then, that is what is overridden."""
	south = place("south", timezone="UTC")
	both = facts((*hours("8-12"), *hours("14-16", clinic="south")), (*UTC_PLACE, south))
	afternoon = at("2026-03-02 14:00")
	assert overruled(both, visit(), afternoon, NOW, "north") == ["wrong_clinic", "off_grid"]
	assert overruled(both, visit(), afternoon, NOW, "south") == []
	assert overruled(both, visit(), afternoon, NOW, "east") == ["wrong_clinic"]
