"""What is written down to be told, and when: in the transaction of its cause (NT-1, NT-3)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import frappe
import pytest
from frappe.model.base_document import get_controller
from frappe.utils import add_days, now_datetime

from clinic_booking.booking import import_bookings, lifecycle, reschedule
from clinic_booking.booking.clock import from_database
from clinic_booking.booking.patients import Contact
from clinic_booking.messaging.queue import DOCTYPE, News, tell
from tests.builders import a_clinic, a_doctor, a_patient, a_service, insert
from tests.scenes import a_scene, on_day
from tests.site.booking.site_scene import MARIA, booked, do, in_utc, now
from tests.site.messaging import post

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def due(message):
	return from_database(message.due_at_utc)


def move(visit, start):
	return do(reschedule.reschedule, visit.name, visit.doctor, start)


def cancel(visit):
	return do(lifecycle.cancel_by_patient, visit.name, visit.doctor, None)


def count():
	return frappe.db.count(DOCTYPE)


def test_booking_leaves_what_is_told_at_once_and_before_the_visit(scene):
	"""NT-1: the patient and the doctor now, a reminder a day before."""
	visit = booked(scene)
	told = post.told(visit.name)
	assert set(told) == {"booked", "doctor_booked", "reminder"}
	assert told["booked"].audience == "Patient" and told["doctor_booked"].audience == "Doctor"
	assert due(told["reminder"]) == on_day(2, 12) - DAY
	assert due(told["booked"]) <= now()
	assert {(row.clinic, row.doctor, row.status) for row in told.values()} == {
		(scene.clinic, scene.doctors[0], "Waiting")
	}


def test_neither_words_nor_address_nor_link_are_kept(scene):
	"""NT-6, SE-5: a message is made when it is sent."""
	visit = booked(scene)
	kept = frappe.db.sql(f"SELECT * FROM `tab{DOCTYPE}` WHERE appointment = %s", visit.name, as_dict=True)
	for text in (MARIA.name, MARIA.email, MARIA.phone, "/booking/"):
		assert text not in str(kept)


def test_nothing_is_left_by_a_booking_that_fails(scene):
	"""NT-3: one transaction."""
	before = count()
	frappe.db.savepoint("before_it")
	desk_visit(scene, in_utc(on_day(2, 12)))
	assert count() > before
	frappe.db.rollback(save_point="before_it")
	assert count() == before


def test_request_and_its_answer(site):
	"""NT-1, BK-5: asked for, then booked; what is declined is told as that."""
	scene = a_scene(approves_bookings=1)
	visit, other = booked(scene), booked(scene, on_day(2, 14))
	assert set(post.told(visit.name)) == {"requested", "doctor_requested"}
	do(lifecycle.approve, visit.name, visit.doctor)
	do(lifecycle.decline, other.name, other.doctor, "Ill")
	assert set(post.told(visit.name)) == {
		"requested",
		"doctor_requested",
		"booked",
		"doctor_booked",
		"reminder",
	}
	assert set(post.told(other.name)) == {"requested", "doctor_requested", "declined"}


def test_move_is_told_and_reminded_of_anew(scene):
	"""NT-1: a reminder for the new time; the old one's is not true when it comes (NT-4)."""
	visit = booked(scene)
	move(visit, on_day(3, 15))
	told = post.told(visit.name)
	assert "moved" in told
	assert due(told["reminder"]) == on_day(3, 15) - DAY
	assert frappe.db.count(DOCTYPE, {"appointment": visit.name, "kind": "reminder"}) == 2


def test_cancellation_is_told_once(scene):
	"""NT-1: whoever asks how often."""
	visit = booked(scene)
	cancel(visit)
	cancel(visit)
	assert frappe.db.count(DOCTYPE, {"appointment": visit.name, "kind": "cancelled"}) == 1


def test_reopened_visit_is_no_news(scene):
	"""NT-1: checked in by mistake and back."""
	visit = booked(scene)
	before = count()
	frappe.db.set_value("Clinic Appointment", visit.name, "status", "Checked In")
	visit.reload()
	visit.status = "Confirmed"
	visit.save()
	assert count() == before


def test_saved_without_a_change_of_time_is_no_news(scene):
	"""NT-1: forms are saved for many reasons."""
	visit = booked(scene)
	before = count()
	visit.contact_name = "Maria I."
	visit.save()
	assert count() == before


def test_video_visit_has_its_link_at_any_hour(scene, monkeypatch):
	"""NT-2: a quarter of an hour before, night or not."""
	post.can_be_joined(monkeypatch)
	visit = booked(scene, on_day(2, 7))
	assert due(post.told(visit.name)["video_link"]) == on_day(2, 7) - 15 * MINUTE


def test_nobody_is_asked_to_join_what_has_no_link(site):
	"""NT-1: a video visit is reminded of as any other."""
	scene = a_scene()
	frappe.db.set_value("Clinic Service", scene.visit, "video", 1)
	frappe.clear_document_cache("Clinic Service", scene.visit)
	visit = booked(scene)
	assert set(post.told(visit.name)) == {"booked", "doctor_booked", "reminder"}


def test_reminder_leaves_the_night_alone(scene):
	"""NT-2: one for a visit at six comes in the evening before that night, on the clinic's clock."""
	visit = booked(scene, on_day(3, 6))
	assert due(post.told(visit.name)["reminder"]) == on_day(1, 20, 45)


def test_night_is_the_patients_own(scene):
	"""NT-2: on the clock of whoever booked."""
	contact = Contact("Ana Pop", "ana@example.com", "+34611223344", timezone="America/New_York")
	visit = booked(scene, on_day(2, 12), contact=contact)
	reminder = due(post.told(visit.name)["reminder"])
	there = reminder.astimezone(ZoneInfo("America/New_York"))
	assert (there.hour, there.minute) == (20, 45)


def test_night_of_a_desk_visit_is_that_of_the_patients_record(scene):
	"""NT-2: nobody types a zone at the desk."""
	patient = a_patient(timezone="America/New_York")
	visit = desk_visit(scene, in_utc(on_day(2, 12)), patient=patient.name)
	there = due(post.told(visit.name)["reminder"]).astimezone(ZoneInfo("America/New_York"))
	assert (there.hour, there.minute) == (20, 45)


def test_reminder_overdue_at_booking_is_not_written(scene):
	"""NT-2: booked for in a few hours."""
	later, soon = (desk_visit(scene, in_utc(now() + timedelta(hours=hours))) for hours in (72, 20))
	assert "reminder" in post.told(later.name)
	assert "reminder" not in post.told(soon.name)


def test_reminders_are_as_early_as_the_clinic_wants(scene):
	"""NT-2: and none where it wants none."""
	frappe.db.set_single_value("Clinic Booking Settings", "reminder_hours", 12)
	assert due(post.told(booked(scene).name)["reminder"]) == on_day(1, 20, 45)
	frappe.db.set_single_value("Clinic Booking Settings", "reminder_hours", 0)
	assert "reminder" not in post.told(booked(scene, on_day(2, 16)).name)


def test_who_agreed_to_pay_ahead_is_reminded_to(site):
	"""NT-1: of a visit that the desk booked unpaid; one paid at the clinic is not."""
	clinic = a_clinic()
	ahead, there = a_service(clinic, price=35, payment="Pay First"), a_service(clinic, price=35)
	doctor = a_doctor(ahead, there, clinics=[clinic])
	visits = [
		insert(
			"Clinic Appointment",
			doctor=doctor.name,
			service=service.name,
			clinic=clinic.name,
			patient=a_patient().name,
			starts_at_utc=in_utc(on_day(3, hour)),
		)
		for service, hour in ((ahead, 10), (there, 12))
	]
	assert ["payment_due" in post.told(visit.name) for visit in visits] == [True, False]


def test_imported_visits_are_reminded_of_and_nothing_else(scene):
	"""BK-10: the older system has told of them."""
	line = import_bookings.Taken(
		"A-1", MARIA, doctor=scene.doctors[0], service=scene.visit, start=on_day(3, 12).replace(tzinfo=None)
	)
	do(import_bookings.import_line, scene.clinic, line)
	assert set(post.told(frappe.get_last_doc("Clinic Appointment").name)) == {"reminder"}


def test_deleted_appointment_takes_its_messages_along(scene):
	"""SE-4: nothing is left that names it."""
	visit = booked(scene)
	frappe.db.set_value("Clinic Appointment", visit.name, "request", None)
	frappe.db.delete("Booking Request", {"appointment": visit.name})
	frappe.delete_doc("Clinic Appointment", visit.name, force=True)
	assert not post.told(visit.name)


def desk_visit(scene, starts_at_utc, patient=None, **values):
	return insert(
		"Clinic Appointment",
		doctor=scene.doctors[0],
		service=scene.visit,
		clinic=scene.clinic,
		patient=patient or a_patient().name,
		starts_at_utc=starts_at_utc,
		**values,
	)


@pytest.mark.parametrize("kinds", [("booked",), ("booked", "paid")])
def test_one_cause_is_told_once(scene, kinds):
	"""NT-3: whatever is announced twice."""
	visit, now = booked(scene), on_day(0, 0)
	for _each in range(2):
		tell(visit, [News(kind, "one cause") for kind in kinds], now)
	assert frappe.db.count(DOCTYPE, {"cause": ("like", "% one cause")}) == len(kinds)


def test_names_never_meet(scene):
	"""NT-3: of two messages with one name the second would be taken for one that is told already: 80 bits of chance."""
	assert {len(row.name) for row in post.told(booked(scene).name).values()} == {20}


def test_what_is_done_with_is_deleted_after_two_years_and_what_waits_is_not(scene):
	"""SE-4, NT-3: by Frappe's Log Settings, where a System Manager may say otherwise."""
	log_settings = frappe.get_doc("Log Settings")
	log_settings.add_default_logtypes()
	(days,) = [row.days for row in log_settings.logs_to_clear if row.ref_doctype == DOCTYPE]
	visit = booked(scene)
	for kind, ended, age in (
		("booked", "Done", days + 1),
		("doctor_booked", "Done", days - 1),
		("reminder", "Waiting", days + 1),
	):
		long_ago = add_days(now_datetime(), -age)
		values = {"outbox_status": ended, "modified": long_ago}
		frappe.db.set_value(DOCTYPE, {"appointment": visit.name, "kind": kind}, values, update_modified=False)
	get_controller(DOCTYPE).clear_old_logs(days)
	assert set(post.told(visit.name)) == {"doctor_booked", "reminder"}
	assert days == 2 * 365
