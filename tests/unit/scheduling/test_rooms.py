"""Visits that need a room: AV-15."""

from clinic_booking.scheduling.free import free_starts, next_free

from .builders import MONDAY, at, calendar, claim, hours, place, starts, visit

NOW = at("2026-03-01 00:00")
FACTS = calendar(hours("8-12"), (place(timezone="UTC"),), grid_minutes=60)
FIRST = [claim(at("2026-03-02 08:00"), 120)]
SECOND = [claim(at("2026-03-02 09:00"), 120)]


def offered(rooms, asked=None, facts=FACTS):
	return starts(free_starts(facts, asked or visit(), "", NOW, MONDAY, MONDAY, "UTC", rooms=rooms))


def test_one_room_free_is_enough():
	"""AV-15: only 9:00, when both are taken, is not offered."""
	assert offered({"north": [FIRST, SECOND]}) == ["08:00", "10:00", "11:00"]
	assert offered({"north": [FIRST, SECOND, ""]}) == ["08:00", "09:00", "10:00", "11:00"]


def test_one_room_must_be_free_all_the_time():
	"""AV-15: nobody changes rooms: two hours from 10 need one room from 10 to 12."""
	assert offered({"north": [FIRST, SECOND]}, visit(120)) == ["10:00"]
	assert offered({"north": [SECOND]}, visit(120)) == []


def test_buffers_claim_the_room_too():
	"""AV-15: the room is needed for the padded time, as the doctor is."""
	assert offered({"north": [FIRST]}, visit(60, 10, 0)) == ["11:00"]
	assert offered({"north": [[claim(at("2026-03-02 12:00"), 5)]]}, visit(60, 0, 10)) == [
		"08:00",
		"09:00",
		"10:00",
	]


def test_clinic_without_a_suitable_room_offers_nothing():
	"""AV-15: a day with open time and no room is full; a visit that needs none doesn't ask."""
	for rooms in ({}, {"north": []}):
		(day,) = free_starts(FACTS, visit(), "", NOW, MONDAY, MONDAY, "UTC", rooms=rooms)
		assert (day.state, day.slots) == ("full", ())
	assert offered(None) == ["08:00", "09:00", "10:00", "11:00"]


def test_rooms_of_each_clinic_are_its_own():
	"""AV-15: a free room elsewhere is no help."""
	clinics = (place("north", "UTC"), place("south", "UTC"))
	facts = calendar(hours("8-10", clinic="north") + hours("10-12", clinic="south"), clinics, grid_minutes=60)
	assert offered({"north": [FIRST], "south": [SECOND]}, facts=facts) == ["11:00"]
	assert offered({"north": [""], "south": [SECOND]}, facts=facts) == ["08:00", "09:00", "11:00"]


def test_next_free_minds_the_rooms():
	"""AV-12, AV-15: the first start at which doctor and room are free."""
	(slot,) = next_free(FACTS, visit(), FIRST, NOW, at("2026-03-02 00:00"), "UTC", rooms={"north": [SECOND]})
	assert slot.start == at("2026-03-02 11:00")
