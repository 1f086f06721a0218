"""Ten thousand messages at once, and what messages cost a booking."""

import random
import time
from datetime import timedelta
from statistics import median

import frappe
import pytest

from tests.bench import Server
from tests.fakes.smtp import MailServer, free_port
from tests.post_storm import storm
from tests.scenes import a_scene, on_day
from tests.site.messaging import post
from tests.visitor import Visitor

MESSAGES, KILLS = 10_000, 20
# Each second, by four workers; and how much more memory a worker has at the end, in MB.
LEAST, MOST_MEMORY = 50, 20
BOOKINGS, WARMING = 400, 20
# A booking that tells people, beside one that tells nobody.
MOST_TIMES = 1.1


def test_ten_thousand_messages(committed, capsys):
	"""ME-3, ME-4: each ends sent or failed, none is lost, none comes twice whose outcome could be known."""
	scene = a_scene()
	with MailServer() as mails:
		post.an_email_account(mails.port)
		post.no_night()
		mails.chaos(seed=2, failing=0.1, dropping=0.02)
		outcome = storm(scene, mails, MESSAGES, KILLS, most_seconds=900)
	failed = sum(status == "Failed" for _kind, status in outcome.rows.values())
	before, after = outcome.memory
	with capsys.disabled():
		print(
			f"\n{MESSAGES:,} messages, {KILLS} workers killed, {len(outcome.unanswered)} answers lost: "
			f"{outcome.rate:.0f} a second, {failed} failed, "
			f"{sum(times > 1 for times in outcome.sent.values())} came twice; "
			f"a worker went from {before:.0f} to {after:.0f} MB"
		)
	assert outcome.wrongs() == []
	assert outcome.rate >= LEAST
	assert after - before <= MOST_MEMORY


@pytest.fixture
def silent_server(committed):
	"""A server that tells nobody of a booking where the call asks for it."""
	server = Server(port=free_port(), application="tests.load.silent:application")
	yield server
	server.stop()


def test_what_messages_cost_a_booking(silent_server, capsys):
	"""NT-3: `book` costs at most a tenth more where everybody is told, than where nobody is; in turn."""
	scene = a_scene(doctors=12)
	every_channel_on()
	visitor = Visitor(silent_server.url, scene)
	places = [
		(doctor, on_day(2 + day, 6) + timedelta(minutes=30 * slot))
		for doctor in scene.doctors
		for day in range(8)
		for slot in range(30)
	]
	random.Random(1).shuffle(places)
	seconds = {"told": [], "silent": []}
	for number, (doctor, start) in enumerate(places[: 2 * (BOOKINGS + WARMING)]):
		which = ("told", "silent")[number % 2]
		visitor.headers = {"X-Silent": "yes"} if which == "silent" else {}
		assert visitor.hold(start, doctor).status == 200
		began = time.perf_counter()
		assert visitor.book().status == 200
		if number >= 2 * WARMING:
			seconds[which].append(time.perf_counter() - began)
	told, silent = (median(times) for times in seconds.values())
	with capsys.disabled():
		print(
			f"\nbook: {1000 * told:.1f} ms, telling nobody {1000 * silent:.1f} ms: {told / silent:.3f} times"
		)
	assert told <= MOST_TIMES * silent


def every_channel_on() -> None:
	"""E-mail, SMS, WhatsApp and push, set up as far as bookings go: nothing is sent here."""
	post.an_email_account(9)
	settings = frappe.get_doc("Clinic Booking Settings")
	settings.update(
		{
			"twilio_account_sid": "AC" + "0" * 32,
			"twilio_auth_token": "secret",
			"sms_sender": "+15005550006",
			"whatsapp_sender": "+15005550006",
			"whatsapp_templates": f"booked en HX{'0' * 32}",
			"push_contact": "it@sunrise-clinic.example",
		}
	)
	settings.save()
	frappe.db.commit()
