"""What is known of an attempt that never said how it ended outlives the next ones (NT-3)."""

from dataclasses import replace

import frappe
import pytest
from rq.timeouts import JobTimeoutException

from clinic_booking.booking.patients import Contact
from clinic_booking.messaging import caps, opt_outs, reports, sending
from clinic_booking.messaging.queue import DOCTYPE
from clinic_booking.outbox import work as outbox
from tests.fakes.server import TOO_MANY, Answer
from tests.scenes import on_day
from tests.site.booking.site_scene import booked
from tests.site.messaging import post
from tests.site.messaging.post import at

LIST = "GET /2010-04-01/Accounts/*/Messages.json"
BY_SMS = Contact("Ana Pop", "ana@example.com", "+34655000111", language="ro", channel="sms")
BY_WHATSAPP = replace(BY_SMS, channel="whatsapp")


class Killed(BaseException):
	"""As a worker ends that is killed: nothing of ours catches it."""


def send_and(end: BaseException, monkeypatch) -> None:
	"""Work what is due; each letter that was carried meets `end` before anybody writes that it was."""

	def ends(*_):
		raise end

	with monkeypatch.context() as patch:
		patch.setattr(sending, "_sent", ends)
		post.send()


@pytest.fixture
def reminder(scene, mails):
	"""A visit whose reminder is due; nothing else of it is to be told."""
	visit = booked(scene, on_day(2, 18))
	post.send()
	mails.received.clear()
	post.hurry(kind="reminder")
	return visit


def told(visit, kind="reminder"):
	return post.told(visit.name)[kind]


def test_worker_killed_after_the_server_took_it(reminder, mails, monkeypatch):
	"""ME-3: the lease ends, and the next attempt knows that this one never did."""
	with pytest.raises(Killed):
		send_and(Killed(), monkeypatch)
	post.hurry(kind="reminder")
	post.send()
	assert told(reminder).why == sending.UNKNOWN
	assert len(mails.received) == 1


def test_worker_killed_before_the_night(reminder, mails, monkeypatch):
	"""ME-3, NT-2: in the morning it is still known that the reminder may be out."""
	with pytest.raises(Killed):
		send_and(Killed(), monkeypatch)
	frappe.db.set_single_value("Clinic Booking Settings", {"quiet_from_hour": 21, "quiet_to_hour": 8})
	for hour in (2, 9):
		at(monkeypatch, on_day(2, hour))
		post.hurry(kind="reminder")
		post.send()
	assert told(reminder).why == sending.UNKNOWN
	assert len(mails.received) == 1


def test_worker_killed_and_provider_too_busy_to_say(scene, twilio, monkeypatch):
	"""ME-3, ME-5: it is asked until it answers, and has it."""
	visit = booked(scene, contact=BY_SMS)
	with pytest.raises(Killed):
		send_and(Killed(), monkeypatch)
	assert len(twilio.sent) == 1
	twilio.fail(TOO_MANY, LIST)
	for _each in range(2):
		post.hurry(kind="booked")
		post.send()
	assert told(visit, "booked").status == "Sent"
	assert len(twilio.sent) == 1


@pytest.fixture
def by_whatsapp(scene, mails, twilio):
	"""A visit whose reminder is due; WhatsApp has no approved text for it, so that it goes by SMS. The rest is out."""
	visit = booked(scene, on_day(2, 18), contact=BY_WHATSAPP)
	post.send()
	twilio.sent.clear()
	post.hurry(kind="reminder")
	return visit


def test_the_provider_that_had_it_last_is_asked_and_no_other(by_whatsapp, twilio, monkeypatch):
	"""ME-3, NT-3: WhatsApp can't say, and never had it."""
	with pytest.raises(Killed):
		send_and(Killed(), monkeypatch)
	assert len(twilio.sent) == 1
	post.hurry(kind="reminder")
	post.send()
	reminder = told(by_whatsapp)
	assert (reminder.status, reminder.channel) == ("Sent", "sms")
	assert len(twilio.sent) == 1


def test_reminder_that_never_came_to_the_provider_goes_again(by_whatsapp, twilio, mails):
	"""ME-3, NT-3: its answer was an error; it says that it has no such message."""
	twilio.work = lambda call: Answer(status=500)
	post.send()
	del twilio.work
	assert told(by_whatsapp).is_outcome_unknown and not twilio.sent
	post.hurry(kind="reminder")
	post.send()
	assert (told(by_whatsapp).status, told(by_whatsapp).channel) == ("Sent", "sms")
	assert len(twilio.sent) == 1


def test_doubt_about_one_way_is_none_about_the_next(by_whatsapp, twilio, mails):
	"""NT-3: the SMS never came there and is refused then, so the mail goes, when its server is back."""
	twilio.work = lambda call: Answer(status=500)
	post.send()
	del twilio.work
	twilio.refuse[BY_SMS.phone] = 21211
	mails.down = True
	for _each in range(2):
		post.hurry(kind="reminder")
		post.send()
	assert told(by_whatsapp).status == "Waiting"
	mails.down = False
	post.hurry(kind="reminder")
	post.send()
	assert (told(by_whatsapp).status, told(by_whatsapp).channel) == ("Sent", "email")


def test_provider_that_can_not_be_asked_any_more(by_whatsapp, twilio, mails, monkeypatch):
	"""NT-3: the account was taken from the settings meanwhile; nobody is told twice by mail."""
	with pytest.raises(Killed):
		send_and(Killed(), monkeypatch)
	frappe.db.set_single_value("Clinic Booking Settings", "sms_sender", "")
	mails.received.clear()
	post.hurry(kind="reminder")
	post.send()
	assert (told(by_whatsapp).status, told(by_whatsapp).why) == ("Failed", sending.UNKNOWN)
	assert not mails.received


def test_worker_killed_before_it_began(reminder, mails, monkeypatch):
	"""NT-3: nobody was asked to carry anything, so there is no doubt."""
	with monkeypatch.context() as patch, pytest.raises(Killed):
		patch.setattr(sending.letters, "letter", lambda *_: (_ for _ in ()).throw(Killed()))
		post.send()
	post.hurry(kind="reminder")
	post.send()
	assert told(reminder).status == "Sent" and len(mails.received) == 1


@pytest.mark.parametrize("kind", ["booked", "reminder"])
@pytest.mark.parametrize("is_capped", [True, False])
def test_worker_killed_and_the_number_gets_none_any_more(scene, twilio, mails, monkeypatch, kind, is_capped):
	"""ME-3, ME-5, ME-12: whoever answers by STOP had it, as the provider says, and does not get it by mail as well."""
	visit = booked(scene, contact=BY_SMS)
	frappe.db.delete(DOCTYPE, {"kind": ("!=", kind)})
	post.hurry()
	with pytest.raises(Killed):
		send_and(Killed(), monkeypatch)
	assert len(twilio.sent) == 1
	if is_capped:
		monkeypatch.setattr(caps, "is_reached", lambda phone: True)
	else:
		opt_outs.read(BY_SMS.phone, "STOP", "SM9")
	post.hurry()
	post.send()
	assert (told(visit, kind).status, len(mails.received), len(twilio.sent)) == ("Sent", 0, 1)
	assert told(visit, kind).provider_id == twilio.sent[0].sid


def test_row_that_could_not_be_ended(reminder, mails, monkeypatch):
	"""ME-3, RA-9: it was sent and is known to be, so the next attempt has nothing to do."""
	end, given = outbox._end, []

	def fails_first(*args):
		given.append(args)
		if len(given) == 1:
			raise frappe.QueryDeadlockError
		end(*args)

	with monkeypatch.context() as patch:
		patch.setattr(outbox, "_end", fails_first)
		post.send()
	assert (told(reminder).status, told(reminder).outbox_status) == ("Sent", "Waiting")
	post.hurry(kind="reminder")
	post.send()
	assert (told(reminder).status, told(reminder).outbox_status) == ("Sent", "Done")
	assert len(mails.received) == 1


def test_whatever_breaks_after_it_was_carried(reminder, mails, monkeypatch):
	"""ME-3: a bug or a lost database is no reason to send it twice."""
	send_and(ValueError(), monkeypatch)
	assert told(reminder).status == "Waiting"
	post.hurry(kind="reminder")
	post.send()
	assert told(reminder).why == sending.UNKNOWN
	assert len(mails.received) == 1


def test_job_whose_time_is_up(reminder, mails, monkeypatch):
	"""ME-3: the queue's own error ends the worker as a kill does; whether the letter was out is asked next time."""
	with pytest.raises(JobTimeoutException):
		send_and(JobTimeoutException(), monkeypatch)
	assert told(reminder).attempts == 1
	post.hurry(kind="reminder")
	post.send()
	assert told(reminder).why == sending.UNKNOWN
	assert len(mails.received) == 1


def test_what_came_back_before_our_own_commit_keeps_its_reason(scene, twilio, monkeypatch):
	"""NT-5, ME-6: the end of the attempt takes nothing back of what the provider said meanwhile."""
	sent = sending._sent

	def reported_first(subject, way, letter, provider_id):
		reports.note(letter.key, reports.BOUNCED, way.name, provider_id, "No such number")
		sent(subject, way, letter, provider_id)

	monkeypatch.setattr(sending, "_sent", reported_first)
	visit = booked(scene, contact=BY_SMS)
	frappe.db.delete(DOCTYPE, {"kind": ("!=", "booked")})
	post.send()
	(row,) = frappe.get_all(DOCTYPE, {"appointment": visit.name, "channel": "sms"}, ["status", "why"])
	assert (row.status, row.why) == ("Bounced", "No such number")
