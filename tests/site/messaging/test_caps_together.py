"""Workers that send at the same time keep to the caps of a number and of a day together (ME-12)."""

import time
from contextlib import ExitStack
from math import inf

import frappe
import pytest

from clinic_booking.booking.patients import Contact
from clinic_booking.messaging.queue import DOCTYPE
from tests.fakes.server import slow
from tests.scenes import on_day
from tests.site.booking.site_scene import booked
from tests.site.messaging import post

SEND = "POST /2010-04-01/Accounts/*/Messages.json"
WORKERS, VISITS, CAP, SECONDS = 3, 6, 2, 60


@pytest.fixture
def together(committed, scene, twilio, mails):
	"""A function: have workers send one SMS for each visit, all at once, at a Twilio that thinks; how many went."""

	def send(*how, is_one_number, **limits):
		post.a_twilio_account(twilio.url, **limits)
		for number in range(VISITS):
			phone = f"+3465500011{0 if is_one_number else number}"
			booked(
				scene, on_day(2, 8 + number), Contact("Ana", f"ana{number}@example.com", phone, channel="sms")
			)
		frappe.db.delete(DOCTYPE, {"kind": ("!=", "booked")})
		frappe.db.sql(f"UPDATE `tab{DOCTYPE}` SET due_at_utc = due_at_utc + INTERVAL 1 DAY")
		frappe.db.commit()
		twilio.fail(slow(0.3), SEND, times=inf)
		with ExitStack() as workers:
			for _each in range(WORKERS):
				workers.enter_context(post.a_worker("unhurried", *how, twilio=twilio.url))
			post.hurry()
			frappe.db.commit()
			wait_for(VISITS)
		return len(twilio.sent)

	return send


def wait_for(sent: int) -> None:
	end = time.monotonic() + SECONDS
	while frappe.db.count(DOCTYPE, {"status": "Sent"}) < sent:
		assert time.monotonic() < end
		frappe.db.rollback()
		time.sleep(0.05)


ONE_NUMBER = {"is_one_number": True, "sms_per_number": CAP, "sms_per_day": 0}
ONE_DAY = {"is_one_number": False, "sms_per_number": 0, "sms_per_day": CAP}


@pytest.mark.parametrize("limits", [ONE_NUMBER, ONE_DAY])
def test_no_worker_sends_one_too_many(together, mails, limits):
	"""ME-12: the rest goes by mail."""
	assert together(**limits) == CAP
	assert len(mails.received) == VISITS - CAP


@pytest.mark.parametrize("limits", [ONE_NUMBER, ONE_DAY])
def test_workers_that_do_not_wait_do(together, limits):
	"""ME-12: the same, where each counts and sends as if it was alone."""
	assert together("crowding", **limits) > CAP
