"""The calendar file over HTTP: which booking it tells, in which zone, and that it follows the booking."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import frappe
import pytest
from icalendar import Calendar

from clinic_booking.booking import tokens
from tests.builders import a_clinic, a_doctor, a_service
from tests.site.api.conftest import counts, error_of, limits_off

UTC = timezone.utc


def file_of(api, token):
	answer = api.get("ics", token=token)
	assert answer.status_code == 200, answer.text
	return Calendar.from_ical(answer.content)


def event_of(api, token):
	(event,) = file_of(api, token).walk("VEVENT")
	return event


def slots_ahead(api, practice):
	"""Free starts beyond all deadlines."""
	return [slot["start"] for slot in api.slots(practice)][40:]


def test_a_booking_as_a_file(api, practice):
	"""BK-7, SE-6: a calendar file to keep, which no cache keeps."""
	start = slots_ahead(api, practice)[0]
	token = api.booked(practice, start)
	answer = api.get("ics", token=token)
	assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
	assert answer.headers["Content-Disposition"] == "attachment; filename=appointment.ics"
	assert answer.headers["Cache-Control"] == "no-store"
	booking = api.get("booking", token=token).json()["message"]
	event = event_of(api, token)
	assert event["DTSTART"].dt == datetime.fromisoformat(start) == datetime.fromisoformat(booking["start"])
	assert event["DTEND"].dt == datetime.fromisoformat(booking["end"])
	assert booking["reference"] in str(event["DESCRIPTION"])
	assert frappe.db.get_value("Doctor", practice.doctor, "doctor_name") in str(event["SUMMARY"])
	assert str(event["URL"]).endswith(f"/booking/{token}")
	assert "Quettelbury" not in answer.text


def test_token_in_the_header_does_as_well(api, practice):
	"""SE-5: our pages keep it out of addresses, and so out of logs."""
	token = api.booked(practice, slots_ahead(api, practice)[0])
	answer = api.get("ics", headers={"X-Booking-Token": token})
	assert str(Calendar.from_ical(answer.content).walk("VEVENT")[0]["URL"]).endswith(token)


def test_same_event_through_two_moves_and_a_cancellation(api, practice):
	"""NT-2: the UID stays, the SEQUENCE rises, and the last file takes the event away."""
	first, second, third = slots_ahead(api, practice)[:3]
	token = api.booked(practice, first)
	events = [event_of(api, token)]
	for start in (second, third):
		assert api.post("reschedule", token=token, start=start).status_code == 200
		events.append(event_of(api, token))
		assert events[-1]["DTSTART"].dt == datetime.fromisoformat(start)
	assert api.post("cancel", token=token).status_code == 200
	assert str(file_of(api, token)["METHOD"]) == "CANCEL"
	events.append(event_of(api, token))
	sequences = [event["SEQUENCE"] for event in events]
	assert sequences == sorted(set(sequences))
	assert len({str(event["UID"]) for event in events}) == 1
	assert [str(event["STATUS"]) for event in events] == ["CONFIRMED"] * 3 + ["CANCELLED"]
	assert [event["LAST-MODIFIED"].dt for event in events] == sorted(e["LAST-MODIFIED"].dt for e in events)


def test_opening_it_again_changes_nothing(api, practice):
	"""IN-15: neither GET nor HEAD; the same file but for the moment it was made."""
	token = api.booked(practice, slots_ahead(api, practice)[0])
	before = counts()
	sequences = {event_of(api, token)["SEQUENCE"] for _ in range(3)}
	assert api.session.head(f"/api/method/clinic_booking.api.public.ics?token={token}").status_code == 200
	assert len(sequences) == 1
	assert counts() == before


def test_hold_is_no_appointment_yet(api, practice):
	"""BK-5: nothing is certain, so nothing goes into a calendar."""
	token = api.hold(practice, slots_ahead(api, practice)[0]).json()["message"]["token"]
	error_of(api.get("ics", token=token), 422, "ERR_VALIDATION")


def test_wrong_tokens_find_nothing(api, practice):
	"""IN-14: cut, altered and made up: as if there were nothing."""
	token = api.booked(practice, slots_ahead(api, practice)[0])
	errors = [
		error_of(api.get("ics", token=wrong), 404, "ERR_NOT_FOUND")
		for wrong in (token[:-1], token.swapcase(), "x" * 43)
	]
	assert all(error == errors[0] for error in errors)


def test_texts_of_records_start_no_line(api, practice):
	"""IN-8: names and addresses with line breaks, separators and emoji stay texts."""
	hostile = "Visit, no; \\ 👩‍⚕️\nATTENDEE:mailto:x@evil.example"
	token = api.booked(practice, slots_ahead(api, practice)[0])
	frappe.db.set_value("Clinic Service", practice.service, "title", hostile)
	frappe.db.set_value("Clinic", practice.clinic, {"title": hostile, "address_line": hostile})
	frappe.db.set_value("Doctor", practice.doctor, "doctor_name", hostile)
	frappe.db.commit()
	frappe.clear_cache()
	event = event_of(api, token)
	assert "ATTENDEE" not in event
	assert str(event["SUMMARY"]).startswith("Visit, no; \\ 👩‍⚕️ ATTENDEE:mailto:x@evil.example, Visit")
	assert hostile in str(event["DESCRIPTION"])


@pytest.fixture
def faraway(committed):
	"""A clinic, a site and a visitor in three zones, all different; visits by video and at the clinic."""
	settings = frappe.get_doc("System Settings")
	settings.time_zone = "Pacific/Auckland"
	settings.save()
	clinic = a_clinic(timezone="America/New_York")
	services = {"video": a_service(clinic, video=1), "clinic": a_service(clinic)}
	doctor = a_doctor(*services.values(), clinics=[clinic], horizon_days=730)
	limits_off()
	frappe.db.commit()
	return doctor, services


@pytest.mark.parametrize("kind, zone", [("video", "Asia/Kolkata"), ("clinic", "America/New_York")])
def test_shown_stored_and_in_the_file(api, faraway, kind, zone):
	"""TI-13: page, API, database and file tell one instant, before and after the clocks change."""
	doctor, services = faraway
	for day in around_changes(ZoneInfo("America/New_York")):
		start = datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("America/New_York"))
		given = {"doctor": doctor.name, "service": services[kind].name, "start": start.isoformat()}
		token = api.post("hold", **given).json()["message"]["token"]
		patient = {"name": "Maria Ionescu", "email": "m@example.com", "phone": "+34611777888"}
		api.post("book", token=token, patient=patient | {"timezone": "Asia/Kolkata"}, consent=True)
		event = event_of(api, token)
		booking = api.get("booking", token=token).json()["message"]
		frappe.db.rollback()
		stored, shown_in = frappe.db.get_value(
			"Clinic Appointment", {"token_hash": tokens.hash_of(token)}, ["starts_at_utc", "starts_at"]
		)
		assert event["DTSTART"].dt == datetime.fromisoformat(booking["start"]) == start
		assert stored.replace(tzinfo=UTC) == start == shown_in.replace(tzinfo=ZoneInfo("Pacific/Auckland"))
		assert event["DTSTART"].params["TZID"] == booking["timezone"] == zone
		local = start.astimezone(ZoneInfo(zone))
		page = api.session.get(f"/booking/{token}").text
		assert f'<time datetime="{local.isoformat()}">' in page
		assert f"{local.hour:02}:{local.minute:02}–" in page
		assert event["DTSTART"].dt.hour == local.hour


def around_changes(zone):
	"""The days before and after each of the next two changes of a zone's clocks."""
	days, day = [], date.today() + timedelta(days=2)
	while len(days) < 4:
		offsets = {
			datetime(d.year, d.month, d.day, tzinfo=zone).utcoffset() for d in (day, day + timedelta(1))
		}
		if len(offsets) == 2:
			days += [day - timedelta(days=1), day + timedelta(days=1)]
		day += timedelta(days=1)
	return days
