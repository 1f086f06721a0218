"""Messages are sent once, tried again, skipped and given up (NT-3, NT-4)."""

from datetime import datetime, timedelta

import frappe
import pytest
from icalendar import Calendar

from clinic_booking.booking import lifecycle, reschedule
from clinic_booking.booking.patients import Contact
from clinic_booking.messaging import kinds, sending
from clinic_booking.messaging.queue import DOCTYPE
from tests.builders import insert
from tests.scenes import on_day
from tests.site.booking.site_scene import MARIA, booked, do
from tests.site.messaging import post
from tests.site.messaging.post import at, retried_in

HOUR = timedelta(hours=1)
ANA = Contact("Ana Pop", "ana@example.com", "+34611223344")


def alerts():
	return frappe.get_all("Clinic Alert", {"kind": "Messages"}, ["clinic", "status", "reference_name"])


def test_mail_server_down_for_two_hours_delays_and_loses_nothing(scene, mails):
	"""ME-1: tried after growing waits; once it is back all goes out, once, and nobody was alarmed."""
	visit = booked(scene)
	mails.down = True
	waits = []
	for _each in range(5):
		post.send()
		waits.append(retried_in(post.told(visit.name)["booked"]))
		post.hurry(kind="booked")
	assert sum(waits, timedelta(0)) > 1.7 * HOUR and waits == sorted(waits)
	assert post.statuses(visit.name)["booked"] == "Waiting" and not alerts()
	mails.down = False
	post.send()
	assert post.statuses(visit.name)["booked"] == "Sent"
	assert len(mails.received) == 1


def test_mail_server_that_is_not_there(scene, mails):
	"""ME-1: nobody answers at all."""
	visit = booked(scene)
	post.an_email_account(9)
	post.send()
	told = post.told(visit.name)["booked"]
	assert told.status == "Waiting" and told.attempts == 1 and retried_in(told) < timedelta(minutes=2)
	assert not frappe.local.message_log


def test_given_up_after_a_day_with_one_alert_for_all(scene, mails):
	"""NT-3, ME-8: failed where people see it, never marked sent; the button sends it after all."""
	visits = [booked(scene), booked(scene, on_day(2, 14), ANA)]
	mails.down = True
	for _each in range(len(sending.WAITS) + 1):
		post.hurry(kind="booked")
		post.send()
	told = [post.told(visit.name)["booked"] for visit in visits]
	assert [(row.status, row.sent_at_utc, row.provider_id) for row in told] == [("Failed", None, None)] * 2
	assert all(row.why for row in told)
	assert [(row.clinic, row.reference_name) for row in alerts()] == [(scene.clinic, scene.clinic)]
	mails.down = False
	sending.try_again(told[0].name)
	post.send()
	assert (
		post.statuses(visits[0].name)["booked"] == "Sent"
		and post.statuses(visits[1].name)["booked"] == "Failed"
	)


def test_waits_come_to_about_a_day():
	"""NT-3: longer than a mail server is ever away for a night."""
	assert timedelta(hours=20) < sum(sending.WAITS, timedelta(0)) < timedelta(hours=36)


@pytest.mark.parametrize(
	"said, status, why",
	[
		("550 5.1.1 No such user", "Failed", sending.REASONS["bad_address"]),
		("553 Mailbox name not allowed", "Failed", sending.REASONS["bad_address"]),
		("451 4.7.1 Greylisted", "Waiting", None),
		("452 4.2.2 Mailbox full", "Waiting", None),
	],
)
def test_for_good_and_for_the_moment(scene, mails, said, status, why):
	"""ME-2: 5xx is given up at once, 4xx tried again."""
	mails.refuses[MARIA.email] = said
	visit = booked(scene)
	post.send()
	told = post.told(visit.name)["booked"]
	assert (told.status, told.why) == (status, why)
	assert bool(alerts()) == (status == "Failed")


def test_first_broken_recipient_stops_no_other(scene, mails):
	"""ME-7: each by itself, over the same line."""
	mails.refuses[MARIA.email] = "550 No such user"
	first, second = booked(scene), booked(scene, on_day(2, 14), ANA)
	post.send()
	assert [post.statuses(visit.name)["booked"] for visit in (first, second)] == ["Failed", "Sent"]
	assert [mail.to for mail in mails.received] == [ANA.email]


def test_words_of_nobody_are_kept_of_an_error(scene, mails):
	"""SE-5: types and places, neither address nor what the server said."""
	mails.refuses[MARIA.email] = f"550 {MARIA.email} is unknown"
	booked(scene)
	post.send()
	kept = str(frappe.db.sql(f"SELECT last_error, why FROM `tab{DOCTYPE}`")) + str(
		frappe.db.sql("SELECT method, error FROM `tabError Log`")
	)
	assert "ChannelRefused" in kept and MARIA.email not in kept


def test_confirmation_whose_outcome_is_unknown_is_repeated(scene, mails):
	"""ME-3, NT-3: the server took it and never said so; better twice than not at all."""
	visit = booked(scene)
	mails.drop_next = 1
	post.send()
	told = post.told(visit.name)["booked"]
	assert (told.status, told.is_outcome_unknown) == ("Waiting", 1)
	post.hurry(kind="booked")
	post.send()
	assert post.statuses(visit.name)["booked"] == "Sent"
	assert [mail.key for mail in mails.received] == [f"<{told.name}@sunrise-clinic.example>"] * 2


def test_reminder_whose_outcome_is_unknown_is_not_repeated(scene, mails):
	"""ME-3, NT-3: failed, for a person to decide; the button sends it."""
	visit = booked(scene)
	post.send()
	mails.received.clear()
	mails.drop_next = 1
	for _each in range(3):
		post.hurry(kind="reminder")
		post.send()
	told = post.told(visit.name)["reminder"]
	assert (told.status, told.why) == ("Failed", sending.UNKNOWN)
	assert len(mails.received) == 1
	sending.try_again(told.name)
	post.send()
	assert len(mails.received) == 2 and post.statuses(visit.name)["reminder"] == "Sent"


def test_confirmation_that_may_have_been_sent_each_time_says_so(scene, mails):
	"""NT-3: for whoever is to call them; also where no server was there any more at the end."""
	visit = booked(scene)
	for _each in range(len(sending.WAITS) + 1):
		assert post.statuses(visit.name)["booked"] == "Waiting"
		mails.down = bool(mails.received)
		mails.drop_next = 1
		post.hurry(kind="booked")
		post.send()
	told = post.told(visit.name)["booked"]
	assert (told.status, told.why) == ("Failed", sending.UNKNOWN)


def test_run_twice_is_sent_once(scene, mails):
	"""ME-4: the job that runs again finds nothing."""
	booked(scene)
	assert post.send() == 2
	assert post.send() == 0
	assert len(mails.received) == 1


def test_cancelled_and_reminded(scene, mails):
	"""RA-6, ME-9: whichever comes first, who has cancelled is not reminded."""
	visit = booked(scene)
	do(lifecycle.cancel_by_patient, visit.name, visit.doctor, None)
	post.hurry()
	post.send()
	assert post.statuses(visit.name) == {
		"booked": "Skipped",
		"doctor_booked": "Skipped",
		"reminder": "Skipped",
		"cancelled": "Sent",
	}
	assert [mail.subject for mail in mails.received] == [mails.received[0].subject]
	assert post.told(visit.name)["reminder"].why == kinds.CHANGED_MEANWHILE


def test_moved_visit_is_reminded_of_once(scene, mails):
	"""ME-9: at its new time; moved back, still once."""
	visit = booked(scene)
	do(reschedule.reschedule, visit.name, visit.doctor, on_day(3, 15))
	do(reschedule.reschedule, visit.name, visit.doctor, on_day(2, 12))
	post.hurry()
	post.send()
	rows = frappe.get_all(
		DOCTYPE, {"appointment": visit.name, "kind": "reminder"}, ["status", "why"], order_by="why"
	)
	assert sorted((row.status, row.why or "") for row in rows) == [
		("Sent", ""),
		("Skipped", kinds.REPLACED),
		("Skipped", kinds.MOVED_MEANWHILE),
	]


def test_six_hours_of_downtime(scene, mails, monkeypatch):
	"""ME-4, ME-9: what is still true goes out late; a reminder of what has begun does not."""
	late, over = booked(scene, on_day(2, 18)), booked(scene, on_day(2, 9), ANA)
	post.send()
	mails.received.clear()
	at(monkeypatch, on_day(2, 12))
	post.hurry()
	post.send()
	assert post.statuses(late.name)["reminder"] == "Sent"
	assert post.told(over.name)["reminder"].why == kinds.OVER
	assert [mail.to for mail in mails.received] == [MARIA.email]


def test_late_reminder_waits_for_the_morning(scene, mails, monkeypatch):
	"""NT-2: what could not go out before the night does not go out in it; the link to a video visit does."""
	frappe.db.set_single_value("Clinic Booking Settings", {"quiet_from_hour": 21, "quiet_to_hour": 8})
	visit = booked(scene, on_day(2, 18))
	post.send()
	at(monkeypatch, on_day(2, 2))
	post.hurry(kind="reminder")
	post.send()
	told = post.told(visit.name)["reminder"]
	assert told.status == "Waiting" and told.attempts == 0
	assert timedelta(hours=5, minutes=59) < retried_in(told) <= timedelta(hours=6)
	frappe.db.set_value(DOCTYPE, told.name, "kind", "video_link")
	post.can_be_joined(monkeypatch)
	post.hurry()
	post.send()
	assert post.statuses(visit.name)["video_link"] == "Sent"
	assert "Join the visit" in mails.received[-1].text


def test_link_that_is_gone_is_not_promised(scene, mails):
	"""NT-4: nothing is there to join by."""
	visit = booked(scene)
	frappe.db.set_value(DOCTYPE, post.told(visit.name)["reminder"].name, "kind", "video_link")
	post.hurry()
	post.send()
	told = post.told(visit.name)["video_link"]
	assert (told.status, told.why) == ("Skipped", kinds.NO_LINK)


def test_late_reminder_of_a_desk_visit_leaves_the_patients_own_night_alone(scene, mails, monkeypatch):
	"""NT-2: the zone of the patient's record where nobody typed one; by day at the clinic it is night there."""
	frappe.db.set_single_value("Clinic Booking Settings", {"quiet_from_hour": 21, "quiet_to_hour": 8})
	visit = booked(scene, on_day(2, 18))
	post.send()
	frappe.db.set_value("Clinic Appointment", visit.name, "timezone", None)
	frappe.db.set_value("Clinic Patient", visit.patient, "timezone", "Asia/Tokyo")
	at(monkeypatch, on_day(2, 16))
	post.hurry(kind="reminder")
	post.send()
	assert post.statuses(visit.name)["reminder"] == "Waiting"


def test_who_wants_no_reminders_gets_none(scene, mails):
	"""NT-2: and everything else."""
	visit = booked(scene)
	frappe.db.set_value("Clinic Appointment", visit.name, "no_reminders", 1)
	post.hurry()
	post.send()
	assert (
		post.statuses(visit.name)["reminder"] == "Skipped" and post.statuses(visit.name)["booked"] == "Sent"
	)


def test_site_without_any_channel_fails_and_says_so(scene):
	"""NT-2, NT-3: no Email Account, no messages, and that is seen; bookings are as ever."""
	frappe.db.delete("Email Account")
	visit = booked(scene)
	post.send()
	told = post.told(visit.name)["booked"]
	assert (told.status, told.why) == ("Failed", sending.NO_WAY)
	assert [alert.clinic for alert in alerts()] == [scene.clinic]


def test_demo_shows_what_would_have_gone_out(scene, monkeypatch):
	"""Demo clinic: instead of being sent it can be read on the message; nowhere else is it kept."""
	frappe.db.delete("Email Account")
	monkeypatch.setitem(frappe.local.conf, "clinic_booking_demo", 1)
	visit = booked(scene)
	post.send()
	told = post.told(visit.name)["booked"]
	assert told.status == "Sent" and told.channel == "email"
	assert MARIA.name in told.shown_text and MARIA.name in told.shown_letter and told.shown_subject
	assert len(Calendar.from_ical(told.shown_calendar_file).walk("VEVENT")) == 1


def test_desk_visit_is_told_by_the_patients_own_record(scene, mails):
	"""NT-2: in the language and at the address that the clinic knows."""
	patient = insert("Clinic Patient", patient_name="Ioana Pop", email="ioana@example.com", language="ro")
	insert(
		"Clinic Appointment",
		doctor=scene.doctors[0],
		service=scene.visit,
		clinic=scene.clinic,
		patient=patient.name,
		starts_at_utc=datetime.fromisoformat("2099-01-05T10:00:00"),
	)
	post.send()
	(mail,) = mails.received
	assert mail.to == "ioana@example.com" and mail.subject.startswith("Programarea")
