"""What can't go out for long is seen: nothing ends in silence (NT-3)."""

import frappe
import pytest

from clinic_booking.api import health
from clinic_booking.booking.patients import Contact
from clinic_booking.messaging import kinds, outages, sending
from clinic_booking.messaging.queue import DOCTYPE
from tests.fakes.server import Answer
from tests.scenes import on_day
from tests.site.booking.site_scene import booked
from tests.site.messaging import post
from tests.site.messaging.post import at

BY_SMS = Contact("Ana Pop", "ana@example.com", "+34655000111", language="ro", channel="sms")


def is_alarmed(clinic: str) -> bool:
	return bool(frappe.db.exists("Clinic Alert", {"kind": "Messages", "status": "Open", "clinic": clinic}))


@pytest.mark.parametrize("is_suspended", [True, False])
def test_mails_that_are_held_wait(scene, mails, monkeypatch, is_suspended):
	"""NT-3: sending suspended or muted is an outage like others; afterwards they go."""
	visit = booked(scene)
	if is_suspended:
		frappe.db.set_default("suspend_email_queue", "1")
	else:
		monkeypatch.setitem(frappe.local.conf, "mute_emails", 1)
	post.send()
	told = post.told(visit.name)["booked"]
	assert (told.status, told.attempts, told.is_outcome_unknown) == ("Waiting", 1, 0)
	assert not mails.received
	frappe.db.set_default("suspend_email_queue", "0")
	frappe.local.conf.mute_emails = 0
	post.hurry(kind="booked")
	post.send()
	assert post.statuses(visit.name)["booked"] == "Sent" and len(mails.received) == 1


def test_over_before_it_could_be_sent_is_failed(scene, mails, monkeypatch):
	"""NT-3, ME-1: tried in time and in vain, so somebody hears of it."""
	visit = booked(scene, on_day(2, 9))
	post.send()
	mails.down = True
	post.hurry(kind="reminder")
	post.send()
	at(monkeypatch, on_day(2, 12))
	post.hurry(kind="reminder")
	post.send()
	told = post.told(visit.name)["reminder"]
	assert (told.status, told.why) == ("Failed", kinds.OVER)
	assert is_alarmed(scene.clinic)


def test_over_when_the_scheduler_comes_back_is_failed(scene, mails, monkeypatch):
	"""NT-3, ME-4: nobody was told, though nobody tried; one alert, however many they are."""
	visits = [booked(scene, on_day(2, 9)), booked(scene, on_day(2, 10), contact=BY_SMS)]
	frappe.get_doc("Clinic Appointment", visits[1].name).db_set("no_reminders", 1)
	at(monkeypatch, on_day(2, 12))
	post.hurry()
	post.send()
	first, second = (post.told(visit.name) for visit in visits)
	assert (first["reminder"].status, first["reminder"].why) == ("Failed", kinds.OVER)
	assert [told["booked"].status for told in (first, second)] == ["Failed", "Failed"]
	# Who wanted none has missed nothing, nor has a doctor who is written to nowhere.
	assert (second["reminder"].status, second["reminder"].why) == ("Skipped", kinds.UNWANTED)
	assert first["doctor_booked"].status == "Skipped"
	assert frappe.db.count("Clinic Alert", {"kind": "Messages", "clinic": scene.clinic}) == 1
	assert not mails.received


def test_provider_that_is_always_too_busy(scene, twilio):
	"""ME-5, NT-3: asked to come back as often as an e-mail is tried, then failed where people see it."""
	visit = booked(scene, contact=BY_SMS)
	twilio.work = lambda call: Answer(status=429, headers={"Retry-After": "5"})
	for _each in range(len(sending.WAITS) + 1):
		assert post.statuses(visit.name)["booked"] == "Waiting"
		post.hurry(kind="booked")
		post.send()
	assert post.statuses(visit.name)["booked"] == "Failed"
	assert is_alarmed(scene.clinic)


def try_booked(times: int) -> None:
	for _each in range(times):
		post.hurry(kind="booked")
		post.send()


@pytest.fixture
def queue_in_health(monkeypatch):
	"""A function: what `health` says of the queue, where somebody works it."""
	monkeypatch.setattr(health, "get_workers", lambda: ["somebody"])
	return lambda: health.report()[0]["checks"]["queue"]


def test_mail_server_that_is_away_for_long_is_told(scene, mails, queue_in_health):
	"""NT-3: by `health` after an hour, to the clinic after a few; both are over with the outage."""
	visit = booked(scene)
	mails.down = True
	try_booked(outages.BEHIND_ATTEMPTS - 1)
	assert queue_in_health() == "ok"
	try_booked(1)
	assert queue_in_health() == "failed" and not is_alarmed(scene.clinic)
	try_booked(outages.ALARMING_ATTEMPTS - outages.BEHIND_ATTEMPTS)
	sending.every_minute()
	assert is_alarmed(scene.clinic)
	mails.down = False
	try_booked(1)
	sending.every_minute()
	assert post.statuses(visit.name)["booked"] == "Sent"
	assert queue_in_health() == "ok" and not is_alarmed(scene.clinic)


def test_one_mailbox_among_others_is_no_outage(scene, mails, queue_in_health, monkeypatch):
	"""NT-2, NT-3: nor is what waits for the morning, however often it was tried; what nobody takes up is one."""
	late = booked(scene, on_day(2, 14), contact=BY_SMS)
	mails.refuses[BY_SMS.email] = "452 4.2.2 Mailbox full"
	try_booked(outages.BEHIND_ATTEMPTS)
	assert queue_in_health() == "failed"
	booked(scene)
	post.send()
	assert post.statuses(late.name)["booked"] == "Waiting" and queue_in_health() == "ok"
	post.hurry(kind="reminder")
	assert queue_in_health() == "failed"
	frappe.db.set_value(DOCTYPE, {"kind": "reminder"}, "attempts", outages.BEHIND_ATTEMPTS)
	frappe.db.set_single_value("Clinic Booking Settings", {"quiet_from_hour": 21, "quiet_to_hour": 8})
	at(monkeypatch, on_day(2, 2))
	post.send()
	assert queue_in_health() == "ok"


def test_alert_is_done_once_all_that_failed_is_sent(scene, mails):
	"""NT-3, NT-7: not with the first of them; what failed before and was seen to keeps none open."""
	mails.refuses["maria@example.com"] = "550 No such user"
	booked(scene)
	post.send()
	frappe.db.set_value(DOCTYPE, {"status": "Failed"}, "modified", "2026-01-01", update_modified=False)
	frappe.db.delete("Clinic Alert")
	names = [booked(scene, on_day(3, hour)).name for hour in (9, 10)]
	post.send()
	failed = [post.told(name)["booked"].name for name in names]
	mails.refuses.clear()
	for name, still in zip(failed, (True, False), strict=True):
		sending.try_again(name)
		post.send()
		sending.every_minute()
		assert is_alarmed(scene.clinic) == still
