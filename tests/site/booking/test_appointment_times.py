"""The two ways an appointment says its time, and what any save does with them (design.md, DocTypes)."""

from datetime import datetime, time, timedelta, timezone

import frappe
import pytest

from tests.builders import a_doctor, a_patient
from tests.scenes import a_scene, clock_change, on_day
from tests.site.booking.site_scene import booked, claimed, in_utc

HALF_HOUR = timedelta(minutes=30)
SPRING, AUTUMN = clock_change(3), clock_change(10)
# 02:30 in Madrid, and 02:30 again, in UTC.
FIRST, SECOND = (datetime.combine(AUTUMN, time(hour, 30)) for hour in (0, 1))


@pytest.fixture
def scene(site):
	return a_scene(rooms=1)


def an_appointment(scene, **values):
	values = {
		"doctype": "Clinic Appointment",
		"status": "Confirmed",
		"doctor": scene.doctors[0],
		"service": scene.visit,
		"clinic": scene.clinic,
		"patient": a_patient().name,
	} | values
	return frappe.get_doc(values).insert()


def wall(moment):
	return moment.replace(tzinfo=None)


def agree(appointment, start, length=HALF_HOUR):
	"""Whether row, claim and both clocks say `start`."""
	appointment = frappe.get_doc("Clinic Appointment", appointment.name)
	assert appointment.starts_at == wall(start)
	assert appointment.ends_at == wall(start) + length
	assert appointment.starts_at_utc == in_utc(start)
	assert appointment.ends_at_utc == in_utc(start) + length
	assert {row[2:] for row in claimed(appointment.name)} == {(in_utc(start), in_utc(start) + length)}
	return True


class TestNew:
	def test_in_the_site_zone(self, scene):
		"""TI-11: the site's wall clock alone: UTC and the end follow."""
		assert agree(an_appointment(scene, starts_at=str(wall(on_day(2, 12)))), on_day(2, 12))

	def test_in_utc(self, scene):
		"""TI-11: UTC alone: the wall clock follows."""
		assert agree(
			an_appointment(scene, starts_at_utc=in_utc(on_day(2, 12)), starts_at=None), on_day(2, 12)
		)

	def test_both(self, scene):
		"""TI-11: where both are given, UTC wins."""
		both = {"starts_at": str(wall(on_day(2, 9))), "starts_at_utc": in_utc(on_day(2, 12))}
		assert agree(an_appointment(scene, **both), on_day(2, 12))

	def test_with_an_end(self, scene):
		"""TI-11: the desk may give another length."""
		values = {"starts_at": str(wall(on_day(2, 12))), "ends_at": str(wall(on_day(2, 13)))}
		assert agree(an_appointment(scene, **values), on_day(2, 12), 2 * HALF_HOUR)

	@pytest.mark.parametrize("minutes", [0, -30])
	def test_that_ends_before_it_starts(self, scene, minutes):
		"""TI-4: refused."""
		end = wall(on_day(2, 12)) + timedelta(minutes=minutes)
		with pytest.raises(frappe.ValidationError):
			an_appointment(scene, starts_at=str(wall(on_day(2, 12))), ends_at=str(end))

	def test_without_a_start(self, scene):
		"""IN-10: refused."""
		with pytest.raises(frappe.ValidationError):
			an_appointment(scene)

	def test_that_lasts_too_long(self, scene):
		"""BK-3: longer than the searches by time look back: refused, not a fault."""
		with pytest.raises(frappe.ValidationError):
			an_appointment(scene, starts_at=str(wall(on_day(2, 6))), ends_at=str(wall(on_day(2, 20))))

	def test_seconds_are_dropped(self, scene):
		"""TI-8: a form's "now" has seconds, free times have none: what the claim leaves free can be held."""
		appointment = an_appointment(scene, starts_at=str(wall(on_day(2, 12).replace(second=41))))
		assert agree(appointment, on_day(2, 12))
		booked(scene, on_day(2, 12, 30))

	@pytest.mark.parametrize("field", ["starts_at", "starts_at_utc"])
	def test_with_an_offset(self, scene, field):
		"""TI-9: it is that instant, not the wall clock of the site."""
		start = on_day(2, 12).astimezone(timezone(timedelta(hours=-5)))
		end = (start + 2 * HALF_HOUR).isoformat()
		values = {field: start.isoformat(), field.replace("start", "end"): end}
		assert agree(an_appointment(scene, **values), on_day(2, 12), 2 * HALF_HOUR)

	@pytest.mark.parametrize("field", ["starts_at", "starts_at_utc", "ends_at", "ends_at_utc"])
	def test_with_what_is_no_time(self, scene, field):
		"""TI-9, IN-10: refused, not a fault."""
		ends = ("0001-01-01 00:00:00", "9999-12-31 23:59:59+00:00")
		for value in ("x", "2026-13-40 00:00:00", "2026-12-10", *ends, 5, ["a"]):
			with pytest.raises(frappe.ValidationError):
				an_appointment(scene, **{"starts_at": str(wall(on_day(2, 12))), field: value})

	def test_chooses_a_room(self, scene):
		"""AV-15: any road chooses and claims a room where the service needs one."""
		appointment = an_appointment(scene, service=scene.room_visit, starts_at=str(wall(on_day(2, 12))))
		assert frappe.db.get_value("Clinic Appointment", appointment.name, "room") == scene.rooms[0]
		assert agree(appointment, on_day(2, 12))
		with pytest.raises(frappe.ValidationError):
			an_appointment(a_second(scene), service=scene.room_visit, starts_at=str(wall(on_day(2, 12))))


class TestClockChange:
	"""The site's zone is Europe/Madrid: 02:00 to 03:00 is missing on a day in March, twice there on one in October."""

	def test_missing_wall_time(self, scene):
		"""TI-1: refused."""
		with pytest.raises(frappe.ValidationError):
			an_appointment(scene, starts_at=f"{SPRING} 02:30:00")

	def test_doubled_wall_time(self, scene):
		"""TI-1: the first."""
		appointment = an_appointment(scene, starts_at=f"{AUTUMN} 02:30:00")
		assert appointment.starts_at_utc == FIRST

	def test_offset_of_a_doubled_wall_time(self, scene):
		"""TI-1, TI-9: the one that it says."""
		appointment = an_appointment(scene, starts_at=f"{AUTUMN}T02:30:00+01:00")
		assert appointment.starts_at_utc == SECOND

	def test_both_instants_of_a_doubled_one(self, scene):
		"""TI-1: two instants, each bookable once, by UTC."""
		first = an_appointment(scene, starts_at_utc=str(FIRST))
		second = an_appointment(scene, starts_at_utc=str(SECOND))
		assert first.starts_at == second.starts_at == datetime.combine(AUTUMN, time(2, 30))
		for start in (FIRST, SECOND):
			with pytest.raises(frappe.ValidationError):
				an_appointment(scene, starts_at_utc=str(start))

	def test_saved_again_in_the_second_instant(self, scene):
		"""TI-1: a save that does not touch the time leaves the second instant where it is."""
		appointment = an_appointment(scene, starts_at_utc=str(SECOND))
		appointment = frappe.get_doc("Clinic Appointment", appointment.name)
		appointment.contact_name = "Maria"
		appointment.save()
		assert appointment.starts_at_utc == SECOND


class TestMoved:
	@pytest.fixture
	def appointment(self, scene):
		return booked(scene, on_day(2, 12), service=scene.room_visit)

	def test_start_in_the_site_zone(self, appointment):
		"""BK-10: only the wall clock changed: UTC and the end follow, so do the claims of doctor and room."""
		appointment.starts_at = str(wall(on_day(3, 9)))
		appointment.save()
		assert agree(appointment, on_day(3, 9))
		assert len(claimed(appointment.name)) == 2

	def test_with_an_offset(self, appointment):
		"""TI-9: the end follows the start to its instant, and one that stays where it is moves nothing."""
		appointment.starts_at = in_utc(on_day(3, 9)).isoformat() + "Z"
		appointment.save()
		assert agree(appointment, on_day(3, 9))
		appointment.starts_at_utc = on_day(3, 9).isoformat()
		appointment.save()
		assert agree(appointment, on_day(3, 9))

	def test_start_in_utc(self, appointment):
		"""BK-10: only UTC changed: the wall clock follows."""
		appointment.starts_at_utc = in_utc(on_day(3, 9))
		appointment.save()
		assert agree(appointment, on_day(3, 9))

	def test_both(self, appointment):
		"""BK-10: both changed: UTC wins."""
		appointment.update(
			{"starts_at": str(wall(on_day(3, 15))), "starts_at_utc": in_utc(on_day(3, 9))}
		).save()
		assert agree(appointment, on_day(3, 9))

	def test_end_alone(self, appointment):
		"""BK-10: dragged longer on the calendar."""
		appointment.ends_at = str(wall(on_day(2, 13)))
		appointment.save()
		assert agree(appointment, on_day(2, 12), 2 * HALF_HOUR)

	def test_nothing(self, appointment):
		"""BK-10: saved as it is, it keeps its claims, by name."""
		before = frappe.get_all("Booked Slot", pluck="name")
		appointment.save()
		assert frappe.get_all("Booked Slot", pluck="name") == before

	def test_onto_another(self, appointment, scene):
		"""BK-3: refused with 409; both stay as they are."""
		other = booked(scene, on_day(2, 15))
		frappe.db.commit()
		appointment.starts_at = str(wall(on_day(2, 15)))
		with pytest.raises(frappe.ValidationError) as refused:
			appointment.save()
		assert refused.value.http_status_code == 409
		frappe.db.rollback()
		assert agree(appointment, on_day(2, 12)) and agree(other, on_day(2, 15))

	def test_to_another_doctor(self, appointment, scene):
		"""BK-10: the first doctor's time is free again."""
		second = a_second(scene)
		appointment.doctor = second.doctors[0]
		appointment.save()
		assert f"Doctor:{second.doctors[0]}" in {row[0] for row in claimed(appointment.name)}
		booked(scene, on_day(2, 12))


class TestWhatNoRoadChanges:
	"""BK-3: what REST sends of the fields that a form doesn't let anybody write."""

	@pytest.mark.parametrize(
		"values",
		[
			{"buffer_before_minutes": -10},
			{"buffer_after_minutes": -29},
			{"buffer_after_minutes": 0},
			{"seat": 2},
			{"seat": 7},
			{"flags": {"hold": "x", "in_use_case": True}},
		],
	)
	def test_claims_stay_whole(self, site, values):
		"""BK-3: by no field does an appointment claim less than it should."""
		scene = a_scene(buffer_after_minutes=10)
		appointment = booked(scene, on_day(2, 12))
		frappe.db.commit()
		before = claimed(appointment.name)
		try:
			frappe.get_doc("Clinic Appointment", appointment.name).update(values).save()
		except frappe.ValidationError:
			frappe.db.rollback()
		assert claimed(appointment.name) == before
		try:
			made = an_appointment(scene, starts_at=str(wall(on_day(3, 12))), **values)
		except frappe.ValidationError:
			return
		assert claimed(made.name) == (
			(f"Doctor:{scene.doctors[0]}", 1, in_utc(on_day(3, 12)), in_utc(on_day(3, 12, 40))),
		)


def a_second(scene):
	"""Another doctor of the same clinic, with the same services."""
	clinic = frappe.get_doc("Clinic", scene.clinic)
	services = [frappe.get_doc("Clinic Service", name) for name in (scene.visit, scene.room_visit)]
	doctor = a_doctor(*services, clinics=[clinic])
	return frappe._dict(vars(scene) | {"doctors": (doctor.name,)})
