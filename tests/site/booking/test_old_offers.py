"""A form that changes what a doctor offers reads long before it locks: nobody is to be told what it read (AV-3)."""

import json
from datetime import timedelta
from functools import partial

import frappe
import pytest

from clinic_booking.booking import practices
from clinic_booking.booking.affected import AppointmentsAffected
from tests.builders import a_clinic, a_doctor, a_service, an_exception, insert
from tests.line import Line, at_once
from tests.scenes import a_scene, in_days, on_day, raise_limits
from tests.site.api.staff import a_user
from tests.site.booking.races import read_something
from tests.site.booking.site_scene import booked
from tests.visitor import Visitor

# Asked often enough to come to every process of the server.
ASKED = 12


@pytest.fixture
def scene(server):
	return a_booked_scene()


@pytest.fixture
def by_rest(server):
	"""A function that makes a record by REST, as another process does: it is committed when it returns."""
	cookie = {"Cookie": f"sid={server.client().login('Administrator').cookies['sid']}"}

	def make(doctype: str, **values) -> None:
		line = Line(server.url, cookie)
		status, body = line.post(f"/api/resource/{doctype.replace(' ', '%20')}", values)
		line.close()
		assert status == 200, body

	return make


@pytest.fixture
def close(by_rest):
	"""A function that closes a day of the doctor by REST."""

	def make(scene, day: int) -> None:
		by_rest(
			"Availability Exception",
			doctor=scene.doctors[0],
			kind="Closed",
			all_day=1,
			from_date=str(in_days(day)),
			to_date=str(in_days(day)),
		)

	return make


def a_booked_scene():
	"""With a visit to come, so that whoever changes the hours looks at what it then is in."""
	scene = a_scene()
	booked(scene, on_day(2, 9))
	return scene


def closed_days(scene) -> list:
	"""As this process tells the next who asks."""
	frappe.db.rollback()
	version = frappe.db.get_value("Doctor", scene.doctors[0], "offer_version")
	return sorted(row.from_date for row in practices.of(scene.doctors[0], version).calendar.overrides)


def test_closed_by_another_before_the_form_locks(scene, close):
	"""AV-3, RA-11: the form sees its own day and its own version; what is remembered has both days."""
	read_something()
	close(scene, 5)
	an_exception(frappe.get_doc("Doctor", scene.doctors[0]), from_date=in_days(6))
	frappe.db.commit()
	assert closed_days(scene) == [in_days(5), in_days(6)]


def test_remembered_again(scene):
	"""LI-2: once it is saved, its process remembers the doctor like any other."""
	an_exception(frappe.get_doc("Doctor", scene.doctors[0]), from_date=in_days(6))
	frappe.db.commit()
	known = practices.of(scene.doctors[0])
	assert practices.remembered(scene.doctors[0]) is known


def test_doctor_saved_meanwhile(scene, close):
	"""AV-1, AV-3: the doctor's own form, whose version comes with its row."""
	doctor = frappe.get_doc("Doctor", scene.doctors[0])
	close(scene, 5)
	doctor.update({"horizon_days": 20}).save()
	frappe.db.commit()
	assert closed_days(scene) == [in_days(5)]


def test_many_forms_at_once(server, close):
	"""AV-3: four days closed at once: every process then offers none of them."""
	for _round in range(4):
		scene = a_booked_scene()
		at_once(partial(close, scene, day) for day in (5, 6, 7, 8))
		path = (
			f"/api/method/clinic_booking.api.public.availability?doctor={scene.doctors[0]}"
			f"&service={scene.visit}&from_date={in_days(5)}&to_date={in_days(8)}"
		)
		for _ in range(ASKED):
			# Each by a line of its own: one that is kept stays with one process.
			line = Line(server.url)
			days = json.loads(line.get(path)[1])["message"]["days"]
			line.close()
			assert [day["state"] for day in days] == ["closed"] * 4


@pytest.fixture
def booked_meanwhile(scene, server):
	"""A function that books noon of a day, as a patient does."""
	visitor = Visitor(server.url, scene)

	def book(day: int) -> str:
		visitor.hold(on_day(day, 12))
		return visitor.book().message["appointment"]

	yield book
	visitor.close()


@pytest.fixture
def manager(scene):
	"""Signed in as a manager of the scene's clinic."""
	name = frappe.generate_hash(length=8)
	a_user(name, "Clinic Manager")
	clinic = frappe.get_doc("Clinic", scene.clinic)
	clinic.append("staff", {"user": f"{name}@staff.example", "role": "Manager"})
	clinic.save()
	frappe.db.commit()
	frappe.set_user(f"{name}@staff.example")
	yield
	frappe.set_user("Administrator")


def an_absence(scene, day: int, **values):
	"""By the user's own rights; not saved."""
	return frappe.get_doc(
		doctype="Availability Exception",
		doctor=scene.doctors[0],
		kind="Closed",
		all_day=1,
		from_date=in_days(day),
		to_date=in_days(day),
		**values,
	)


class TestJoinedMeanwhile:
	"""A doctor who came since the form's snapshot, and whom others remember by now, is looked at anew."""

	@pytest.fixture
	def joined(self, scene, by_rest):
		"""A function that makes a doctor by REST, who gives the scene's service at its clinic; their version."""
		name = f"New {frappe.generate_hash(length=8)}"

		def join() -> str:
			by_rest(
				"Doctor",
				doctor_name=name,
				clinics=[{"clinic": scene.clinic}],
				services=[{"service": scene.visit}],
				specialties=[{"specialty": self.specialty}],
			)
			return self.version_of(name)

		self.specialty = insert("Specialty", title=name).name
		frappe.db.commit()
		self.name = name
		return join

	@staticmethod
	def version_of(name: str) -> str:
		"""Past the snapshot."""
		((version,),) = frappe.db.sql(
			"SELECT offer_version FROM tabDoctor WHERE doctor_name = %s LOCK IN SHARE MODE", name
		)
		return version

	def form(self, scene, doctype: str):
		names = {"Clinic": scene.clinic, "Clinic Service": scene.visit, "Specialty": self.specialty}
		return frappe.get_doc(doctype, names.get(doctype, doctype))

	@pytest.mark.parametrize("doctype", ["Clinic", "Clinic Service", "Specialty", "Clinic Booking Settings"])
	def test_seen(self, scene, joined, doctype):
		"""RA-11: by the form of whatever their offer is made of."""
		read_something()
		form = self.form(scene, doctype)
		before = joined()
		form.save()
		frappe.db.commit()
		assert self.version_of(self.name) != before

	def test_by_the_holidays_of_a_clinic(self, scene, joined):
		"""AV-3: at a clinic that a Holiday List closes."""
		day = in_days(5)
		holidays = insert(
			"Holiday List",
			holiday_list_name=frappe.generate_hash(length=8),
			from_date=day - timedelta(days=100),
			to_date=day + timedelta(days=100),
		)
		frappe.get_doc("Clinic", scene.clinic).update({"holiday_list": holidays.name}).save()
		frappe.db.commit()
		read_something()
		form = frappe.get_doc("Holiday List", holidays.name)
		before = joined()
		form.append("holidays", {"holiday_date": day, "description": "Fiesta"})
		form.save()
		frappe.db.commit()
		assert self.version_of(self.name) != before


class TestBookedMeanwhile:
	def test_listed(self, scene, manager, booked_meanwhile):
		"""AV-11, SE-1: a manager is told of a visit that their form's snapshot doesn't know."""
		read_something()
		visit = booked_meanwhile(6)
		with pytest.raises(AppointmentsAffected) as refusal:
			an_absence(scene, 6).insert()
		frappe.db.rollback()
		told = frappe.get_doc("Clinic Appointment", visit)
		assert told.reference in str(refusal.value) and told.patient_name in str(refusal.value)

	def test_cancelled(self, scene, manager, booked_meanwhile):
		"""AV-11: and cancels it, having said so."""
		read_something()
		visit = booked_meanwhile(6)
		an_absence(scene, 6, affected="cancel", affected_reason="Ill").insert()
		frappe.db.commit()
		assert frappe.db.get_value("Clinic Appointment", visit, "status") == "Cancelled"
		assert not frappe.db.exists("Booked Slot", {"reference": visit})


class TestExtraHours:
	@pytest.fixture
	def two(self, server):
		"""A doctor of two clinics, at the first from 6 to 7, and those clinics."""
		raise_limits()
		clinics = [a_clinic(), a_clinic()]
		doctor = a_doctor(a_service(*clinics), clinics=clinics, hours=("06:00", "07:00"))
		frappe.db.commit()
		return doctor, *clinics

	@staticmethod
	def noon(doctor, clinic) -> dict:
		day = str(in_days(5))
		return {
			"doctor": doctor.name,
			"clinic": clinic.name,
			"kind": "Open",
			"all_day": 0,
			"from_date": day,
			"to_date": day,
			"start_time": "12:00:00",
			"end_time": "14:00:00",
		}

	def test_two_forms(self, two, by_rest):
		"""AV-3: open at two clinics at one time, by two forms at once: the second is refused."""
		doctor, one, other = two
		read_something()
		by_rest("Availability Exception", **self.noon(doctor, other))
		with pytest.raises(frappe.ValidationError, match="is open at"):
			insert("Availability Exception", **self.noon(doctor, one))
		frappe.db.rollback()
		frappe.get_doc("Doctor", doctor.name).save()

	def test_form_of_the_doctor(self, two, by_rest):
		"""AV-1, AV-3: nor does the doctor's own form put the week under extra hours made meanwhile."""
		doctor, _one, other = two
		form = frappe.get_doc("Doctor", doctor.name)
		read_something()
		by_rest("Availability Exception", **self.noon(doctor, other))
		for row in form.availability:
			row.end_time = "14:00:00"
		with pytest.raises(frappe.ValidationError, match="would overlap"):
			form.save()
		frappe.db.rollback()
