"""What an answer costs does not grow with what is asked for, nor with how long the clinic has been open."""

from datetime import timedelta

import frappe
import pytest

from clinic_booking.booking import availability, doctors, hold, requests, why_not
from clinic_booking.booking import book as booking
from clinic_booking.booking.patients import Contact
from tests.load.history import half_full, long_past
from tests.scenes import a_scene, in_days, on_day
from tests.site.booking.site_scene import NOBODY, book
from tests.site.booking.site_scene import hold as do_hold


@pytest.fixture
def statements(monkeypatch):
	"""A function that counts the statements of a call."""
	sql, made = frappe.db.sql, []

	def counted(*args, **kwargs):
		made.append(args[0])
		return sql(*args, **kwargs)

	monkeypatch.setattr(frappe.db, "sql", counted)

	def count(call, *args, **kwargs):
		call(*args, **kwargs)  # what is remembered is remembered
		made.clear()
		call(*args, **kwargs)
		return len(made)

	return count


class TestStatements:
	def test_availability(self, site, statements):
		"""LI-2: one statement, whatever the days, whether the range is full or not."""
		scene = a_scene(rooms=4)
		half_full(scene)

		def ask(days, service=None):
			last = in_days(1) + timedelta(days=days - 1)
			return statements(
				availability.availability, scene.doctors[0], service or scene.visit, in_days(1), last
			)

		assert {ask(days) for days in (1, 7, 60)} | {ask(60, scene.room_visit)} == {1}

	def test_doctors(self, site, statements):
		"""LI-2: as many for ten doctors as for one."""
		a_scene(doctors=10)
		assert statements(doctors.search, limit=10) == statements(doctors.search, limit=1) <= 2

	def test_hold_and_book(self, site, statements):
		"""LI-2: as many on a busy day as on an empty one."""
		scene = a_scene()
		made = []
		for day in (2, 3):
			for hour in range(8, 20):
				token = do_hold(scene, on_day(day, hour))["token"]
				if hour % 2:
					book(token)
		for start in (on_day(2, 20), on_day(9, 20)):
			asked = hold.Asked(scene.doctors[0], scene.visit, start)
			made.append(statements(lambda asked=asked: (hold.hold(asked, NOBODY), frappe.db.rollback())))
		assert made[0] == made[1]


class TestRowsRead:
	@staticmethod
	def rows_read(call, *args) -> int:
		"""Rows that MariaDB read for a call, by its own counters."""
		call(*args)
		before = TestRowsRead.handler()
		call(*args)
		return TestRowsRead.handler() - before

	@staticmethod
	def handler() -> int:
		return sum(int(value) for _name, value in frappe.db.sql("SHOW SESSION STATUS LIKE 'Handler_read%'"))

	def test_long_history_is_not_read(self, committed):
		"""LI-1: with thousands of past appointments no more rows are read for free times, doctors and holds."""
		scene = a_scene(doctors=3, rooms=1)
		half_full(scene)
		# Enough of others that no index looks dearer than reading the table.
		long_past(a_scene(doctors=10), 20_000)
		first, last = in_days(1), in_days(7)
		calls = (
			(availability.availability, scene.doctors[0], scene.visit, first, last),
			(availability.availability, scene.doctors[0], scene.room_visit, first, last),
			(doctors.search,),
			(why_not.explain, scene.doctors[0], scene.visit, on_day(2, 12)),
			(self.hold_and_give_back, scene),
			(self.book_and_undo, scene),
		)
		before = [self.rows_read(*call) for call in calls]
		long_past(scene, 15_000)
		after = [self.rows_read(*call) for call in calls]
		for (call, *_), few, many in zip(calls, before, after, strict=True):
			assert many <= few * 1.2 + 50, (call.__name__, few, many)

	def test_all_requests_of_one_address(self, committed):
		"""LI-1, SE-2: live holds of one address are counted without reading all it ever asked for."""
		scene, everybody = a_scene(doctors=3), hold.Holder("everybody", "everybody")
		before = self.rows_read(self.hold_and_give_back, scene, everybody)
		long_past(scene, 5_000)
		frappe.db.sql("UPDATE `tabBooking Request` SET browser = 'everybody', address = 'everybody'")
		frappe.db.commit()
		assert self.rows_read(self.hold_and_give_back, scene, everybody) <= before + 50

	@staticmethod
	def book_and_undo(scene):
		token = hold.hold(hold.Asked(scene.doctors[0], scene.visit, on_day(20, 6)), NOBODY)["token"]
		contact = Contact("Old Paula", "old7@example.com", "+34622000007")
		booking.book(requests.find(token).name, scene.doctors[0], booking.Details(contact, None, None))
		frappe.db.rollback()

	@staticmethod
	def hold_and_give_back(scene, holder=NOBODY):
		hold.hold(hold.Asked(scene.doctors[0], scene.visit, on_day(20, 6)), holder)
		frappe.db.rollback()
