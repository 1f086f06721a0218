"""Holds that lapse, over HTTP: what their owner keeps, and what others get (RA-7, BK-2)."""

import time
from datetime import timedelta
from functools import partial

import frappe

from clinic_booking.booking.clock import from_database
from tests.line import at_once
from tests.scenes import a_scene, in_days, on_day
from tests.site.booking.races import outcomes, rows, seen
from tests.site.booking.site_scene import book, request_of
from tests.truth import contradictions


def let_lapse(visitor, seconds=-1.0):
	"""Move the end of what `visitor` holds to so many seconds from now."""
	token_hash = frappe.db.sql("SELECT SHA2(%s, 256)", visitor.token)[0][0]
	name = frappe.db.get_value("Booking Request", {"token_hash": token_hash})
	frappe.db.sql("SET @end = UTC_TIMESTAMP(6) + INTERVAL %s MICROSECOND", int(seconds * 1e6))
	frappe.db.sql("UPDATE `tabBooking Request` SET expires_at_utc = @end WHERE name = %s", name)
	frappe.db.sql("UPDATE `tabBooked Slot` SET expires_at = @end WHERE reference = %s", name)
	frappe.db.commit()


def another_tab(visitors, visitor):
	(tab,) = visitors(visitor.scene)
	tab.token, tab.person = visitor.token, visitor.person
	return tab


class TestOwner:
	def test_reloads(self, visitors):
		"""RA-7: after a reload the time is still theirs: shown as held, free for them, taken for others."""
		scene = a_scene()
		owner, other = visitors(scene, 2)
		start = owner.hold(on_day(2, 12)).message["start"]
		assert owner.booking().message["status"] == "Held"
		assert start in owner.starts(in_days(2), token=owner.token)
		assert start not in other.starts(in_days(2))

	def test_goes_back_and_picks_another_time(self, visitors):
		"""RA-7: going back moves the hold; the first time is free for others at once."""
		scene = a_scene()
		owner, other = visitors(scene, 2)
		token = owner.hold(on_day(2, 12)).message["token"]
		moved = owner.hold(on_day(2, 15), token=token).message
		assert moved["token"] == token
		assert other.hold(on_day(2, 12)).status == 200
		assert rows("Booking Request") == rows("Booked Slot") == 2
		assert owner.book().message["status"] == "Confirmed"
		assert contradictions() == []

	def test_picks_the_same_time_again(self, visitors):
		"""RA-7: picking what one holds already keeps it."""
		(owner,) = visitors(a_scene())
		token = owner.hold(on_day(2, 12)).message["token"]
		assert owner.hold(on_day(2, 12), token=token).message["token"] == token
		assert rows("Booked Slot") == 1

	def test_has_a_second_tab(self, visitors):
		"""RA-7: what one tab books, the other gets the same answer for."""
		(owner,) = visitors(a_scene())
		owner.hold(on_day(2, 12))
		tab = another_tab(visitors, owner)
		assert tab.book().message == owner.book().message
		assert tab.hold(on_day(2, 15), token=tab.token).code == "ERR_VALIDATION"
		assert tab.release().code == "ERR_VALIDATION"
		assert rows("Clinic Appointment") == 1

	def test_confirms_in_the_last_second(self, visitors):
		"""RA-7: a hold with a second left is booked."""
		owner, other = visitors(a_scene(), 2)
		token = owner.hold(on_day(2, 12)).message["token"]
		end = from_database(request_of(token).expires_at_utc)
		assert book(token, now=end - timedelta(seconds=1))["status"] == "Confirmed"
		let_lapse(owner)
		assert owner.booking().message["status"] == "Confirmed"
		assert other.hold(on_day(2, 12)).code == "ERR_SLOT_CONFLICT"
		assert contradictions() == []

	def test_confirms_too_late(self, visitors):
		"""RA-7: a lapsed hold is not booked, extended or moved, and is not in the way of a new one."""
		(owner,) = visitors(a_scene())
		owner.hold(on_day(2, 12))
		let_lapse(owner)
		assert owner.booking().message["status"] == "Expired"
		assert owner.book().code == "ERR_HOLD_EXPIRED"
		assert owner.extend().code == "ERR_HOLD_EXPIRED"
		assert owner.hold(on_day(2, 12), token=owner.token).code == "ERR_HOLD_EXPIRED"
		assert owner.hold(on_day(2, 12)).status == 200
		assert owner.book().status == 200
		assert contradictions() == []


class TestOther:
	def test_takes_a_lapsed_hold(self, visitors):
		"""RA-7: a lapsed hold is shown free and taken by another, though no job has run (BK-2)."""
		owner, other = visitors(a_scene(), 2)
		start = owner.hold(on_day(2, 12)).message["start"]
		let_lapse(owner)
		assert start in other.starts(in_days(2))
		assert other.hold(start).status == 200
		assert owner.book().code == "ERR_HOLD_EXPIRED"
		assert other.book().status == 200
		assert owner.release().message == {}
		assert contradictions() == []

	def test_takes_a_lapsed_hold_twin(self, visitors, tampered_visitors):
		"""RA-7: where nobody clears what lapsed, it stays in the way."""
		scene = a_scene()
		(owner,), (other,) = visitors(scene), tampered_visitors(scene, 1, "no-clearing")
		owner.hold(on_day(2, 12))
		let_lapse(owner)
		assert other.hold(on_day(2, 12)).code == "ERR_SLOT_CONFLICT"

	def test_crowd_takes_a_lapsed_hold(self, visitors):
		"""RA-7: of fifty who want a lapsed hold, one gets it."""
		owner, *crowd = visitors(a_scene(), 51)
		owner.hold(on_day(2, 12))
		let_lapse(owner)
		answers = at_once(partial(visitor.hold, on_day(2, 12)) for visitor in crowd)
		assert outcomes(answers) == {200: 1, "ERR_SLOT_CONFLICT": 49}
		assert contradictions() == []


def confirm_while_another_takes(owners, others, attempt):
	"""Both in the moment of lapsing; whether each got the time."""
	(owner,), (other,) = owners, others
	owner.hold(on_day(2 + attempt, 12))
	let_lapse(owner, 0.03)

	def take():
		time.sleep(0.04)
		return other.hold(on_day(2 + attempt, 12))

	booked, taken = at_once([owner.book, take])
	return booked.status == 200, taken.status == 200


class TestMomentOfLapsing:
	def test_one_has_it(self, visitors):
		"""RA-7: confirmed in the moment of lapsing while another takes it: never both."""
		scene = a_scene()
		owner, other = visitors(scene), visitors(scene)
		for attempt in range(20):
			assert confirm_while_another_takes(owner, other, attempt) != (True, True)
		assert contradictions() == []

	def test_twin(self, without_key, tampered_visitors):
		"""RA-7: without key and locks, both have it."""
		scene = a_scene()
		owner, other = (tampered_visitors(scene, 1, "no-locks") for _ in range(2))
		assert seen(lambda attempt: confirm_while_another_takes(owner, other, attempt) == (True, True))
