"""What providers report over HTTP: Twilio and mail services, in any order, twice, forged, too early (NT-5)."""

import itertools
from dataclasses import replace
from urllib.parse import urlencode

import frappe
import pytest

from clinic_booking.booking.patients import Contact
from clinic_booking.messaging import email_reports, queue, reports, sending, twilio_settings
from clinic_booking.outbox.work import Row
from tests.fakes.twilio import NUMBER, SID
from tests.scenes import on_day
from tests.site.api.conftest import counts, error_of, set_settings
from tests.site.booking.site_scene import booked
from tests.site.messaging import post

PHONE = "+34655000111"
TWILIO, EMAIL = (f"/api/method/clinic_booking.api.webhooks.{name}" for name in ("twilio", "email"))
SECRET = "a-secret-of-a-test"


@pytest.fixture
def sms(server, twilio, scene):
	"""A message that went out by SMS; its reports wait in `twilio.callbacks`."""
	return sent(scene, twilio, "sms")


def sent(scene, twilio, channel):
	contact = Contact("María Ionescu", "maria@example.com", PHONE, language="ro", channel=channel)
	visit = booked(scene, contact=contact)
	post.send()
	assert twilio.sent
	return the_message(appointment=visit.name, kind="booked")


def the_message(**filters):
	frappe.db.rollback()
	return frappe.get_doc("Clinic Message", filters)


def now(message):
	frappe.db.rollback()
	return frappe.db.get_value("Clinic Message", message.name, "status")


def test_reports_bring_a_message_forward(sms, twilio):
	"""NT-5: delivered, as the provider says."""
	assert sms.status == "Sent"
	assert twilio.callbacks.post() == [200, 200]
	assert now(sms) == "Delivered"


@pytest.mark.parametrize("order", itertools.permutations(("queued", "sent", "delivered", "read")))
def test_any_order_and_twice_ends_the_same(sms, twilio, order):
	"""ME-6: only ever forward."""
	twilio.callbacks.take()
	for state in order:
		twilio.report(twilio.sent[0], state)
	waiting = twilio.callbacks.take()
	seen = []
	for report in (*waiting, *waiting):
		assert twilio.callbacks.post([report]) == [200]
		seen.append(("Waiting", "Sent", "Delivered").index(now(sms)))
	assert seen == sorted(seen)
	assert now(sms) == "Delivered"


def test_forged_reports_change_nothing(sms, twilio, client):
	"""ME-6: no signature, another's, another body, another message, another account: refused alike."""
	(report, _delivered) = twilio.callbacks.take()
	headers = report.sign(report.body)
	other = the_message(name=("!=", sms.name))
	before = counts()
	path = report.url.partition("/api/")[1] + report.url.partition("/api/")[2]
	for url, body, given in (
		(path, report.body, {}),
		(path, report.body, headers | {"X-Twilio-Signature": "x" * 28}),
		(path, report.body.replace(b"sent", b"delivered"), headers),
		(path.replace(sms.name, other.name), report.body, headers),
		(TWILIO, report.body, headers),
		(path, b"\xff\xfe", headers),
		(path, b"{}", {"Content-Type": "application/json"}),
	):
		error_of(client.post(url, data=body, headers=given), 403, "ERR_FORBIDDEN")
	assert counts() == before


def test_another_account_with_our_token_is_refused(sms, twilio):
	"""ME-6: a sub-account's report is not ours."""
	message = replace(twilio.sent[0])
	twilio.callbacks.take()
	report = twilio._post(
		message.callback, {"MessageSid": message.sid, "MessageStatus": "failed", "AccountSid": "AC1"}, "x"
	)
	assert twilio.callbacks.post([report]) == [403]
	assert SID != "AC1"


def test_a_report_before_our_own_commit(server, scene, twilio):
	"""ME-6, ME-3: the worker dies after Twilio took it; the report says that it arrived, and nothing is repeated."""
	visit = booked(scene, contact=Contact("María", "m@example.com", PHONE, language="ro", channel="sms"))
	message = the_message(appointment=visit.name, kind="booked")
	early = twilio_settings.report_address(message.name)
	twilio.callbacks.post(
		[
			twilio._post(
				early, {"MessageSid": "SM1", "MessageStatus": "delivered", "To": PHONE, "AccountSid": SID}, ""
			)
		]
	)
	assert now(message) == "Delivered"
	post.send()
	assert not [each for each in twilio.sent if message.name in each.callback]
	kept = the_message(name=message.name)
	assert (kept.status, kept.outbox_status, kept.provider_id) == ("Delivered", "Done", "SM1")


def test_a_report_while_the_worker_is_still_writing(server, scene, twilio, snapshot_isolation):
	"""ME-6, RA-9: MariaDB refuses who writes on an old snapshot; the message is sent once all the same."""
	for setting in ("ON", "OFF"):
		snapshot_isolation(setting)
		frappe.db.commit()
		frappe.db.close()
		frappe.connect()
		frappe.conf.clinic_booking_twilio_address = twilio.url
		create, twilio.work = twilio.work, report_at_once(twilio, twilio.work)
		visit = booked(
			scene,
			contact=Contact(f"María {setting}", "m@example.com", PHONE, language="ro", channel="sms"),
			start=None if setting == "ON" else on_day(3, 15),
		)
		post.send()
		twilio.work = create
		mine = the_message(appointment=visit.name, kind="booked")
		assert (mine.status, mine.outbox_status) == ("Sent", "Done")
		assert len([each for each in twilio.sent if mine.name in each.callback]) == 1


def report_at_once(twilio, work):
	"""Twilio posts the report before it answers."""

	def answer(call):
		answered = work(call)
		for callback in [each for each in twilio.callbacks.take() if "sent" in each.about]:
			twilio.callbacks.post([callback])
		return answered

	return answer


def test_a_report_about_another_attempt_changes_nothing(sms):
	"""ME-6: the message went again, by another name."""
	reports.note(sms.name, "Bounced", "sms", "SM-of-before")
	assert frappe.db.get_value("Clinic Message", sms.name, "status") == "Sent"


# -- what came back --------------------------------------------------------------------------------


def test_whatsapp_that_comes_back_goes_by_sms_once(server, scene, twilio):
	"""ME-5: the window had closed; told twice, it is sent once."""
	twilio.return_later[f"whatsapp:{PHONE}"] = 63016
	message = sent(scene, twilio, "whatsapp")
	waiting = twilio.callbacks.take()
	assert twilio.callbacks.post([*waiting, *waiting]) == [200] * 4
	assert now(message) == "Bounced"
	post.send()
	assert [each.to for each in twilio.sent] == [f"whatsapp:{PHONE}", PHONE]
	again = the_message(cause=f"{message.cause} again")
	assert (again.status, again.channel, again.kind) == ("Sent", "sms", "booked")


def test_what_comes_back_twice_needs_a_person(server, scene, twilio):
	"""NT-3: one other way is tried, then somebody is told; nothing goes round."""
	twilio.return_later |= {f"whatsapp:{PHONE}": 63016, PHONE: 30005}
	sent(scene, twilio, "whatsapp")
	for _round in range(4):
		twilio.callbacks.post()
		post.send()
	assert len(twilio.sent) == 2
	assert frappe.db.exists("Clinic Alert", {"kind": "Messages", "status": "Open"})


def test_sms_that_comes_back_goes_by_mail(server, scene, twilio, mails):
	"""ME-5: the number is wrong or gone."""
	twilio.return_later[PHONE] = 30006
	sent(scene, twilio, "sms")
	twilio.callbacks.post()
	post.send()
	assert [mail.to for mail in mails.received] == ["maria@example.com"]


@pytest.mark.parametrize("code", [21610, 30004])
def test_a_number_that_blocks_us_is_remembered(server, scene, twilio, code):
	"""ME-5: as one that said STOP."""
	twilio.return_later[PHONE] = code
	sent(scene, twilio, "sms")
	twilio.callbacks.post()
	frappe.db.rollback()
	assert frappe.db.count("Message Opt Out") == 1


def test_a_block_by_whatsapp_is_told_by_mail(server, scene, twilio, mails):
	"""ME-5: it is known before another way is looked for: no SMS to who wants none."""
	twilio.return_later[f"whatsapp:{PHONE}"] = 63032
	sent(scene, twilio, "whatsapp")
	assert twilio.callbacks.post() == [200] * 2
	post.send()
	assert [each.to for each in twilio.sent] == [f"whatsapp:{PHONE}"]
	assert [mail.to for mail in mails.received] == ["maria@example.com"]


def test_stop_and_start_by_reply(sms, twilio, server):
	"""ME-5: signed by Twilio; nothing else of what was written is kept."""
	twilio.callbacks.take()
	for text, count in (("Bună ziua, întârzii puțin", 0), ("STOP", 1), ("Stop", 1), ("START", 0)):
		twilio.reply(PHONE, text, to=server.url + TWILIO)
		assert twilio.callbacks.post() == [200]
		frappe.db.rollback()
		assert frappe.db.count("Message Opt Out") == count


def test_the_door_answers_as_twilio_wants_it(sms, twilio, client):
	"""NT-5: an empty reply, or it would complain; no cookies; only POST."""
	report = twilio.callbacks.take()[0]
	path = "/api/" + report.url.partition("/api/")[2]
	answer = client.post(path, data=report.body, headers=report.sign(report.body))
	assert (answer.status_code, answer.text) == (200, "<Response/>")
	assert answer.headers["Content-Type"].startswith("text/xml") and not answer.cookies
	error_of(client.get(path), 405, "ERR_VALIDATION")


def test_where_twilio_is_not_set_up_there_is_no_door(client):
	"""DY-7: nor for mail reports."""
	error_of(client.post(TWILIO, data=urlencode({"From": NUMBER})), 404, "ERR_NOT_FOUND")
	error_of(client.post(EMAIL, json={"message_id": "x", "event": "bounced"}), 404, "ERR_NOT_FOUND")


# -- mail services ---------------------------------------------------------------------------------


@pytest.fixture
def mail(server, mails, scene):
	"""A message that went out by e-mail."""
	set_settings(email_report_secret=SECRET)
	visit = booked(scene)
	post.send()
	return the_message(appointment=visit.name, kind="booked")


def report_mail(client, *events, secret=SECRET):
	headers = {"X-Clinic-Secret": secret}
	return client.post(
		EMAIL, json=[{"message_id": name, "event": event, "at": 1} for name, event in events], headers=headers
	)


def test_mail_that_was_delivered_and_mail_that_bounced(mail, client):
	"""NT-5, ME-2: by the Message-ID that went out; only ever forward."""
	for events, status in (
		([(mail.provider_id, "delivered")], "Delivered"),
		([(mail.provider_id.strip("<>"), "bounced")], "Bounced"),
		([(mail.provider_id, "delivered"), ("<unknown@example.com>", "bounced")], "Bounced"),
	):
		assert report_mail(client, *events).json() == {"message": {}}
		assert now(mail) == status


def test_mail_that_bounced_goes_by_sms(mail, client, twilio):
	"""ME-2: a mistyped address is the likeliest of all; the number is there."""
	frappe.db.commit()
	report_mail(client, (mail.provider_id, "bounced"))
	frappe.db.rollback()
	post.send()
	assert [each.to for each in twilio.sent] == [PHONE]


def test_who_complains_gets_no_more_reminders(mail, client, twilio):
	"""NT-2: what happens to the visit is still told; what was read is not told again."""
	frappe.db.commit()
	report_mail(client, (mail.provider_id, "complained"))
	frappe.db.rollback()
	assert frappe.db.get_value("Clinic Appointment", mail.appointment, "no_reminders")
	kept = the_message(name=mail.name)
	assert (kept.status, kept.why) == ("Bounced", email_reports.UNWANTED)
	post.send()
	assert not twilio.sent


def test_reports_of_mail_need_the_secret(mail, client):
	"""ME-6: anything else is refused and changes nothing."""
	before = counts()
	body = [{"message_id": mail.provider_id, "event": "bounced"}]
	for headers in ({}, {"X-Clinic-Secret": "x"}, {"X-Clinic-Secret": ""}):
		error_of(client.post(EMAIL, json=body, headers=headers), 403, "ERR_FORBIDDEN")
	headers = {"X-Clinic-Secret": SECRET}
	for odd in (
		b"",
		b"[1]",
		b"{",
		b'{"message_id": 1, "event": "bounced"}',
		b'[{"message_id": "x", "event": ["bounced"]}]',
		b"[" * 5000,
	):
		error_of(client.post(EMAIL, data=odd, headers=headers), 422, "ERR_VALIDATION")
	assert counts() == before
	assert client.post(EMAIL, json=body, headers=headers).status_code == 200
	assert now(mail) == "Bounced"


def test_other_events_of_a_mail_service_are_let_go(mail, client):
	"""NT-5, SE-6: and those beside them count."""
	before = counts()
	events = [{"message_id": mail.provider_id, "event": "opened", "by": "a reader"}]
	headers = {"X-Clinic-Secret": SECRET}
	assert client.post(EMAIL, json=events, headers=headers).status_code == 200
	assert counts() == before
	events.append({"message_id": mail.provider_id, "event": "delivered"})
	assert client.post(EMAIL, json=events, headers=headers).status_code == 200
	assert now(mail) == "Delivered"


def test_a_worker_leaves_alone_what_was_reported(scene, mails):
	"""ME-6: and ends the row."""
	visit = booked(scene)
	message = frappe.get_doc("Clinic Message", {"appointment": visit.name, "kind": "booked"})
	frappe.db.set_value(queue.DOCTYPE, message.name, "status", "Sent")
	sending.work(Row(message.name, 2, True))
	assert not mails.received
