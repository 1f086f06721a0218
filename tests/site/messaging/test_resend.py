"""`resend` over HTTP: "send me my bookings again" (BK-7)."""

import time

import frappe
import pytest

from clinic_booking.booking import clock
from clinic_booking.booking.clock import to_database
from clinic_booking.booking.tokens import fingerprint
from clinic_booking.messaging import link_requests, opt_outs
from clinic_booking.outbox.work import work_off
from tests.builders import a_clinic, insert
from tests.site.api.conftest import PATIENT, counts, error_of, set_settings
from tests.site.messaging import post

EMAIL, PHONE = PATIENT["email"], PATIENT["phone"]


@pytest.fixture
def token(practice, api):
	return api.booked(practice, api.slots(practice)[0]["start"], language="es")


def ask(api, **contact):
	answer = api.post("resend", **contact)
	assert answer.status_code == 200, answer.text
	assert answer.json() == {"message": {}}
	frappe.db.rollback()


def look():
	frappe.db.commit()
	return work_off(link_requests.OUTBOX)


def links():
	return frappe.get_all("Clinic Message", {"kind": "link"}, pluck="wanted_channel")


@pytest.mark.parametrize("contact", [{"email": EMAIL}, {"email": EMAIL.upper()}, {"phone": PHONE}])
def test_the_links_go_to_the_contact_of_the_booking(api, token, mails, contact):
	"""BK-7: by e-mail or phone, in the booking's language; each upcoming one."""
	post.send()
	mails.received.clear()
	ask(api, **contact)
	assert look() == 1
	post.send()
	(mail,) = mails.received
	assert mail.to == EMAIL
	assert f"/booking/{token}" in mail.text
	assert "Hola" in mail.text


@pytest.mark.parametrize("typed", ["611 777 888", "0034 611 777 888", "(+34) 611-777-888"])
def test_a_phone_is_read_as_it_was_at_booking(api, token, typed):
	"""BK-7, SE-3: without + as one of the clinic's country, wherever the site says it is."""
	frappe.db.set_single_value("System Settings", "country", "Romania")
	a_clinic(country="France")
	frappe.db.commit()
	ask(api, phone=typed)
	look()
	assert len(links()) == 1


def test_a_number_of_no_clinics_country_is_refused(api, token):
	"""SE-3: whoever has bookings."""
	error_of(api.post("resend", phone="12"), 422, "ERR_VALIDATION")
	error_of(api.post("resend", phone="61177788811122233344"), 422, "ERR_VALIDATION")


def test_by_sms_where_the_clinic_has_it(api, token, twilio):
	"""BK-7: who asks by phone is answered there."""
	ask(api, phone=PHONE)
	look()
	post.send()
	(link,) = frappe.get_all("Clinic Message", {"kind": "link"}, ["status", "channel", "provider_id"])
	assert (link.status, link.channel) == ("Sent", "sms")
	assert [sms.to for sms in twilio.sent if sms.sid == link.provider_id] == [PHONE]


def test_by_mail_to_who_wants_no_sms(api, token, twilio, mails):
	"""BK-7, ME-5: a number that said STOP gets none, and its bookings' links by e-mail."""
	opt_outs.keep(PHONE, "STOP")
	ask_here(phone=PHONE)
	assert links() == [None]
	post.send()
	assert not twilio.sent and f"/booking/{token}" in mails.received[-1].text


def test_by_mail_to_who_had_their_share_today(api, token, twilio, mails):
	"""BK-7, ME-12: a number that is capped, as any other that takes nothing; nobody is alarmed."""
	an_sms(kind="booked")
	post.a_twilio_account(twilio.url, sms_per_number=1)
	ask_here(phone=PHONE)
	assert links() == [None]
	post.send()
	assert not twilio.sent and f"/booking/{token}" in mails.received[-1].text
	assert not frappe.db.count("Clinic Alert", {"kind": "Messages"})


def test_links_take_half_of_what_a_number_may_get(api, token, twilio, mails):
	"""BK-7, ME-12: whoever asks for another's leaves the rest to reminders."""
	post.a_twilio_account(twilio.url, sms_per_number=4)
	an_sms(kind="link")
	an_sms(kind="booked")
	ask_here(phone=PHONE)
	post.send()
	ask_here(phone=PHONE)
	assert sorted(map(str, links())) == ["None", "email", "sms"]


def an_sms(kind):
	"""One that this number had today."""
	sent = {"channel": "sms", "status": "Sent", "outbox_status": "Done", "sent_to": fingerprint(PHONE)}
	insert(
		"Clinic Message",
		kind=kind,
		cause=frappe.generate_hash(),
		sent_at_utc=to_database(clock.now()),
		**sent,
	)


@pytest.mark.parametrize("contact", [{"email": EMAIL}, {"phone": PHONE}])
def test_visits_of_a_patient_whose_contact_nobody_typed_again(api, token, mails, contact):
	"""BK-7: made at the desk, with what the record says; one with another contact of its own is not theirs."""
	visit = frappe.get_last_doc("Clinic Appointment")
	frappe.db.set_value("Clinic Patient", visit.patient, {"email": EMAIL, "phone": PHONE})
	for field in ("contact_email", "contact_phone"):
		frappe.db.set_value("Clinic Appointment", visit.name, field, "")
	ask_here(**contact)
	assert len(links()) == 1
	others = {"contact_email": "other@example.com", "contact_phone": "+34600111222"}
	frappe.db.set_value("Clinic Appointment", visit.name, others)
	ask_here(**contact)
	assert len(links()) == 1


def ask_here(**contact):
	((by, value),) = contact.items()
	link_requests.ask(by, value)
	assert look() == 1


def test_known_and_unknown_look_alike(api, token):
	"""BK-7: the same answer after the same work; what was asked is encrypted, and gone once it is done."""
	unknown = ({"email": "nobody@example.com"}, {"phone": "+34600000000"}, {"phone": "600000000"})
	for contact in ({"email": EMAIL}, *unknown):
		before = counts()
		ask(api, **contact)
		after = counts()
		assert {name for name in after if after[name] != before[name]} == {"Link Request"}
		kept = str(frappe.get_all("Link Request", fields=["*"]))
		assert not any(words in kept for words in contact.values())
	assert look() == 4
	assert len(links()) == 1
	assert not frappe.get_all("Link Request", {"contact": ("is", "set")})


def test_known_and_unknown_take_the_same_time(api, token):
	"""BK-7: which of two calls is the slower one is a coin's toss, on any machine; one time in 50,000 the coin errs."""
	set_settings(limit_resend_contact=0, limit_resend_address=0)
	contacts, known_was_slower = [EMAIL, "nobody@example.com"], 0
	for _round in range(25):
		contacts.reverse()  # neither is always the first
		taken = {contact: seconds(lambda contact=contact: ask(api, email=contact)) for contact in contacts}
		known_was_slower += taken[EMAIL] > taken["nobody@example.com"]
	assert 3 <= known_was_slower <= 22


def seconds(call) -> float:
	begun = time.perf_counter()
	call()
	return time.perf_counter() - begun


def test_only_what_is_still_to_come(api, practice, token):
	"""BK-7: nothing over, nothing cancelled, nothing of others."""
	slots = api.slots(practice)
	cancelled = api.booked(practice, slots[3]["start"])
	assert api.post("cancel", token=cancelled).status_code == 200
	api.booked(
		practice, slots[6]["start"], email="other@example.com", phone="+34600111222", name="Other Person"
	)
	frappe.db.rollback()
	past = frappe.copy_doc(
		frappe.get_last_doc("Clinic Appointment", {"contact_email": EMAIL, "status": "Confirmed"})
	)
	past.update({"starts_at_utc": "2000-01-05 10:00", "ends_at_utc": "2000-01-05 10:30", "reference": None})
	past.update({"contact_email": EMAIL, "seed": None, "token_hash": None, "request": None})
	past.insert()
	ask(api, email=EMAIL)
	look()
	assert links() == ["email"]


def test_twice_is_two_messages_and_a_retry_is_none(api, token):
	"""NT-3: each asking is a cause of its own; a worker that comes back tells nothing twice."""
	ask(api, email=EMAIL)
	ask(api, email=EMAIL)
	asked = dict(frappe.get_all("Link Request", fields=["name", "contact"], as_list=True))
	assert look() == 2
	values = {"outbox_status": "Waiting", "due_at_utc": "2000-01-01"}
	for name, contact in asked.items():
		frappe.db.set_value("Link Request", name, values | {"contact": contact})
	assert look() == 2
	assert len(links()) == 2


@pytest.mark.parametrize("contact", [{"email": EMAIL}, {"phone": PHONE}])
def test_five_an_hour_for_one_contact(api, token, server, contact):
	"""SE-2, IN-16: known or not, from wherever; then 429."""
	set_settings(limit_resend_contact=5, limit_resend_address=0)
	for _each in range(5):
		ask(api, **contact)
	error_of(api.post("resend", **contact), 429, "ERR_RATE_LIMITED")
	ask(api, email="another@example.com")
	for _each in range(4):
		ask(api, email="another@example.com")
	error_of(api.post("resend", email="Another@example.com"), 429, "ERR_RATE_LIMITED")


def test_twenty_an_hour_from_one_address(api, practice):
	"""SE-2, IN-16: whatever the contacts, forged forwarding headers or not."""
	set_settings(limit_resend_contact=5, limit_resend_address=20)
	for number in range(20):
		ask(api, email=f"somebody{number}@example.com")
	for headers in ({}, {"X-Forwarded-For": "203.0.113.9"}):
		error_of(api.post("resend", email="one@example.com", headers=headers), 429, "ERR_RATE_LIMITED")


@pytest.mark.parametrize(
	"contact",
	[
		{},
		{"email": EMAIL, "phone": PHONE},
		{"email": "x"},
		{"phone": "letters"},
		{"email": ["a@b.c"]},
		{"name": "x"},
	],
)
def test_anything_else_is_refused(api, practice, contact):
	"""SE-3, IN-9: and changes nothing."""
	before = counts()
	error_of(api.post("resend", **contact), 422, "ERR_VALIDATION")
	assert counts() == before


def test_looking_changes_nothing(api, practice):
	"""IN-15: scanners only look."""
	before = counts()
	error_of(api.get("resend", email=EMAIL), 405, "ERR_VALIDATION")
	assert counts() == before
