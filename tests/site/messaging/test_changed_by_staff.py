"""What staff change of a visit by its form or by REST: who is told, and whose link opens it from then on."""

import frappe
import pytest
from icalendar import Calendar

from clinic_booking.booking import clock, desk, preferences, status, tokens
from clinic_booking.booking.patients import Contact
from clinic_booking.errors import NotFound
from clinic_booking.messaging import browsers, by_hand, kinds, reports
from clinic_booking.messaging.queue import DOCTYPE
from tests.builders import a_clinic, a_doctor, a_patient, a_service, insert
from tests.scenes import Scene, a_scene, on_day, raise_limits
from tests.site.api.conftest import error_of
from tests.site.booking.site_scene import booked, do
from tests.site.messaging import post

ANA = Contact(
	"Ana Pop", "ana@example.com", "+34655000111", language="ro", channel="push", timezone="Asia/Tokyo"
)
OTHERS = {"language": "fr", "preferred_channel": "email", "timezone": "Europe/Paris"}
DOCTORS_LOGIN = "doctor.two@example.com"


def saved(name, **values):
	"""As a form does; the transaction is committed."""
	frappe.db.commit()
	visit = frappe.get_doc("Clinic Appointment", name)
	visit.update(values).save()
	frappe.db.commit()
	return visit


def kinds_of(name) -> list[tuple[str, str]]:
	return sorted(
		(row.kind, row.status)
		for row in frappe.get_all("Clinic Message", {"appointment": name}, ["kind", "status"])
	)


def told_since(mails, change) -> list[tuple[str, str]]:
	"""(to, subject) of the mails that a change brings."""
	post.send()
	mails.received.clear()
	change()
	post.send()
	return sorted((mail.to, mail.subject) for mail in mails.received)


# -- another patient -----------------------------------------------------------------------------------


def test_another_patient_brings_all_of_theirs(scene):
	"""BK-4, NT-2: contact, language, channel and zone; the wishes and browsers of the first one go."""
	visit = booked(scene, contact=ANA)
	visit.db_set("no_reminders", 1)
	frappe.db.set_single_value("Clinic Booking Settings", "newsletter_text", "Send me news.")
	preferences.agree(visit, clock.now())
	assert preferences.gets_news(visit)
	browser = {"endpoint_hash": "x", "subscription": "x"}
	frappe.get_doc(doctype=browsers.DOCTYPE, appointment=visit.name, **browser).db_insert()
	other = a_patient(**OTHERS)
	visit = saved(visit.name, patient=other.name)
	assert (visit.contact_name, visit.contact_email) == (other.patient_name, other.email)
	assert (visit.language, visit.channel, visit.timezone) == ("fr", "email", "Europe/Paris")
	assert not visit.no_reminders and not preferences.gets_news(visit)
	assert not frappe.db.count(browsers.DOCTYPE)


def test_what_is_typed_along_with_another_patient_stays(scene):
	"""BK-4: the desk knows better how to reach them this time."""
	visit = booked(scene, contact=ANA)
	typed = {"contact_name": "Eve", "contact_email": "eve@example.com", "contact_phone": "+34655000222"}
	visit = saved(visit.name, patient=a_patient(**OTHERS).name, language="es", **typed)
	assert (visit.contact_email, visit.language, visit.channel) == ("eve@example.com", "es", "email")


def test_the_first_patients_link_opens_nothing_any_more(practice, api):
	"""BK-7, SE-1: neither what it shows nor what it does; the new one's opens the visit."""
	first, *_others, later = [slot["start"] for slot in api.slots(practice)]
	token = api.booked(practice, first)
	frappe.db.rollback()
	visit = frappe.get_last_doc("Clinic Appointment")
	visit = saved(visit.name, patient=a_patient(**OTHERS).name)
	for call in ("booking", "ics", "receipt"):
		error_of(api.get(call, token=token), 404, "ERR_NOT_FOUND")
	for call, more in (
		("cancel", {}),
		("reschedule", {"start": later}),
		("pay", {}),
		("preferences", {"language": "es"}),
		("rate", {"stars": 5}),
		("release", {}),
	):
		error_of(api.post(call, token=token, **more), 404, "ERR_NOT_FOUND")
	assert api.session.get(f"/booking/{token}").status_code == 404
	theirs = tokens.token_of(visit.seed)
	assert api.get("booking", token=theirs).json()["message"]["reference"] == visit.reference
	assert api.session.get(f"/booking/{theirs}").status_code == 200


def test_another_patient_is_told_as_of_a_booking(scene, mails):
	"""NT-1: with the link that is theirs, and one reminder; the first one gets nothing more."""
	visit = booked(scene, on_day(3, 18), contact=ANA)
	other = a_patient(**OTHERS)
	(told,) = told_since(mails, lambda: saved(visit.name, patient=other.name))
	assert told[0] == other.email and told[1].startswith("Votre rendez-vous")
	visit.reload()
	assert f"/booking/{tokens.token_of(visit.seed)}" in mails.received[0].text
	mails.received.clear()
	post.hurry(kind=kinds.REMINDER)
	post.send()
	assert [mail.to for mail in mails.received] == [other.email]
	assert [status for kind, status in kinds_of(visit.name) if kind == kinds.REMINDER] == ["Sent", "Skipped"]


def test_what_waits_about_the_first_patient_goes_to_nobody(scene, mails, twilio):
	"""SE-1, NT-4: nor does what came back of theirs go to the other one; staff see what the other one was told."""
	visit = booked(scene, on_day(3, 18), contact=ANA)
	post.send()
	sent = post.told(visit.name)[kinds.BOOKED]
	frappe.db.set_value(DOCTYPE, post.told(visit.name)[kinds.REMINDER].name, "kind", kinds.PAID)
	post.hurry(kind=kinds.PAID)
	other = a_patient(**OTHERS)
	saved(visit.name, patient=other.name)
	mails.received.clear()
	reports.note(sent.name, reports.BOUNCED, "email", sent.provider_id)
	post.send()
	assert [mail.to for mail in mails.received] == [other.email] and not twilio.sent
	assert post.told(visit.name)[kinds.PAID].why == kinds.ANOTHERS
	assert {each["kind"] for each in by_hand.offered(visit.name)["sent"]} == {kinds.BOOKED, kinds.REMINDER}
	assert kinds.PAID not in by_hand.offered(visit.name)["kinds"]


def test_nobody_is_told_of_a_cancelled_visits_other_patient(scene, mails):
	"""NT-1, NT-4: nor anew that it is cancelled, whatever is changed of it."""
	visit = booked(scene, contact=ANA)
	saved(visit.name, status="Cancelled", cancel_reason="Ill")
	doctor = a_doctor(
		frappe.get_doc("Clinic Service", scene.visit), clinics=[frappe.get_doc("Clinic", scene.clinic)]
	)
	change = {"patient": a_patient(**OTHERS).name, "doctor": doctor.name}
	assert told_since(mails, lambda: saved(visit.name, **change)) == []


def test_the_same_patient_keeps_their_link(scene):
	"""BK-7: whatever else is saved."""
	visit = booked(scene, contact=ANA)
	seed = visit.seed
	visit = saved(visit.name, contact_name="Ana Maria Pop")
	assert (visit.seed, status.booking(tokens.token_of(seed))["reference"]) == (seed, visit.reference)
	with pytest.raises(NotFound):
		status.booking(tokens.token_of(tokens.new_seed()))


# -- another doctor, another clinic --------------------------------------------------------------------


def a_doctor_with_a_login(scene: Scene) -> str:
	"""The scene's second doctor, who gets mail."""
	insert("User", email=DOCTORS_LOGIN, first_name="Two", send_welcome_email=0)
	frappe.get_doc("Doctor", scene.doctors[1]).update({"user": DOCTORS_LOGIN}).save()
	return scene.doctors[1]


@pytest.mark.parametrize("by_form", [True, False])
def test_another_doctor_at_the_same_time_is_told(mails, by_form):
	"""NT-1, NT-2: to the patient as a move, whose calendar follows; to the new doctor as a booking; reminded once."""
	scene = a_scene(doctors=2)
	visit = booked(scene, on_day(3, 12), contact=ANA)
	other = a_doctor_with_a_login(scene)
	post.send()
	(before,) = Calendar.from_ical(mails.received[0].calendar_file).walk("VEVENT")

	def change():
		if by_form:
			saved(visit.name, doctor=other)
		else:
			wanted = desk.Wanted(other, scene.visit, on_day(3, 12), scene.clinic)
			do(desk.move, visit.name, visit.doctor, wanted)

	(told, _doctors) = told_since(mails, change)
	assert told[0] == ANA.email and told[1].startswith("Programarea dumneavoastră este acum")
	assert _doctors[0] == DOCTORS_LOGIN
	moved = next(mail for mail in mails.received if mail.to == ANA.email)
	(after,) = Calendar.from_ical(moved.calendar_file).walk("VEVENT")
	assert (after["UID"], after["DTSTART"].dt) == (before["UID"], before["DTSTART"].dt)
	assert after["SEQUENCE"] > before["SEQUENCE"]
	assert kinds_of(visit.name).count((kinds.REMINDER, "Waiting")) == 1


def test_another_clinic_at_the_same_time_is_told(site, mails):
	"""NT-1: who would go to the old one."""
	raise_limits()
	one, two = a_clinic(), a_clinic()
	service = a_service(one, two)
	doctor, other = a_doctor(service, clinics=[one]), a_doctor(service, clinics=[two])
	scene = Scene(one.name, (doctor.name,), (doctor.slug,), (), service.name, service.name)
	visit = booked(scene, on_day(3, 12), contact=ANA)
	wanted = desk.Wanted(other.name, service.name, on_day(3, 12), two.name)
	((to, _subject),) = told_since(mails, lambda: do(desk.move, visit.name, visit.doctor, wanted))
	assert to == ANA.email and two.title in mails.received[0].text


def test_an_asked_for_visit_is_asked_of_the_other_doctor(mails):
	"""BK-5: it is theirs to take; the first one's answer is not needed any more."""
	scene = a_scene(doctors=2, approves_bookings=1)
	visit = booked(scene, on_day(3, 12), contact=ANA)
	other = a_doctor_with_a_login(scene)
	told = told_since(mails, lambda: saved(visit.name, doctor=other))
	assert [to for to, _subject in told] == [ANA.email, DOCTORS_LOGIN]
	assert {kind for kind, _status in kinds_of(visit.name)} == {kinds.REQUESTED, kinds.DOCTOR_REQUESTED}
