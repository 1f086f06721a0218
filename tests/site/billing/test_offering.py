"""What is offered where it can be paid, to whom, and at what cost."""

from datetime import timedelta

import frappe
import pytest

from clinic_booking.booking import availability, practices, reschedule, status
from clinic_booking.errors import TimeWindow
from tests.scenes import in_days, on_day
from tests.site.billing.online import a_paying_scene, awaiting, confirm_transfer
from tests.site.booking.site_scene import do, hold, in_utc, now


def first_free(scene, booking=None) -> timedelta:
	"""How far away the first free start of the coming days is, to whoever has the token of `booking`."""
	own = availability.to_whom(booking)
	answer = availability.availability(scene.doctors[0], scene.visit, in_days(0), in_days(3), **own)
	return min(slot.start for day in answer.days() for slot in day.slots) - now()


def test_what_is_paid_moves_wherever_there_is_time(site):
	"""PO-1, PY-3: by when a transfer could come is nothing to a visit that is paid."""
	scene = a_paying_scene(notice_minutes=120)
	token = awaiting(scene)
	confirm_transfer(token)
	visit = status.find(token)
	assert first_free(scene) > timedelta(hours=25) > first_free(scene, visit)
	soon, before = on_day(7, 9), on_day(7, 9) - timedelta(hours=20)
	with pytest.raises(TimeWindow):
		hold(scene, soon, now=before)
	do(reschedule.reschedule, visit.name, visit.doctor, soon, now=before)
	assert status.find(token).starts_at_utc == in_utc(soon)


def test_what_was_offered_is_offered_no_more_without_the_account(site):
	"""PY-3, RA-11: the clinic's account taken away, or given, changes every offer in the same transaction."""
	scene = a_paying_scene()
	clinic = frappe.get_doc("Clinic", scene.clinic)
	offered = []
	for number in (None, "ES91 2100 0418 4502 0005 1332"):
		clinic.update({"bank_account_number": number}).save()
		version = frappe.db.get_value("Doctor", scene.doctors[0], "offer_version")
		offered.append([s.name for s in practices.of(scene.doctors[0], version).online_services()])
	assert offered == [[], [scene.visit]]


def test_ways_to_pay_cost_a_hold_nothing(site, monkeypatch):
	"""LI-2: they are remembered with the practice: as many statements as for a visit that costs nothing."""
	sql, made = frappe.db.sql, []

	def counted(*args, **kwargs):
		made.append(args[0])
		return sql(*args, **kwargs)

	scenes = [a_paying_scene("Free", price=0), a_paying_scene()]
	for scene in scenes:
		hold(scene, on_day(6, 9))
	monkeypatch.setattr(frappe.db, "sql", counted)
	counts = []
	for scene in scenes:
		made.clear()
		hold(scene, on_day(6, 10))
		counts.append(len(made))
	assert counts[0] == counts[1]
