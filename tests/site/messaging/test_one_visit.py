"""One visit from booking to cancellation as its patient lives it: over HTTP, and by mail from a real server."""

from datetime import datetime

import frappe
import pytest
from icalendar import Calendar

from tests.site.messaging import post

SUBJECTS = {
	"en": ("Your appointment on", "Your appointment is now on", "is cancelled"),
	"ro": ("Programarea dumneavoastră de", "Programarea dumneavoastră este acum", "este anulată"),
}


def taken_over(calendar: dict, file: bytes) -> None:
	"""What a mail program does with an invitation (RFC 5546 §3.2.2): newer ones replace the event, or end it."""
	invitation = Calendar.from_ical(file)
	(event,) = invitation.walk("VEVENT")
	known = calendar.get(event["UID"])
	assert known is None or event["SEQUENCE"] > known["SEQUENCE"]
	if invitation["METHOD"] == "CANCEL":
		del calendar[event["UID"]]
	else:
		assert invitation["METHOD"] == "REQUEST"
		calendar[event["UID"]] = event


def invitation_of(mail) -> bytes:
	"""The part that mail programs read by themselves; its method stands in the header, too (RFC 6047 §2.4)."""
	(part,) = [part for part in mail.message.walk() if part.get_content_type() == "text/calendar"]
	file = part.get_content().encode()
	assert part["Content-Type"].params["method"] == Calendar.from_ical(file)["METHOD"]
	assert Calendar.from_ical(file) == Calendar.from_ical(mail.calendar_file)
	return file


@pytest.mark.parametrize("language", SUBJECTS)
def test_booked_moved_and_cancelled_in_the_patients_calendar(practice, api, mails, language):
	"""NT-1, NT-2, TI-13: three mails in their language; one event that is moved and goes, nothing beside it."""
	first, *_others, later = [slot["start"] for slot in api.slots(practice)]
	token = api.booked(practice, first, language=language)
	post.send()
	assert api.post("reschedule", token=token, start=later).status_code == 200
	post.send()
	assert api.post("cancel", token=token).status_code == 200
	post.send()

	calendar, seen = {}, []
	for mail, subject in zip(mails.received, SUBJECTS[language], strict=True):
		assert subject in mail.subject
		assert f"/booking/{token}" in mail.html and f"/booking/{token}" in mail.text
		assert mail.message["Content-Language"] == language
		taken_over(calendar, invitation_of(mail))
		seen.append([event["DTSTART"].dt for event in calendar.values()])
	assert seen == [[datetime.fromisoformat(first)], [datetime.fromisoformat(later)], []]
	frappe.db.rollback()
	(visit,) = frappe.get_all("Clinic Appointment", pluck="name")
	sent = {kind for kind, status in post.statuses(visit).items() if status == "Sent"}
	assert sent == {"booked", "moved", "cancelled"}
