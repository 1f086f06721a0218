"""The clinic's own words, and what goes out where they are broken or missing (NT-6, ME-10)."""

import frappe
import pytest

from clinic_booking import formats
from clinic_booking.booking.patients import Contact
from clinic_booking.messaging import filling, kinds, letters, occasion, registry, wording
from clinic_booking.messaging.letters import Subject
from clinic_booking.messaging.shipped import FAMILIES
from clinic_booking.translations import catalogue
from tests.builders import a_clinic, insert
from tests.fakes.twilio import TEMPLATE
from tests.scenes import on_day
from tests.site.booking.site_scene import booked, now
from tests.site.messaging import post


def a_text(**values):
	given = {"kind": "booked", "family": "email", "language": "en", "enabled": 1}
	return insert("Message Template", **given | {"subject": "Come!", "body": "Dear {{ name }}"} | values)


def alerts():
	return frappe.get_all("Clinic Alert", {"kind": "Texts"}, pluck="reference_name")


def test_clinics_own_text_goes_instead(scene, mails):
	"""NT-6: once it is switched on."""
	text = a_text(body="Dear {{ name }}, welcome to {{ clinic }}.", enabled=0)
	booked(scene)
	post.send()
	text.update({"enabled": 1}).save()
	booked(scene, on_day(2, 14))
	post.send()
	first, second = mails.received
	assert first.subject.startswith("Your appointment") and second.subject == "Come!"
	assert "Dear María Ionescu, welcome to Clinic" in second.text


def test_own_text_in_its_language_alone(scene, mails):
	"""NT-6: others read what is shipped; es-CO reads what Spanish readers do."""
	a_text(language="es", subject="Venga", body="Estimada {{ name }}")
	visit = booked(scene, contact=Contact("Ana", "ana@example.com", "+34611223344", language="es-CO"))
	post.send()
	(mail,) = mails.received
	assert mail.subject == "Venga" and "Estimada Ana" in mail.html
	assert post.told(visit.name)["booked"].language == "es-CO"


def test_a_clinics_own_text_goes_before_the_one_of_all(scene, mails):
	"""NT-6, SE-1: another clinic's is not read at all; one of each there may be."""
	a_text(subject="All's", language="en")
	a_text(subject="Other's", clinic=a_clinic().name)
	booked(scene)
	post.send()
	a_text(subject="Ours", clinic=scene.clinic)
	booked(scene, on_day(2, 14))
	post.send()
	assert [mail.subject for mail in mails.received] == ["All's", "Ours"]
	with pytest.raises(frappe.ValidationError):
		a_text(clinic=scene.clinic)


def test_broken_text_is_not_sent_but_told_of(scene, mails):
	"""ME-10: what comes with the app goes out, and the clinic hears of it, once."""
	text = a_text()
	frappe.db.set_value("Message Template", text.name, "body", "Dear {{ nmae }}")
	booked(scene)
	post.send()
	assert mails.received[0].subject.startswith("Your appointment on")
	assert alerts() == [text.name]


def test_staff_are_warned_in_their_own_language(scene, mails, monkeypatch):
	"""ME-10: not in that of the patient whose message it was."""
	monkeypatch.setattr(wording, "staff", lambda text: frappe.local.lang)
	own = a_text(language="ro", subject="Bine ati venit")
	frappe.db.set_value("Message Template", own.name, "body", "{{ nmae }}")
	booked(scene, contact=Contact("Ana", "ana@example.com", "+34611223344", language="ro"))
	booked(scene, on_day(2, 14), contact=Contact("Uwe", "uwe@example.com", "+34611223355", language="de"))
	post.send()
	assert sorted(alerts()) == sorted([own.name, "de"])
	assert set(frappe.get_all("Clinic Alert", {"kind": "Texts"}, pluck="subject")) == {
		wording.language_of(None)
	}


@pytest.mark.parametrize(
	"language, expected, alarmed", [("de", "Your appointment on", ["de"]), (None, "Your appointment on", [])]
)
def test_language_without_texts_and_none_at_all(scene, mails, language, expected, alarmed):
	"""ME-10: English, with an alert where somebody reads another; unset, the site's own."""
	booked(scene, contact=Contact("Ana", "ana@example.com", "+34611223344", language=language))
	post.send()
	assert mails.received[0].subject.startswith(expected)
	assert alerts() == alarmed


@pytest.mark.parametrize(("country", "american"), [("Spain", False), ("United States", True)])
def test_plain_english_is_written_as_at_the_clinic(scene, mails, country, american):
	"""UI-1: the desk knows no more of a patient's English than that it is some."""
	frappe.db.set_value("Clinic", scene.clinic, "country", country)
	frappe.clear_document_cache("Clinic", scene.clinic)
	booked(scene, contact=Contact("Ann", "ann@example.com", "+34611223344", language="en"))
	post.send()
	day = on_day(2, 12)
	written = (
		f"{day:%A}, {day:%B} {day.day}, {day.year}"
		if american
		else f"{day:%A}, {day.day} {day:%B} {day.year}"
	)
	assert written in mails.received[0].text and written in mails.received[0].subject


def test_letter_is_in_one_language(scene, mails):
	"""ME-10: where there are no texts in the reader's, dates, zone and mark are English, too."""
	booked(scene, contact=Contact("Uwe", "uwe@example.com", "+34611223344", language="de"))
	post.send()
	(mail,) = mails.received
	english, german = (formats.full_date(on_day(2, 12).date(), each) for each in ("en-001", "de"))
	assert english in mail.text and english in mail.subject
	assert german not in mail.text + mail.html + mail.subject
	assert '<html lang="en"' in mail.html and mail.message["Content-Language"] == "en"


def test_own_text_that_is_broken_leaves_no_trace_of_its_language(scene, mails):
	"""ME-10: the same where the clinic has words of its own, and they can't be filled in."""
	own = a_text(language="de", subject="Ihr Termin")
	frappe.db.set_value("Message Template", own.name, "body", "{{ nmae }}")
	booked(scene, contact=Contact("Uwe", "uwe@example.com", "+34611223344", language="de"))
	post.send()
	assert formats.full_date(on_day(2, 12).date(), "en-001") in mails.received[0].text


def test_approved_text_is_in_the_readers_language_whatever_the_app_speaks(scene, twilio):
	"""NT-2: WhatsApp has German words, and German dates in them."""
	post.a_twilio_account(twilio.url, whatsapp_templates=f"booked de {TEMPLATE}")
	uwe = Contact("Uwe", "uwe@example.com", "+34611223344", language="de", channel="whatsapp")
	booked(scene, contact=uwe)
	post.send()
	(sent,) = [each for each in twilio.sent if each.to.startswith("whatsapp:")]
	assert formats.short_date(on_day(2, 12).date(), "de") in sent.body


def test_language_that_the_site_does_not_know(scene, mails):
	"""ME-10: it goes out in English all the same, and the alert links what there is."""
	visit = booked(scene, contact=Contact("Kor", "kor@example.com", "+34611223344", language="tlh"))
	post.send()
	assert mails.received[0].subject.startswith("Your appointment on")
	assert post.statuses(visit.name)["booked"] == "Sent"
	assert alerts() == [scene.clinic]


@pytest.mark.parametrize("language", ["ro", "es", "fr"])
def test_every_shipped_text_is_there_in_every_language(site, language):
	"""NT-6: and can be filled in."""
	with wording.speaking(language):
		for family in FAMILIES.values():
			for text in family.values():
				for part in filter(None, text):
					filling.check(catalogue()[part])


@pytest.mark.parametrize("kind", kinds.TO_PATIENTS)
@pytest.mark.parametrize("language", ["en", "ro"])
def test_short_messages_name_clinic_time_and_link_only(scene, kind, language):
	"""NT-6: neither doctor nor service, whatever it is about."""
	visit = booked(scene)
	row = occasion.message(post.told(visit.name)["booked"].name)
	row.kind = kind
	booking = occasion.booking_of(row)
	booking.language = language
	letter = letters.letter(
		Subject(row, booking, occasion.recipient(row, booking)), registry.SHORT, "+34655000111", now()
	)
	title = frappe.db.get_value("Clinic", scene.clinic, "title")
	assert letter.text.startswith(title) and letter.link in letter.text
	doctor = frappe.db.get_value("Doctor", scene.doctors[0], "doctor_name")
	service = frappe.db.get_value("Clinic Service", scene.visit, "title")
	assert doctor not in letter.text + str(letter.variables)
	assert service not in letter.text + str(letter.variables)
	assert letter.html is None and letter.calendar_file is None


def test_new_text_begins_with_what_is_shipped(site):
	"""NT-6: in its language, to be changed."""
	text = a_text(language="ro", subject="", body="")
	assert text.subject == "Programarea dumneavoastră de {{ date }}" and "{{ name }}" in text.body


@pytest.mark.parametrize(
	"body", ["{{ seed }}", "{{ name", "{% for a in b %}{% endfor %}", "{{ ''.__class__ }}"]
)
def test_text_that_can_not_be_filled_in_is_not_saved(site, body):
	"""IN-6, ME-10: with the word and the line that are wrong."""
	with pytest.raises(frappe.ValidationError):
		a_text(body=body)


def test_one_text_for_each_message_and_language(site):
	"""NT-6: which of two would it be?"""
	a_text()
	with pytest.raises(frappe.ValidationError):
		a_text()


def test_preview_is_of_a_visit_that_is_made_up(scene):
	"""NT-6: as it was saved; escaped like the letter itself (IN-4)."""
	text = a_text(body="Dear {{ name }} <b>at</b> {{ clinic }}", language="fr")
	text.run_method("onload")
	shown = text.get("__onload").preview
	assert shown["subject"] == "Come!" and "&lt;b&gt;" in shown["html"] and "Maria García" in shown["text"]
	short = a_text(family="short", body="{{ clinic }} {{ link }}")
	short.run_method("onload")
	assert short.get("__onload").preview["html"] == "" and short.subject == ""
