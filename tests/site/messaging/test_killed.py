"""A worker that is killed while Twilio has its message and nobody has written so (ME-3)."""

import threading

import frappe
import pytest

from clinic_booking.booking.patients import Contact
from clinic_booking.messaging import sending
from clinic_booking.messaging.channels.twilio import Sms
from clinic_booking.messaging.queue import DOCTYPE
from tests.fakes.twilio import TEMPLATE
from tests.site.booking.site_scene import booked
from tests.site.messaging import post

SECONDS = 60


@pytest.fixture
def message(committed, scene, twilio):
	"""A function: one message of this kind, due, of a patient who wants it by this channel."""

	def due(kind, channel):
		post.a_twilio_account(twilio.url, whatsapp_templates=f"{kind} ro {TEMPLATE}")
		contact = Contact("Ana Pop", "ana@example.com", "+34655000111", language="ro", channel=channel)
		visit = booked(scene, contact=contact)
		frappe.db.delete(DOCTYPE, {"kind": ("!=", kind)})
		post.hurry()
		frappe.db.commit()
		return lambda: post.told(visit.name)[kind]

	return due


def kill_the_worker(twilio) -> None:
	"""Have a worker take what is due, and kill it (-9) when Twilio has the message and has not answered."""
	work, begun = twilio.work, threading.Event()

	def taken(call):
		answer = work(call)
		begun.wait()
		worker.kill()
		worker.wait()
		return answer

	twilio.work = taken
	with post.a_worker(twilio=twilio.url) as worker:
		begun.set()
		worker.wait(SECONDS)
	twilio.work = work
	frappe.db.rollback()


def next_worker() -> None:
	"""After the lease."""
	post.hurry()
	post.send()


@pytest.mark.parametrize("kind", ["booked", "reminder"])
def test_sms_is_found_with_twilio_and_not_sent_again(message, twilio, kind):
	"""ME-3, NT-3: the next worker asks first; a confirmation and a reminder alike arrive once and are Sent."""
	told = message(kind, "sms")
	kill_the_worker(twilio)
	assert len(twilio.sent) == 1
	assert (told().status, told().provider_id, told().attempts) == ("Waiting", None, 1)
	next_worker()
	assert (told().status, told().provider_id) == ("Sent", twilio.sent[0].sid)
	assert len(twilio.sent) == 1


def test_sms_comes_twice_where_nobody_asks(message, twilio, monkeypatch):
	"""ME-3: the same without the question."""
	message("booked", "sms")
	kill_the_worker(twilio)
	monkeypatch.setattr(Sms, "look", lambda *_: None)
	next_worker()
	assert len(twilio.sent) == 2


@pytest.mark.parametrize(
	"kind, status, why, times", [("booked", "Sent", None, 2), ("reminder", "Failed", sending.UNKNOWN, 1)]
)
def test_whatsapp_can_not_say(message, twilio, kind, status, why, times):
	"""ME-3, NT-3: of a template Twilio has only what it made of it: confirmations repeat, reminders don't."""
	told = message(kind, "whatsapp")
	kill_the_worker(twilio)
	next_worker()
	assert (told().status, told().why) == (status, why)
	assert [sent.to for sent in twilio.sent] == ["whatsapp:+34655000111"] * times
