"""`preferences` over HTTP: what the holder of a link may choose, and what it leaves alone."""

import frappe
import pytest

from tests.site.api.conftest import PATIENT, counts, error_of, set_settings

NEWS = "Send me news by pigeon."


@pytest.fixture
def token(practice, api):
	set_settings(newsletter_text=NEWS)
	return api.booked(practice, api.slots(practice)[0]["start"], language="ro", channel="email")


def prefer(api, token, **wishes):
	answer = api.post("preferences", token=token, **wishes)
	assert answer.json() == {"message": {}}
	frappe.db.rollback()


def appointment():
	return frappe.get_last_doc("Clinic Appointment")


def newsletters(**filters):
	return frappe.get_all("Patient Consent", {"kind": "Newsletter", **filters}, ["*"], order_by="creation")


def test_language_and_channel_are_the_bookings_own(api, token):
	"""BK-4: messages of this booking change; the patient's record does not, and what is not said stays."""
	patient = frappe.get_doc("Clinic Patient", appointment().patient).as_dict()
	prefer(api, token, language="es", channel="sms")
	assert (appointment().language, appointment().channel) == ("es", "sms")
	prefer(api, token, channel="whatsapp")
	assert (appointment().language, appointment().channel) == ("es", "whatsapp")
	assert frappe.get_doc("Clinic Patient", patient.name).as_dict() == patient


def test_a_country_that_is_not_known_leaves_its_language(api, practice, token):
	"""NT-2: browsers say "ro-ZZ"; who books and who chooses is told in Romanian, not in the site's language."""
	prefer(api, token, language="es-ZZ")
	assert appointment().language == "es"
	api.booked(practice, api.slots(practice)[5]["start"], language="ro-ZZ")
	frappe.db.rollback()
	assert sorted(frappe.get_all("Clinic Appointment", pluck="language")) == ["es", "ro"]


def test_news_are_a_consent_with_its_text_and_time(api, token):
	"""UI-1, BK-4: kept once, for the address that was typed, with the text as it was read."""
	for _twice in range(2):
		prefer(api, token, newsletter=True)
	(consent,) = newsletters()
	assert (consent.email, consent.text, consent.appointment) == (PATIENT["email"], NEWS, appointment().name)
	settings = frappe.get_doc("Clinic Booking Settings")
	assert consent.text_version == settings.newsletter_version
	assert settings.newsletter_version != settings.consent_version
	assert abs(consent.given_at - frappe.db.sql("SELECT UTC_TIMESTAMP()")[0][0]).total_seconds() < 60
	assert not frappe.db.get_value("Clinic Patient", consent.patient, "newsletter")


def test_a_text_that_changed_is_agreed_to_anew(api, token):
	"""UI-1: each version of the text is a consent of its own."""
	prefer(api, token, newsletter=True)
	set_settings(newsletter_text=NEWS + " Twice a year.")
	prefer(api, token, newsletter=True)
	assert [row.text for row in newsletters()] == [NEWS, NEWS + " Twice a year."]


@pytest.mark.parametrize("wish", [{"newsletter": False}, {"unsubscribe": True}])
def test_news_stop_for_the_address_by_any_of_its_links(api, practice, token, wish):
	"""SE-4: agreed to with one booking, stopped with another; when it was stopped is kept."""
	prefer(api, token, newsletter=True)
	other = api.booked(practice, api.slots(practice)[5]["start"])
	prefer(api, other, **wish)
	assert not newsletters(withdrawn_at=("is", "not set"))
	prefer(api, token, newsletter=True)
	assert len(newsletters()) == 2


def test_unsubscribing_stops_reminders_and_can_be_taken_back(api, token):
	"""NT-2: of this visit."""
	prefer(api, token, unsubscribe=True)
	assert appointment().no_reminders == 1
	prefer(api, token, unsubscribe=False)
	assert appointment().no_reminders == 0


@pytest.mark.parametrize(
	"wishes, field",
	[
		({"language": "xx"}, "language"),
		({"language": "../etc"}, "language"),
		({"channel": "pigeon"}, "channel"),
		({"channel": ["sms"]}, "channel"),
		({"newsletter": "yes"}, "newsletter"),
		({"newsletter": 1}, "newsletter"),
		({"newsletter": True, "unsubscribe": True}, "newsletter"),
		({"unsubscribe": "true"}, "unsubscribe"),
		({"email": "other@example.com"}, "email"),
	],
)
def test_anything_else_is_refused_by_name(api, token, wishes, field):
	"""SE-3, IN-9: and changes nothing."""
	before = counts()
	error = error_of(api.post("preferences", token=token, **wishes), 422, "ERR_VALIDATION")
	assert list(error["fields"]) == [field]
	assert counts() == before


def test_no_newsletter_where_the_clinic_has_none(api, token):
	"""UI-1: then none can be agreed to."""
	set_settings(newsletter_text="")
	error = error_of(api.post("preferences", token=token, newsletter=True), 422, "ERR_VALIDATION")
	assert list(error["fields"]) == ["newsletter"]


def test_only_the_holder_of_a_booking_chooses(api, practice, token):
	"""IN-14, IN-15: no stranger, no hold, and nothing by looking."""
	held = api.hold(practice, api.slots(practice)[3]["start"]).json()["message"]["token"]
	error_of(api.post("preferences", token=held, language="es"), 422, "ERR_VALIDATION")
	error_of(api.post("preferences", token=token[:-1] + "x", language="es"), 404, "ERR_NOT_FOUND")
	before = counts()
	error_of(api.get("preferences", token=token, unsubscribe=True), 405, "ERR_VALIDATION")
	assert api.session.head("/api/method/clinic_booking.api.public.preferences").status_code == 405
	assert counts() == before
