"""SMS and WhatsApp from a booking to the telephone, by a Twilio on this machine."""

import frappe
import pytest

from clinic_booking.booking.patients import Contact
from clinic_booking.messaging import browser_keys, opt_outs, twilio_settings
from tests.fakes.server import BROKEN_AFTER, DROPPED_AFTER, TOO_MANY
from tests.fakes.twilio import NUMBER, SID, TOKEN
from tests.scenes import on_day
from tests.site.booking.site_scene import booked
from tests.site.messaging import post

PHONE = "+34655000111"
SEND = "POST /2010-04-01/Accounts/*/Messages.json"


def someone(channel, language="ro", phone=PHONE):
	return Contact("María Ionescu", "maria@example.com", phone, language=language, channel=channel)


def outcome(visit, kind="booked"):
	return frappe.db.get_value(
		"Clinic Message", {"appointment": visit.name, "kind": kind}, ["status", "channel", "why"]
	)


@pytest.mark.parametrize(
	("language", "says"),
	[
		("en", "your appointment on"),
		("ro", "programarea de"),
		("es", "cita"),
		("fr", "rendez-vous"),
	],
)
def test_a_short_message_in_the_patients_language(scene, twilio, language, says):
	"""NT-2, NT-6, TI-13: clinic, time and link; no doctor, specialty, service or name."""
	visit = booked(scene, contact=someone("sms", language))
	post.send()
	(sms,) = [each for each in twilio.sent if each.to == PHONE]
	assert says in sms.body.lower()
	assert "12:00" in sms.body and "/booking/" in sms.body
	assert frappe.db.get_value("Clinic", visit.clinic, "title") in sms.body
	for secret in (visit.doctor_name, frappe.db.get_value("Clinic Service", visit.service, "title"), "María"):
		assert secret not in sms.body
	assert outcome(visit) == ("Sent", "sms", None)


def test_whatsapp_by_template(scene, twilio):
	"""NT-2: clinic, time and link fill it."""
	visit = booked(scene, contact=someone("whatsapp"))
	post.send()
	(sent,) = twilio.sent
	assert sent.to == f"whatsapp:{PHONE}"
	assert "12:00" in sent.body and "/booking/" in sent.body
	assert outcome(visit) == ("Sent", "whatsapp", None)


@pytest.mark.parametrize("code", [63003, 63016, 63024])
def test_whatsapp_falls_back_to_sms(scene, twilio, code):
	"""ME-5: not on WhatsApp, or its window closed."""
	twilio.refuse[f"whatsapp:{PHONE}"] = code
	visit = booked(scene, contact=someone("whatsapp"))
	post.send()
	assert [sms.to for sms in twilio.sent] == [PHONE]
	assert outcome(visit) == ("Sent", "sms", None)


def test_what_has_no_template_goes_by_sms(scene, twilio):
	"""NT-2: in the patient's language, rather than in another's."""
	booked(scene, contact=someone("whatsapp", language="es"))
	post.send()
	assert [sms.to for sms in twilio.sent] == [PHONE]


def test_too_many_waits_and_goes_once(scene, twilio):
	"""ME-5, ME-8: 429 is later, and not marked as sent."""
	twilio.fail(TOO_MANY, SEND)
	visit = booked(scene, contact=someone("sms"))
	post.send()
	assert outcome(visit) == ("Waiting", None, None)
	post.hurry(kind="booked")
	post.send()
	assert outcome(visit)[0] == "Sent"
	assert len(twilio.sent) == 1


@pytest.mark.parametrize("code", [21211, 21614, 21610])
def test_a_number_that_gets_none_is_told_by_mail(scene, twilio, mails, code):
	"""ME-5: bad number, opted out: by e-mail, which every booking has."""
	twilio.refuse[PHONE] = code
	visit = booked(scene, contact=someone("sms"))
	post.send()
	assert outcome(visit) == ("Sent", "email", None)
	assert [mail.to for mail in mails.received] == ["maria@example.com"]


def test_a_number_that_gets_none_and_no_other_way(scene, twilio):
	"""ME-5, NT-3: failed where people see it, with the reason."""
	twilio.refuse[PHONE] = 21211
	visit = booked(scene, contact=someone("sms"))
	post.send()
	assert outcome(visit) == ("Failed", None, "The address doesn't exist, or takes nothing")
	assert frappe.db.exists("Clinic Alert", {"kind": "Messages", "status": "Open", "clinic": visit.clinic})


def test_stop_is_kept_and_start_takes_it_back(scene, twilio, mails):
	"""ME-5: not asked of the provider again; the number itself is not kept."""
	opt_outs.read(PHONE, " stop ", "SM1")
	opt_outs.read(PHONE, "STOP", "SM2")
	assert PHONE not in str(frappe.get_all("Message Opt Out", fields=["*"]))
	booked(scene, contact=someone("sms"))
	post.send()
	assert not twilio.received and len(mails.received) == 1
	opt_outs.read(PHONE, "Start", "SM3")
	booked(scene, on_day(2, 15), contact=someone("sms"))
	post.send()
	assert len(twilio.sent) == 1


def test_what_people_write_is_not_kept(scene, twilio):
	"""SE-5: other words are for nobody here."""
	opt_outs.read(PHONE, "I can't come, my back hurts", "SM1")
	opt_outs.read(PHONE, "please do not stop", "SM2")
	assert not frappe.db.count("Message Opt Out")


def test_no_more_than_so_many_to_one_number_a_day(scene, twilio, mails):
	"""ME-12: the next ones go by e-mail; another number is not kept waiting."""
	post.a_twilio_account(twilio.url, sms_per_number=2)
	for hour in (9, 10, 11, 12):
		booked(scene, on_day(2, hour), contact=someone("sms"))
		post.send()
	assert [sms.to for sms in twilio.sent] == [PHONE, PHONE]
	assert len(mails.received) == 2
	booked(scene, on_day(2, 14), contact=someone("sms", phone="+34655000222"))
	post.send()
	assert twilio.sent[-1].to == "+34655000222"


def test_no_more_than_so_many_a_day_in_all(scene, twilio, mails):
	"""ME-12: whatever the numbers; those of yesterday don't count, 0 is no limit."""
	post.a_twilio_account(twilio.url, sms_per_number=0, sms_per_day=2)
	for number in range(4):
		booked(scene, on_day(2, 9 + number), contact=someone("sms", phone=f"+3465500022{number}"))
		post.send()
	assert len(twilio.sent) == 2 and len(mails.received) == 2
	frappe.db.sql("UPDATE `tabClinic Message` SET sent_at_utc = sent_at_utc - INTERVAL 1 DAY")
	booked(scene, on_day(2, 15), contact=someone("sms"))
	post.send()
	assert len(twilio.sent) == 3


def test_capped_with_no_other_way_is_seen(scene, twilio):
	"""ME-12, NT-3: nothing is lost unseen."""
	post.a_twilio_account(twilio.url, sms_per_number=1)
	booked(scene, on_day(2, 9), contact=someone("sms"))
	post.send()
	visit = booked(scene, on_day(2, 10), contact=someone("sms"))
	post.send()
	assert outcome(visit) == ("Failed", None, "They had as many messages today as the settings allow")


@pytest.mark.parametrize("fault", [BROKEN_AFTER, DROPPED_AFTER])
def test_a_message_without_an_answer_is_looked_for_before_it_is_sent_again(scene, twilio, fault):
	"""NT-3, ME-3: Twilio is asked whether it has this very text to this number."""
	twilio.fail(fault, SEND)
	visit = booked(scene, contact=someone("sms"))
	post.send()
	assert outcome(visit)[0] == "Waiting"
	post.hurry(kind="booked")
	post.send()
	assert outcome(visit)[0] == "Sent"
	assert len(twilio.sent) == 1


def test_no_phone_known_goes_by_mail(scene, twilio, mails):
	"""NT-2: the channel that they like is no use then."""
	visit = booked(scene, contact=someone("sms"))
	frappe.db.set_value("Clinic Appointment", visit.name, "contact_phone", None)
	frappe.db.set_value("Clinic Patient", visit.patient, "phone", None)
	post.send()
	assert not twilio.sent and len(mails.received) == 1


# -- the settings ----------------------------------------------------------------------------------


def test_half_set_up_is_off_and_the_test_says_what_is_missing(twilio, monkeypatch):
	"""DY-7: nothing half-set is used."""
	post.reached_by(monkeypatch, "https://clinic.example")
	assert twilio_settings.test_sms() == [] == twilio_settings.test_whatsapp()
	for values, count in (
		({"twilio_account_sid": ""}, 1),
		({"twilio_auth_token": ""}, 1),
		({"sms_sender": ""}, 1),
		({"twilio_account_sid": "", "sms_sender": ""}, 2),
	):
		post.a_twilio_account(twilio.url, **values)
		assert twilio_settings.sms() is None
		assert len(twilio_settings.test_sms()) == count
	post.a_twilio_account(twilio.url, whatsapp_templates="")
	assert twilio_settings.whatsapp() is None and twilio_settings.sms()
	assert len(twilio_settings.test_whatsapp()) == 1
	assert not twilio.sent


@pytest.mark.parametrize(
	"address, problems",
	[
		("https://clinic.example", 0),
		("clinic.example", 1),
		("http://clinic.example", 1),
		("https://clinic", 1),
		("http://localhost:8000", 2),
		(None, 1),
	],
)
def test_the_test_says_when_links_lead_nowhere(twilio, monkeypatch, address, problems):
	"""DY-7: messages are no use then; the demo may be anywhere, but somewhere."""
	post.reached_by(monkeypatch, address)
	monkeypatch.delitem(frappe.local.conf, "hostname", raising=False)
	for test in (twilio_settings.test_sms, twilio_settings.test_whatsapp):
		assert len(test()) == problems
	told = browser_keys.test()
	assert len([sentence for sentence in told if "host_name" in sentence]) == problems
	monkeypatch.setitem(frappe.local.conf, "clinic_booking_demo", 1)
	assert len(twilio_settings.test_sms()) == (address is None)


def test_the_test_asks_twilio(twilio):
	"""DY-7: what Twilio does not know is said, and what it does not answer."""
	post.a_twilio_account(twilio.url, sms_sender="+15005550001")
	assert "no such number" in twilio_settings.test_sms()[0]
	post.a_twilio_account(twilio.url, twilio_auth_token="another")
	assert "does not accept" in twilio_settings.test_sms()[0]
	post.a_twilio_account(twilio.url, whatsapp_templates=f"booked ro HX{'0' * 32}")
	assert f"HX{'0' * 32}" in twilio_settings.test_whatsapp()[0]
	twilio_settings._opened.cache_clear()  # a line that is open stays so
	with twilio.gone():
		assert "does not answer" in twilio_settings.test_sms()[0]


@pytest.mark.parametrize(
	"values",
	[
		{"twilio_account_sid": "SK" + "a" * 32},
		{"sms_sender": "12345"},
		{"sms_sender": "A name that is too long"},
		{"whatsapp_sender": "Clinic"},
		{"whatsapp_templates": "booked ro"},
		{"whatsapp_templates": f"nonsense ro HX{'0' * 32}"},
	],
)
def test_what_can_not_be_right_is_refused(twilio, values):
	"""DY-7: when it is saved."""
	with pytest.raises(frappe.ValidationError):
		post.a_twilio_account(twilio.url, **values)


def test_secrets_are_not_kept_readable(twilio):
	"""SE-5: neither in the settings nor in their versions."""
	kept = frappe.db.sql("SELECT field, value FROM tabSingles WHERE doctype = 'Clinic Booking Settings'")
	versions = frappe.get_all("Version", {"ref_doctype": "Clinic Booking Settings"}, pluck="data")
	assert TOKEN not in str(kept) + str(versions)
	assert SID in str(kept) and NUMBER in str(kept)
