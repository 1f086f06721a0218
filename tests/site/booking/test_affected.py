"""A change of hours that hits appointments: listed first, kept or cancelled, by any road (AV-11)."""

from contextlib import contextmanager

import frappe
import pytest
from frappe.desk.form.meta import get_meta
from frappe.utils import formatdate

from clinic_booking.booking import affected, claims
from clinic_booking.booking.affected import AppointmentsAffected, Decision
from clinic_booking.clinic_booking.doctype.clinic_appointment.clinic_appointment import ClinicAppointment
from clinic_booking.errors import Validation
from tests.builders import a_block, a_clinic, a_service, insert
from tests.scenes import a_scene, in_days, on_day
from tests.site.booking.site_scene import booked, do


@pytest.fixture
def scene(site):
	return a_scene()


@pytest.fixture
def visit(scene):
	"""At noon in two days."""
	return booked(scene)


@pytest.fixture
def told(monkeypatch):
	"""What a listener hears of cancellations: (appointment, by whom, why)."""
	heard = []

	def on_cancel(appointment):
		heard.append((appointment.name, appointment.cancelled_by, appointment.cancel_reason))

	monkeypatch.setattr(ClinicAppointment, "on_cancel", on_cancel, raising=False)
	return heard


@contextmanager
def refused(error=AppointmentsAffected):
	"""As a request: what was written before stays, what is refused is rolled back."""
	frappe.db.commit()
	with pytest.raises(error) as refusal:
		yield refusal
	frappe.db.rollback()


def doctor_of(scene):
	return frappe.get_doc("Doctor", scene.doctors[0])


def away(scene, days=2, **values):
	"""An exception on the day of the visit, not saved."""
	day = in_days(days)
	return frappe.get_doc(
		doctype="Availability Exception",
		doctor=scene.doctors[0],
		kind="Closed",
		all_day=1,
		from_date=day,
		to_date=day,
		**values,
	)


def state(visit):
	return frappe.db.get_value("Clinic Appointment", visit.name, "status")


class TestException:
	def test_without_a_decision_is_refused_with_the_list(self, scene, visit):
		"""AV-11: nothing is saved, and the list names who is hit, when, in the clinic's zone."""
		with refused() as refusal:
			away(scene).insert()
		assert visit.patient_name in str(refusal.value) and visit.reference in str(refusal.value)
		assert f"{formatdate(in_days(2))} 12:00" in str(refusal.value)
		assert state(visit) == "Confirmed"

	def test_keep_saves_and_leaves_them(self, scene, visit, told):
		"""AV-11: the editor keeps them; they hold their time."""
		away(scene, affected="keep").insert()
		assert (state(visit), told) == ("Confirmed", [])
		assert len(claims.held(visit.name)) == 1

	def test_cancel_gives_a_reason_and_is_announced(self, scene, visit, told):
		"""AV-11, PO-2: cancelled by the clinic as any other, time given back, listeners told."""
		away(scene, affected="cancel", affected_reason="The doctor is ill").insert()
		assert state(visit) == "Cancelled"
		assert told == [(visit.name, "Clinic", "The doctor is ill")]
		assert claims.held(visit.name) == set()

	def test_cancel_asks_for_a_reason_that_patients_may_read(self, scene, visit, told):
		"""PO-2, SE-5: the exception's own is the staff's, and no reason to tell."""
		for own in (None, "Burnout, don't tell"):
			with refused(frappe.ValidationError):
				away(scene, affected="cancel", reason=own).insert()
		away(scene, affected="cancel", affected_reason="The doctor is away", reason="Burnout").insert()
		assert told == [(visit.name, "Clinic", "The doctor is away")]

	def test_what_hits_nobody_is_simply_saved(self, scene, visit):
		"""AV-11: another day, a cancelled visit, one that is over."""
		away(scene, days=3).insert()
		visit.db_set("status", "Cancelled")
		away(scene).insert()

	def test_changed_and_deleted(self, scene):
		"""AV-11: extra hours that are shortened or taken back hit what was booked in them."""
		doctor = doctor_of(scene)
		doctor.set(
			"availability", [a_block(frappe.get_doc("Clinic", scene.clinic), "Monday", "00:00", "00:30")]
		)
		doctor.save()
		day = in_days(2)
		extra = insert(
			"Availability Exception",
			doctor=doctor.name,
			kind="Open",
			all_day=0,
			clinic=scene.clinic,
			from_date=day,
			to_date=day,
			start_time="10:00",
			end_time="14:00",
		)
		visit = booked(scene)
		extra.end_time = "12:15"
		with refused():
			extra.save()
		extra.reload()
		with refused(affected.DeletionAffectsAppointments):
			extra.delete()
		extra.affected, extra.affected_reason = "cancel", "No extra hours"
		extra.end_time = "12:15"
		extra.save()
		assert state(visit) == "Cancelled"

	def test_squeezed_outside_hours_is_nobodys_business(self, scene, visit):
		"""AV-9: what lay outside opening hours before is not hit."""
		first = away(scene, affected="keep").insert()
		away(scene, reason="The same day again").insert()
		first.delete()
		assert state(visit) == "Confirmed"


class TestDoctor:
	def test_weekly_hours(self, scene, visit):
		"""AV-11: the same for the week; whatever else a form changes asks nothing."""
		doctor = doctor_of(scene)
		doctor.bio = "Since 1999"
		doctor.save()
		for row in doctor.availability:
			row.end_time = "12:00"
		with refused():
			doctor.save()
		doctor.reload()
		assert {str(row.end_time) for row in doctor.availability} == {"22:00:00"}
		doctor.update({"affected": "keep", "availability": doctor.availability[:1]})
		doctor.save()
		assert state(visit) == "Confirmed"

	def test_a_clinic_given_up(self, scene, visit):
		"""AV-11: the doctor leaves the clinic of the visit."""
		other = a_clinic()
		doctor = doctor_of(scene)
		doctor.update({"clinics": [{"clinic": other.name}], "availability": []})
		with refused():
			doctor.save()

	def test_switched_off(self, scene, visit):
		"""AV-11: who is no longer offered at all."""
		doctor = doctor_of(scene)
		doctor.enabled = 0
		with refused() as refusal:
			doctor.save()
		assert visit.reference in str(refusal.value)

	def test_a_service_given_up(self, scene, visit):
		"""AV-11: visits of a service that is no longer given are hit, others not."""
		clinic = frappe.get_doc("Clinic", scene.clinic)
		doctor = doctor_of(scene)
		doctor.append("services", {"service": a_service(clinic).name})
		doctor.save()
		del doctor.services[0]
		with refused():
			doctor.save()


class TestService:
	def test_switched_off(self, scene, visit, told):
		"""AV-11: the visits to come of a service that is disabled are listed, then kept or cancelled."""
		service = frappe.get_doc("Clinic Service", scene.visit)
		service.enabled = 0
		with refused() as refusal:
			service.save()
		assert visit.reference in str(refusal.value)
		service.reload()
		service.update({"enabled": 0, "affected": "cancel", "affected_reason": "No longer given"})
		service.save()
		assert told == [(visit.name, "Clinic", "No longer given")]

	def test_without_a_price_at_the_clinic(self, scene, visit):
		"""AV-11, AV-4: no price there, not offered there; another price, or one more clinic, hits nobody."""
		service = frappe.get_doc("Clinic Service", scene.visit)
		other = a_clinic()
		service.append("prices", {"clinic": other.name, "price": 0})
		service.save()
		service.prices = service.prices[1:]
		with refused():
			service.save()
		service.reload()
		service.update({"prices": service.prices[1:], "affected": "keep"})
		service.save()
		assert state(visit) == "Confirmed"


class TestHolidays:
	def a_list(self, *days):
		return insert(
			"Holiday List",
			holiday_list_name=f"Holidays {frappe.generate_hash(length=6)}",
			from_date=in_days(-30),
			to_date=in_days(300),
			holidays=[{"holiday_date": day, "description": "Fair"} for day in days],
		)

	def test_a_list_changed_after_bookings_exist(self, scene, visit, told):
		"""TI-6, AV-11: a holiday added closes the day for all doctors of the clinic; a receptionist is asked."""
		holidays = self.a_list(in_days(9))
		frappe.get_doc("Clinic", scene.clinic).update({"holiday_list": holidays.name}).save()
		holidays.append("holidays", {"holiday_date": in_days(2), "description": "Strike"})
		with refused():
			holidays.save()
		holidays.reload()
		holidays.append("holidays", {"holiday_date": in_days(2), "description": "Strike"})
		holidays.affected, holidays.affected_reason = "cancel", "General strike"
		holidays.save()
		assert told == [(visit.name, "Clinic", "General strike")]

	def test_a_row_saved_by_itself(self, scene, visit):
		"""AV-11: the same for one row of the list, as REST can save and delete it; the offer follows."""
		holidays = self.a_list(in_days(9))
		frappe.get_doc("Clinic", scene.clinic).update({"holiday_list": holidays.name}).save()
		(row,) = holidays.holidays
		row = frappe.get_doc("Holiday", row.name)
		row.holiday_date = in_days(2)
		with refused() as refusal:
			row.save()
		assert visit.reference in str(refusal.value)
		row = frappe.get_doc("Holiday", row.name)
		before = doctor_of(scene).offer_version
		row.update({"holiday_date": in_days(2), "affected": "keep"}).save()
		assert doctor_of(scene).offer_version != before
		assert state(visit) == "Confirmed"

	def test_another_list_for_a_clinic(self, scene, visit):
		"""AV-11: the same when the clinic takes a list that closes the day."""
		clinic = frappe.get_doc("Clinic", scene.clinic)
		clinic.holiday_list = self.a_list(in_days(2)).name
		with refused():
			clinic.save()
		holidays = clinic.holiday_list
		clinic.reload()
		clinic.update({"holiday_list": holidays, "affected": "keep"})
		clinic.save()
		assert state(visit) == "Confirmed"


class TestUseCase:
	def test_several_changes_are_one(self, scene, visit):
		"""AV-11: hours that move to another exception are not lost in between; the list comes whole."""
		second = booked(scene, on_day(3, 12))

		def close(*days):
			def edit():
				for day in days:
					exception = away(scene, day)
					exception.flags.hours_watched = True
					exception.insert()

			return edit

		assert [row.name for row in affected.hit_by(scene.doctors[0], close(2, 3))] == [
			visit.name,
			second.name,
		]
		frappe.db.rollback()
		with refused(Validation) as refusal:
			do(affected.change, scene.doctors[0], close(2, 3), Decision())
		shown = refusal.value.facts["appointments"]
		assert [shape["appointment"] for shape in shown] == [visit.name, second.name]
		assert shown[0]["start"] == on_day(2, 12).isoformat()
		do(affected.change, scene.doctors[0], close(2, 3), Decision("cancel", "Away"))
		assert (state(visit), state(second)) == ("Cancelled", "Cancelled")


def test_rest_is_held_to_the_same(committed, server):
	"""AV-11, BK-10: without a decision 417 and the list; with it saved, and the decision stored nowhere."""
	scene = a_scene()
	visit = booked(scene)
	client = server.client().login("Administrator")
	path = "/api/resource/Availability Exception"
	day = in_days(2).isoformat()
	row = {"doctor": scene.doctors[0], "kind": "Closed", "from_date": day, "to_date": day}
	refusal = client.post(path, json=row)
	assert (refusal.status_code, visit.reference in refusal.text) == (417, True)
	made = client.post(path, json=row | {"affected": "cancel", "affected_reason": "Away"})
	assert made.status_code == 200
	assert "affected" not in made.json()["data"]
	frappe.db.rollback()
	assert state(visit) == "Cancelled"


def test_every_form_asks(site):
	"""AV-11: the script that asks is part of each form whose save can be refused with the list."""
	for doctype in affected.CONCERNED.keys() - {"Holiday"}:
		assert "AppointmentsAffected" in get_meta(doctype).get("__js"), doctype


def test_who_may_not_cancel_them_may_keep_them(site):
	"""SE-1: whoever keeps the Holiday Lists closes days, sees no patients and cancels at no clinic."""
	scene, holidays = a_scene(), TestHolidays().a_list(in_days(9))
	frappe.get_doc("Clinic", scene.clinic).update({"holiday_list": holidays.name}).save()
	visit = booked(scene)
	user = insert("User", email="hr@elsewhere.example", first_name="Personnel", send_welcome_email=0)
	user.add_roles("HR Manager")

	def closed(**decision):
		changed = frappe.get_doc("Holiday List", holidays.name).update(decision)
		changed.append("holidays", {"holiday_date": in_days(2), "description": "Strike"})
		changed.save()

	frappe.set_user(user.name)
	with refused() as refusal:
		closed()
	assert visit.reference in str(refusal.value) and visit.patient_name not in str(refusal.value)
	with refused(frappe.PermissionError):
		closed(affected="cancel", affected_reason="Ill")
	closed(affected="keep")
	frappe.set_user("Administrator")
	assert state(visit) == "Confirmed"
