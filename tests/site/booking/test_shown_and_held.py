"""What is shown against what can be held, over HTTP, and from one process to the next."""

import random
from datetime import datetime, timedelta
from functools import partial

import frappe

from tests.builders import an_exception
from tests.line import at_once
from tests.scenes import a_scene, in_days, on_day
from tests.truth import contradictions


def busy_day(scene, visitor):
	"""Some of a day taken: two visits booked, one held, an hour closed."""
	for hour, minute in ((9, 0), (13, 30), (17, 45)):
		visitor.hold(on_day(3, hour, minute))
		if hour < 17:
			visitor.book()
	doctor = frappe.get_doc("Doctor", scene.doctors[0])
	an_exception(doctor, from_date=in_days(3), all_day=0, start_time="15:00", end_time="16:00")
	frappe.db.commit()


def test_every_start_shown_can_be_held_and_no_other(visitors):
	"""TI-12: each start shown is held (and given back); of all other minutes of the day none."""
	scene = a_scene(buffer_before_minutes=5, buffer_after_minutes=10)
	other, visitor = visitors(scene, 2)
	busy_day(scene, other)
	shown = visitor.starts(in_days(3))
	assert 30 < len(shown) < 60
	for start in shown:
		assert visitor.hold(start).status == 200, start
		assert visitor.release().status == 200
	offered = {datetime.fromisoformat(start) for start in shown}
	minutes = [on_day(3, 0) + timedelta(minutes=minute) for minute in range(24 * 60)]
	hidden = [minute for minute in minutes if minute not in offered]
	on_grid = [minute for minute in hidden if minute.minute % 15 == 0]
	for start in on_grid + random.Random(1).sample(hidden, 60):
		assert visitor.hold(start).code in ("ERR_VALIDATION", "ERR_SLOT_CONFLICT"), start
	assert visitor.starts(in_days(3)) == shown
	assert contradictions() == []


def test_every_start_shown_with_rooms_can_be_held(visitors):
	"""TI-12, AV-15: with two rooms for three doctors, what is shown of each can be held."""
	scene = a_scene(doctors=3, rooms=2)
	crowd = visitors(scene, 7)
	for visitor, hour in zip(crowd, (8, 8, 9, 9, 10, 11), strict=False):
		visitor.hold(on_day(3, hour), scene.doctors[crowd.index(visitor) % 2], scene.room_visit)
	visitor = crowd[-1]
	for doctor in scene.doctors:
		shown = visitor.starts(in_days(3), doctor, scene.room_visit)
		for start in shown[:25]:
			assert visitor.hold(start, doctor, scene.room_visit).status == 200, start
			visitor.release()
	assert on_day(3, 8).isoformat() not in visitor.starts(in_days(3), scene.doctors[2], scene.room_visit)


def test_own_hold_counts_as_free(visitors):
	"""TI-12: with one's token, the times over one's own hold are shown, and it can be moved to each."""
	scene = a_scene()
	(visitor,) = visitors(scene)
	token = visitor.hold(on_day(3, 12)).message["token"]
	without, own = visitor.starts(in_days(3)), visitor.starts(in_days(3), token=token)
	over = set(own) - set(without)
	assert over == {on_day(3, 12, minute).isoformat() for minute in (0, 15)} | {on_day(3, 11, 45).isoformat()}
	for start in sorted(over):
		assert visitor.hold(start, token=token).status == 200


def test_hold_of_another_process_is_gone_from_the_next_answer(visitors):
	"""RA-1: what one process holds, none shows in its next answer; given back, all show it."""
	scene = a_scene()
	holder, *crowd = visitors(scene, 17)
	for hour in range(8, 18):
		start = holder.hold(on_day(3, hour)).message["start"]
		assert not any(start in starts for starts in at_once(partial(v.starts, in_days(3)) for v in crowd))
		holder.release()
		assert all(start in starts for starts in at_once(partial(v.starts, in_days(3)) for v in crowd))
