"""What staff send, and send again (NT-7)."""

import frappe
import pytest

from clinic_booking.api import desk_messages as desk
from clinic_booking.booking import lifecycle, reschedule
from clinic_booking.booking.patients import Contact
from clinic_booking.errors import NotFound, Validation
from clinic_booking.messaging import kinds, sending
from tests.scenes import on_day
from tests.site.booking.site_scene import MARIA, booked, do
from tests.site.messaging import post
from tests.site.permissions.scene import a_user

messages, send, retry = (
	getattr(desk, name).function for name in ("messages", "send_message", "retry_message")
)


@pytest.fixture
def visit(scene, mails):
	made = booked(scene, contact=MARIA)
	post.send()
	mails.received.clear()
	return made


def row(name):
	return frappe.get_doc("Clinic Message", name)


def test_staff_send_a_message_again(visit, mails):
	"""NT-7: at once, though it was told before."""
	assert messages(visit.name)["kinds"] == ["booked", "reminder", "link"]
	sent = send(visit.name, "booked")["message"]
	post.send()
	assert [mail.to for mail in mails.received] == ["maria@example.com"]
	assert row(sent).status == "Sent"
	told = messages(visit.name)["sent"]
	assert [each["status"] for each in told if each["kind"] == "booked"] == ["Sent", "Sent"]


def test_what_waits_in_vain_says_so(visit):
	"""NT-4, NT-7: the reminder of the time before a move, while it is still to come; the other one counts."""
	do(reschedule.reschedule, visit.name, visit.doctor, on_day(3, 15))
	waiting = [each["why"] for each in messages(visit.name)["sent"] if each["kind"] == "reminder"]
	assert waiting == [None, kinds.MOVED_MEANWHILE]
	do(lifecycle.cancel_by_patient, visit.name, visit.doctor, None)
	waiting = [each["why"] for each in messages(visit.name)["sent"] if each["kind"] == "reminder"]
	assert waiting == [kinds.CHANGED_MEANWHILE] * 2


def test_by_a_channel_that_they_choose(visit, mails, twilio):
	"""NT-7: what the patient likes counts for what goes by itself."""
	assert messages(visit.name)["channels"] == ["email", "sms", "whatsapp"]
	send(visit.name, "reminder", "sms")
	post.send()
	assert [sms.to for sms in twilio.sent] == ["+34655000111"] and not mails.received


def test_a_reminder_by_hand_takes_no_other_ones_place(visit, mails):
	"""NT-1, NT-7: the one that comes by itself goes too, whatever became of those by hand."""
	mails.refuses["maria@example.com"] = "550 No such user"
	failed = send(visit.name, "reminder")["message"]
	post.send()
	mails.refuses.clear()
	sent = send(visit.name, "reminder")["message"]
	post.send()
	assert (row(failed).status, row(sent).status) == ("Failed", "Sent")
	mails.received.clear()
	post.hurry(kind="reminder")
	post.send()
	assert [mail.to for mail in mails.received] == ["maria@example.com"]


def test_what_staff_send_at_night_goes_at_night(visit, mails, monkeypatch):
	"""NT-2, NT-7: only what comes by itself waits for the morning, not what they send, or send again."""
	frappe.db.set_single_value("Clinic Booking Settings", {"quiet_from_hour": 21, "quiet_to_hour": 8})
	post.at(monkeypatch, on_day(2, 2))
	mails.refuses["maria@example.com"] = "550 No such user"
	name = send(visit.name, "reminder")["message"]
	post.send()
	assert row(name).status == "Failed"
	mails.refuses.clear()
	of_itself = post.told(visit.name, is_by_staff=0)["reminder"].name
	frappe.db.set_value("Clinic Message", of_itself, {"status": "Failed", "outbox_status": "Failed"})
	for failed in (name, of_itself):
		retry(failed)
	post.send()
	assert [row(each).status for each in (name, of_itself)] == ["Sent", "Sent"]


def test_only_what_is_true_and_reaches_them(visit):
	"""NT-4, NT-7: nobody is told that a visit is cancelled which is not, or by what they don't have."""
	money = ("paid", "refunded", "credited", "refund_failed", "too_late")
	for kind in (*money, "cancelled", "declined", "moved", "video_link", "doctor_booked", "x"):
		with pytest.raises(Validation):
			send(visit.name, kind)
	with pytest.raises(Validation):
		send(visit.name, "booked", "sms")
	do(lifecycle.cancel_by_patient, visit.name, visit.doctor, None)
	assert messages(visit.name)["kinds"] == ["cancelled", "link"]


def test_no_address_at_all(scene, mails):
	"""NT-7: then no channel is offered."""
	visit = booked(scene, on_day(3, 9), contact=Contact("Ion Pop", "ion@example.com", "+34655000333"))
	for doctype, fields in (
		("Clinic Appointment", ("contact_email", "contact_phone")),
		("Clinic Patient", ("email", "phone")),
	):
		name = visit.name if doctype == "Clinic Appointment" else visit.patient
		frappe.db.set_value(doctype, name, dict.fromkeys(fields))
	assert messages(visit.name)["channels"] == []


def test_a_message_that_failed_is_sent_again(visit, mails):
	"""NT-3, NT-7: the button beside it; one that did not fail is left alone."""
	mails.refuses["maria@example.com"] = "550 No such user"
	name = send(visit.name, "booked")["message"]
	post.send()
	assert row(name).status == "Failed"
	mails.refuses.clear()
	assert retry(name) == {}
	assert row(name).status == "Waiting"
	post.send()
	assert row(name).status == "Sent" and len(mails.received) == 1
	with pytest.raises(Validation):
		retry(name)


def test_a_second_click_that_comes_late_changes_nothing(visit, mails):
	"""NT-7, ME-8: what the first one had sent stays sent."""
	mails.refuses["maria@example.com"] = "550 No such user"
	name = send(visit.name, "booked")["message"]
	post.send()
	mails.refuses.clear()
	assert sending.try_again(name)
	assert not sending.try_again(name)
	post.send()
	assert not sending.try_again(name)
	assert row(name).status == "Sent" and len(mails.received) == 1


def test_nobody_sends_to_others_patients(visit):
	"""SE-1, IN-13: staff of elsewhere find neither the visit nor its messages."""
	name = frappe.db.get_value("Clinic Message", {"appointment": visit.name})
	frappe.set_user(a_user("elsewhere@example.com", "Clinic Receptionist"))
	for call, argument in ((messages, visit.name), (retry, name)):
		with pytest.raises(NotFound):
			call(argument)
	with pytest.raises(NotFound):
		send(visit.name, "booked")
