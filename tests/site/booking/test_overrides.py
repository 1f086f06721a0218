"""Rules that staff override by form, REST or Data Import: a warning, and their names in the history (AV-9)."""

from datetime import datetime

import frappe
import pytest

from clinic_booking.booking import desk
from clinic_booking.booking.changes import history
from tests.builders import a_patient, insert
from tests.scenes import a_scene, on_day
from tests.site.booking.site_scene import booked, do, in_utc


@pytest.fixture
def scene(site):
	return a_scene(hours=("08:00", "18:00"))


def saved(scene, start: datetime, **values):
	"""A form's save of a new appointment; the warnings it showed."""
	frappe.clear_messages()
	visit = insert(
		"Clinic Appointment",
		patient=a_patient().name,
		doctor=scene.doctors[0],
		service=scene.visit,
		clinic=scene.clinic,
		starts_at_utc=in_utc(start),
		**values,
	)
	return visit, warnings()


def warnings() -> list[str]:
	return [message["message"] for message in frappe.get_message_log()]


def kept(visit) -> str:
	return history(visit.name)[0].overridden


def test_inside_the_rules_nothing_is_said(scene):
	"""AV-9: a time that patients could book as well."""
	visit, shown = saved(scene, on_day(2, 12))
	assert (kept(visit), shown) == ("", [])


@pytest.mark.parametrize(
	("days", "hour", "minute", "rules"),
	[
		(2, 20, 0, "closed, off_grid"),
		(2, 12, 5, "off_grid"),
		(200, 12, 0, "horizon"),
		(2, 17, 45, "closed"),
		(-2, 12, 0, "past"),
	],
)
def test_a_form_that_overrides_says_so(scene, days, hour, minute, rules):
	"""AV-9: outside hours, off the grid, beyond the horizon, over: saved, warned, and named in the history."""
	visit, (shown,) = saved(scene, on_day(days, hour, minute))
	assert kept(visit) == rules
	assert shown.count("<li>") == len(rules.split(", "))


def test_a_doctor_who_is_offline(scene):
	"""AV-9: offers nothing online; the desk may."""
	frappe.get_doc("Doctor", scene.doctors[0]).update({"online": 0}).save()
	visit, (shown,) = saved(scene, on_day(2, 12))
	assert kept(visit) == "offline" and "offline" in shown


def test_only_a_move_is_asked(scene):
	"""AV-9: a contact changed, a visit cancelled or over: nothing was overridden by that."""
	visit, _shown = saved(scene, on_day(2, 20))
	frappe.clear_messages()
	visit.update({"contact_name": "Ana Maria Pop"}).save()
	visit.update({"starts_at_utc": in_utc(on_day(2, 10))}).save()
	assert (kept(visit), warnings()) == ("", [])
	visit.update({"status": "Cancelled", "cancel_reason": "Ill"}).save()
	assert warnings() == []


def test_a_form_that_moves_outside_hours(scene):
	"""AV-9, BK-9: the history says from when to when, and what was overridden."""
	visit = booked(scene)
	visit.update({"starts_at_utc": in_utc(on_day(2, 19)), "ends_at_utc": in_utc(on_day(2, 19, 30))}).save()
	(change, *_before) = history(visit.name)
	assert (change.what, change.overridden) == ("Moved", "closed, off_grid")


def test_use_cases_say_it_themselves(scene):
	"""AV-9: what a dialog has asked about is kept once, without a second warning."""
	frappe.clear_messages()
	wanted = desk.Wanted(scene.doctors[0], scene.visit, on_day(2, 20), override=True)
	visit = do(desk.book, a_patient().name, wanted)
	assert (kept(visit), warnings()) == ("closed, off_grid", [])


def test_moved_without_a_clinic_stays_where_it_is(scene):
	"""AV-9: dragged outside hours it does not land at another clinic."""
	visit = booked(scene)
	wanted = desk.Wanted(scene.doctors[0], scene.visit, on_day(2, 20), override=True)
	assert do(desk.move, visit.name, scene.doctors[0], wanted).clinic == scene.clinic


def test_the_form_tells_them_in_words(scene):
	"""BK-9: nobody has to know the codes."""
	visit, _shown = saved(scene, on_day(2, 20))
	visit.run_method("onload")
	(change,) = visit.get_onload("changes")
	assert "outside opening hours" in change["overridden"][0]
