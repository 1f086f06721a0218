"""Whatever changes an offer is seen at once, though each process remembers every doctor's practice."""

from datetime import timedelta

import frappe
import pytest

from clinic_booking.booking import availability, doctors, practices
from clinic_booking.errors import NotFound, Validation
from tests.builders import a_block, a_clinic, a_room, a_service, an_exception, insert
from tests.scenes import a_scene, in_days, on_day

DAY = 3


@pytest.fixture
def scene(site):
	return a_scene(doctors=2, rooms=1, price=35)


def starts(scene, service=None, clinic=None) -> list[str]:
	"""What is shown on a day, as "12:00"."""
	day = in_days(DAY)
	answer = availability.availability(scene.doctors[0], service or scene.visit, day, day, clinic)
	return [slot.as_dict()["start"][11:16] for slot in answer.days()[0].slots]


def change(doctype, name, **values):
	frappe.get_doc(doctype, name).update(values).save()


class TestSeenAtOnce:
	@pytest.fixture(autouse=True)
	def remembered(self, scene):
		"""Asked for once, and so remembered."""
		assert starts(scene)[0] == "06:00"
		assert starts(scene, scene.room_visit)[0] == "06:00"

	def test_hours(self, scene):
		"""AV-1: other hours."""
		clinic = frappe.get_doc("Clinic", scene.clinic)
		weekday = f"{in_days(DAY):%A}"
		change("Doctor", scene.doctors[0], availability=[a_block(clinic, weekday, "10:00", "11:00")])
		assert starts(scene) == ["10:00", "10:15", "10:30"]

	def test_exception_made_changed_and_deleted(self, scene):
		"""AV-3: a day off, a shorter one, none."""
		doctor = frappe.get_doc("Doctor", scene.doctors[0])
		exception = an_exception(doctor, from_date=in_days(DAY))
		assert starts(scene) == []
		exception.update({"all_day": 0, "start_time": "06:00", "end_time": "20:00"}).save()
		assert starts(scene)[0] == "20:00"
		exception.delete()
		assert starts(scene)[0] == "06:00"

	def test_holiday(self, scene):
		"""AV-3, TI-6: a holiday list given, and one that changes."""
		day = in_days(DAY)
		holidays = insert(
			"Holiday List",
			holiday_list_name=frappe.generate_hash(length=8),
			from_date=day - timedelta(days=100),
			to_date=day + timedelta(days=100),
		)
		change("Clinic", scene.clinic, holiday_list=holidays.name)
		assert starts(scene)[0] == "06:00"
		holidays.append("holidays", {"holiday_date": day, "description": "Fiesta"})
		holidays.save()
		assert starts(scene) == []

	def test_length(self, scene):
		"""AV-4: a longer service."""
		change("Clinic Service", scene.visit, duration_minutes=120)
		assert starts(scene)[-1] == "20:00"

	def test_room_closed_and_another_opened(self, scene):
		"""AV-15: no room of the kind, no offer; a new one, offered again."""
		change("Clinic Room", scene.rooms[0], enabled=0)
		with pytest.raises(Validation):
			starts(scene, scene.room_visit)
		a_room(frappe.get_doc("Clinic", scene.clinic))
		assert starts(scene, scene.room_visit)[0] == "06:00"

	def test_service_taken_away_and_given_back(self, scene):
		"""RA-11: what a doctor gives, as it is now."""
		doctor = frappe.get_doc("Doctor", scene.doctors[0])
		rows = [row.service for row in doctor.services]
		change("Doctor", doctor.name, services=[{"service": scene.room_visit}])
		with pytest.raises(Validation):
			starts(scene)
		change("Doctor", doctor.name, services=[{"service": name} for name in rows])
		assert starts(scene)[0] == "06:00"

	def test_new_service(self, scene):
		"""RA-11: one that this process has never heard of."""
		service = a_service(frappe.get_doc("Clinic", scene.clinic))
		doctor = frappe.get_doc("Doctor", scene.doctors[0])
		doctor.append("services", {"service": service.name})
		doctor.save()
		assert starts(scene, service.name)[0] == "06:00"

	def test_new_clinic(self, scene):
		"""RA-11: asked for by a clinic that the doctor has come to since."""
		clinic = a_clinic()
		service = frappe.get_doc("Clinic Service", scene.visit)
		service.append("prices", {"clinic": clinic.name, "price": 30})
		service.save()
		doctor = frappe.get_doc("Doctor", scene.doctors[0])
		doctor.append("clinics", {"clinic": clinic.name})
		doctor.append("availability", a_block(clinic, f"{in_days(DAY):%A}", "22:00", "23:00"))
		doctor.save()
		assert starts(scene, clinic=clinic.name) == ["22:00", "22:15", "22:30"]

	@pytest.mark.parametrize("values", [{"online": 0}, {"horizon_days": 1}])
	def test_offline_or_nearer_horizon(self, scene, values):
		"""AV-6, AV-9: nothing offered."""
		change("Doctor", scene.doctors[0], **values)
		assert starts(scene) == []

	def test_switched_off(self, scene):
		"""RA-11: a doctor who is no longer shown."""
		change("Doctor", scene.doctors[0], enabled=0)
		with pytest.raises((NotFound, Validation)):
			starts(scene)
		assert doctors.search()["total"] == 1

	def test_price_and_names(self, scene):
		"""AV-4: what cards and profiles say."""
		slug = scene.slugs[0]
		assert doctors.profile(slug)["services"][0]["prices"][0]["price"]["amount"] == "35.00"
		service = frappe.get_doc("Clinic Service", scene.visit)
		service.prices[0].price = 50
		service.update({"title": "A longer talk"}).save()
		change("Doctor", scene.doctors[0], doctor_name="Dr. Other")
		shown = doctors.profile(slug)
		assert shown["services"][0]["prices"][0]["price"]["amount"] == "50.00"
		assert (shown["services"][0]["name"], shown["name"]) == ("A longer talk", "Dr. Other")


class TestOverHttp:
	def test_every_process_sees_it(self, visitors):
		"""AV-3: remembered by four processes, changed in a fifth: the next answer of each is right."""
		scene = a_scene()
		crowd = visitors(scene, 24)
		shown = on_day(DAY, 6).isoformat()
		assert all(shown in visitor.starts(in_days(DAY)) for visitor in crowd)
		an_exception(frappe.get_doc("Doctor", scene.doctors[0]), from_date=in_days(DAY))
		frappe.db.commit()
		assert [visitor.starts(in_days(DAY)) for visitor in crowd] == [[]] * 24
		assert {visitor.hold(on_day(DAY, 6)).code for visitor in crowd} == {"ERR_VALIDATION"}

	def test_new_service_in_every_process(self, visitors):
		"""RA-11: a service added after every process has remembered the doctor is bookable in each."""
		scene = a_scene()
		crowd = visitors(scene, 24)
		assert all(visitor.starts(in_days(DAY)) for visitor in crowd)
		service = a_service(frappe.get_doc("Clinic", scene.clinic))
		doctor = frappe.get_doc("Doctor", scene.doctors[0])
		doctor.append("services", {"service": service.name})
		doctor.save()
		frappe.db.commit()
		assert all(visitor.starts(in_days(DAY), service=service.name) for visitor in crowd)


def test_versions_never_repeat(site):
	"""RA-11: a version that was rolled back is not used again."""
	scene = a_scene()
	versions = set()
	for _ in range(20):
		practices.changed(scene.doctors)
		versions.add(frappe.db.get_value("Doctor", scene.doctors[0], "offer_version"))
		frappe.db.rollback()
	assert len(versions) == 20
