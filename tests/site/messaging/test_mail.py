"""What goes out by e-mail, received by a real mail server."""

from datetime import datetime, time

import frappe
import pytest
from icalendar import Calendar
from markupsafe import escape

from clinic_booking.booking import lifecycle, reschedule
from clinic_booking.booking.patients import Contact
from clinic_booking.messaging import sending
from tests.builders import insert
from tests.scenes import a_scene, clock_change, on_day
from tests.site.booking.site_scene import MARIA, booked, do
from tests.site.messaging import post
from tests.site.records.test_clinic_booking_settings import with_logo
from tests.site.records.test_photo import a_picture, attached

LANGUAGES = {
	"en": ("Your appointment on", "Hello", "Where"),
	"ro": ("Programarea dumneavoastră de", "Bună ziua", "Unde"),
	"es": ("Su cita del", "Hola", "Dónde"),
	"fr": ("Votre rendez-vous du", "Bonjour", "Où"),
}


def speaking(language, **values):
	return Contact("María Ionescu", "maria@example.com", "+34655000111", language=language, **values)


def event_of(mail):
	(event,) = Calendar.from_ical(mail.calendar_file).walk("VEVENT")
	return event


@pytest.mark.parametrize("language", LANGUAGES)
def test_booked_moved_and_cancelled_in_the_patients_language(scene, mails, language):
	"""NT-1, NT-2, TI-13: what is shown, stored, mailed and in the calendar file is one time; one event follows it."""
	visit = booked(scene, contact=speaking(language))
	post.send()
	do(reschedule.reschedule, visit.name, visit.doctor, on_day(3, 15))
	post.send()
	do(lifecycle.cancel_by_patient, visit.name, visit.doctor, None)
	post.send()
	first, moved, cancelled = mails.received
	subject, greeting, where = LANGUAGES[language]
	assert first.subject.startswith(subject)
	assert first.to == "maria@example.com"
	for mail, clock in ((first, "12:00"), (moved, "15:00"), (cancelled, "15:00")):
		assert f"{greeting} María Ionescu" in mail.text.replace(",", "") and where in mail.text
		assert clock in mail.text and clock in mail.html
		assert mail.message["Content-Language"] == language
	events = [event_of(mail) for mail in mails.received]
	assert len({event["UID"] for event in events}) == 1
	assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
	assert [event["DTSTART"].dt for event in events] == [on_day(2, 12), on_day(3, 15), on_day(3, 15)]
	methods = [Calendar.from_ical(mail.calendar_file)["METHOD"] for mail in mails.received]
	assert methods == ["REQUEST", "REQUEST", "CANCEL"]
	assert event_of(first)["ORGANIZER"] == f"mailto:{post.SENDER}"
	assert event_of(first)["ATTENDEE"] == "mailto:maria@example.com"


def test_a_request_that_is_declined_was_in_nobodys_calendar(mails):
	"""NT-2, BK-5: no mail of it brings a file, moved or not; once confirmed it does."""
	scene = a_scene(approves_bookings=1)
	declined, approved = booked(scene), booked(scene, on_day(2, 16))
	for visit, hour, end, *why in (
		(declined, 14, lifecycle.decline, "Ill"),
		(approved, 15, lifecycle.approve),
	):
		do(reschedule.reschedule, visit.name, visit.doctor, on_day(3, hour))
		post.send()
		assert not any(mail.calendar_file for mail in mails.received)
		do(end, visit.name, visit.doctor, *why)
		post.send()
	files = [mail for mail in mails.received if mail.calendar_file]
	assert [event_of(mail)["DTSTART"].dt for mail in files] == [on_day(3, 15)]


def test_mail_is_whole_as_text_and_as_html(scene, mails):
	"""NT-2: sent by the clinic's name, with the booking's own link, which is stored nowhere."""
	visit = booked(scene)
	post.send()
	(mail,) = mails.received
	link = f"{frappe.utils.get_url()}/booking/"
	assert link in mail.text and f'href="{link}' in mail.html
	assert mail.message["From"].addresses[0].addr_spec == post.SENDER
	assert mail.message["From"].addresses[0].display_name == frappe.db.get_value(
		"Clinic", scene.clinic, "title"
	)
	told = post.told(visit.name)["booked"]
	assert (told.status, told.channel, told.language) == ("Sent", "email", "en")
	assert told.provider_id == mail.key == f"<{told.name}@sunrise-clinic.example>"
	for doctype in ("Clinic Message", "Email Queue", "Email Queue Recipient", "Communication"):
		kept = str(frappe.db.sql(f"SELECT * FROM `tab{doctype}`"))
		assert "/booking/" not in kept and MARIA.email not in kept


def test_nothing_waits_in_frappes_queue(scene, mails):
	"""NT-2: of what went out one row says so; of what could not, none is left for Frappe to send."""
	booked(scene)
	mails.down = True
	post.send()
	assert not frappe.db.count("Email Queue")
	mails.down = False
	post.hurry(kind="booked")
	post.send()
	assert frappe.get_all("Email Queue", pluck="status") == ["Sent"]
	frappe.get_attr("frappe.email.queue.flush")()
	assert len(mails.received) == 1


def test_doctor_is_told_by_their_login(scene, mails):
	"""NT-1: in the doctor's language, with the desk's form instead of the patient's link or name."""
	user = insert("User", email="ana@example.com", first_name="Ana", send_welcome_email=0, language="ro")
	frappe.db.set_value("Doctor", scene.doctors[0], "user", user.name)
	visit = booked(scene)
	post.send()
	(mail,) = [mail for mail in mails.received if mail.to == "ana@example.com"]
	assert mail.subject.startswith("Programare nouă")
	assert f"/app/clinic-appointment/{visit.name}" in mail.text
	assert MARIA.name not in mail.text and "/booking/" not in mail.text


def test_doctor_who_left_is_not_told(scene, mails):
	"""NT-1, SE-1: a login that is switched off gets no news of patients."""
	user = insert("User", email="ana@example.com", first_name="Ana", send_welcome_email=0, enabled=0)
	frappe.db.set_value("Doctor", scene.doctors[0], "user", user.name)
	visit = booked(scene)
	post.send()
	assert post.statuses(visit.name)["doctor_booked"] == "Skipped"
	assert "ana@example.com" not in [mail.to for mail in mails.received]


def test_doctor_without_a_login_is_not_told(scene, mails):
	"""NT-1: and the list says why."""
	visit = booked(scene)
	post.send()
	told = post.told(visit.name)["doctor_booked"]
	assert (told.status, told.why) == ("Skipped", sending.NO_WAY)


@pytest.mark.parametrize(
	"name",
	["<script>alert(1)</script>", "Ana <b>& Co</b>", '"><img src=x onerror=alert(1)>', "{{ link }} {% if %}"],
)
def test_names_are_words_and_nothing_else(scene, mails, name):
	"""IN-4, IN-6: in HTML they are escaped, in the text they stand as they were typed."""
	frappe.db.set_value("Clinic Appointment", booked(scene).name, "contact_name", name)
	post.send()
	(mail,) = mails.received
	assert name in mail.text
	assert frappe.utils.escape_html(name).replace("&quot;", "&#34;") in mail.html
	assert "<script" not in mail.html and "<img" not in mail.html and "<b>" not in mail.html


def test_a_name_carries_no_web_address_to_others(scene, mails):
	"""SE-3: whoever books names any address, and would send a link there in the clinic's name."""
	name = "Ana HTTPS://evil.example/x www.evil.example"
	frappe.db.set_value("Clinic Appointment", booked(scene).name, "contact_name", name)
	post.send()
	(mail,) = mails.received
	assert "Hello Ana," in mail.text and "evil" not in mail.text + mail.html


@pytest.mark.parametrize(
	"name, greeted",
	[
		("Verify your card at pay-clinic.com/x", "Hello Verify your card at pay-clinic. com/x,"),
		("ana@evil.example", "Hello ana@evil. example,"),
		("evil。example", "Hello evil。 example,"),
		("J. Smith Jr.", "Hello J. Smith Jr.,"),
		("https://evil.example", "Hello,"),
	],
)
def test_a_name_is_nothing_that_mail_programs_make_a_link_of(scene, mails, name, greeted):
	"""SE-3: no bare domain either; who has no name left is greeted without one."""
	frappe.db.set_value("Clinic Appointment", booked(scene).name, "contact_name", name)
	post.send()
	(mail,) = mails.received
	assert mail.text.startswith(greeted)


def test_the_clinics_names_and_texts_are_words_too(scene, mails):
	"""IN-4: clinic, doctor, service, address, and a text of its own: escaped in HTML, as typed in the text."""
	odd = "{} <img src=x onerror=alert(1)> & <b>Co</b>".format
	for doctype, name, field in (
		("Clinic", scene.clinic, "title"),
		("Clinic", scene.clinic, "city"),
		("Doctor", scene.doctors[0], "doctor_name"),
		("Clinic Service", scene.visit, "title"),
	):
		frappe.db.set_value(doctype, name, field, odd(f"{doctype} {field}"))
	frappe.clear_cache()
	text = {"kind": "booked", "family": "email", "language": "en", "enabled": 1}
	insert("Message Template", **text, subject=odd("Our subject"), body=odd("Our body of {{ doctor }}"))
	booked(scene)
	post.send()
	(mail,) = mails.received
	assert mail.subject == odd("Our subject")
	for words in (
		"Our body of Doctor",
		"Clinic title",
		"Clinic city",
		"Doctor doctor_name",
		"Clinic Service title",
	):
		assert words in mail.text and words in mail.html
	assert odd("Clinic city") in mail.text
	assert "<img" not in mail.html and "<b>" not in mail.html
	assert str(escape(odd("Clinic city"))) in mail.html


@pytest.mark.parametrize("is_said_of_the_patient", [False, True])
def test_a_server_that_refuses_us_is_no_fault_of_the_patient(scene, mails, is_said_of_the_patient):
	"""ME-2, ME-8: our sender or our address blocked: it waits, goes by nothing that costs, and once it is mended."""
	if is_said_of_the_patient:
		mails.refuses[MARIA.email] = "554 5.7.1 Client host blocked using zen.spamhaus.org"
	else:
		mails.refuses_sender = "554 5.7.1 Your address is blocked"
	visit = booked(scene)
	post.send()
	assert post.statuses(visit.name)["booked"] == "Waiting"
	mails.refuses_sender = None
	mails.refuses.clear()
	post.hurry(kind="booked")
	post.send()
	assert post.statuses(visit.name)["booked"] == "Sent" and len(mails.received) == 1


def test_line_breaks_end_no_header(scene, mails):
	"""ME-11, IN-8: in the name of a patient, of a doctor, of the clinic; neither in mail nor in the file."""
	frappe.db.set_value("Doctor", scene.doctors[0], "doctor_name", "Ana\r\nBcc: all@example.com")
	frappe.db.set_value("Clinic", scene.clinic, "title", "Sunrise\nBcc: all@example.com")
	frappe.clear_cache()
	visit = booked(scene)
	frappe.db.set_value("Clinic Appointment", visit.name, "contact_name", "Maria\r\n\r\nBcc: all@example.com")
	post.send()
	(mail,) = mails.received
	assert mail.message["Bcc"] is None and mail.to == MARIA.email
	assert b"\nBcc" not in mail.calendar_file
	assert "\nBcc" not in mail.text


def test_time_that_comes_twice_is_told_with_its_offset(scene, mails):
	"""TI-13: on the night the clocks go back, 02:30 of the one and the other are told apart."""
	visit = booked(scene)
	for hour, offset in ((0, "UTC+2"), (1, "UTC+1")):
		utc = datetime.combine(clock_change(10), time(hour, 30))
		frappe.db.set_value(
			"Clinic Appointment", visit.name, {"starts_at_utc": utc, "ends_at_utc": utc.replace(minute=59)}
		)
		frappe.db.set_value(
			"Clinic Message",
			{"appointment": visit.name, "kind": "booked"},
			{"outbox_status": "Waiting", "status": "Waiting"},
		)
		post.hurry(kind="booked")
		post.send()
		mail = mails.received[-1]
		assert "02:30" in mail.text and f"({offset})" in mail.text
		assert event_of(mail)["DTSTART"].dt.utctimetuple()[:5] == utc.utctimetuple()[:5]


def test_logo_of_a_mail_is_one_that_everybody_may_load(scene, mails):
	"""NT-2, UI-1: the public picture of a private file; of a drawing, which mail programs leave empty, the name."""
	settings = frappe.get_doc("Clinic Booking Settings")
	settings.brand_name = "Sunrise"
	picture = with_logo(settings, attached(a_picture("red", size=(1200, 300)), private=1))
	booked(scene)
	post.send()
	with_logo(settings, attached(b"<svg/>", "logo.svg"))
	booked(scene, on_day(2, 14))
	post.send()
	pictured, drawn = mails.received
	assert f'src="{frappe.utils.get_url(picture)}" alt="{settings.brand_name}"' in pictured.html
	assert picture.endswith(".png") and "/private/" not in pictured.html
	assert "<img" not in drawn.html and settings.brand_name in drawn.html


def test_mail_can_be_rendered(scene, mails, tmp_path_factory):
	"""NT-2: as it was received, for people to look at."""
	booked(scene, contact=speaking("ro"))
	post.send()
	(mail,) = mails.received
	assert mail.html.startswith("<!doctype html>") and 'lang="ro"' in mail.html
