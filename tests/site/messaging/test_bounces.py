"""Mails in the clinic's own inbox: which of ours a bounce is about, and what is kept of those that quote ours (NT-5, NT-6)."""

import re
from email.message import EmailMessage
from html import escape
from urllib.parse import quote

import frappe
import pytest
from frappe.email.receive import InboundMail

from clinic_booking.booking import reschedule
from tests.scenes import on_day
from tests.site.booking.site_scene import booked, do
from tests.site.messaging import post

DAEMON = "MAILER-DAEMON@mx.example.com"


def test_a_bounce_in_the_clinics_inbox(scene, mails):
	"""ME-2: a mail that Frappe's Email Account fetched, from the mail server, quoting ours."""
	visit = booked(scene)
	post.send()
	quoted = mails.received[0].text

	def arrives(sender, subject):
		a_mail(sender, subject, f"I'm sorry to have to inform you\n{quoted}").insert()
		return frappe.db.get_value("Clinic Message", {"appointment": visit.name, "kind": "booked"}, "status")

	assert arrives("maria@example.com", "Re: Your appointment") == "Sent"
	assert arrives("MAILER-DAEMON@mx.example.com", "Delayed Mail (still being retried)") == "Sent"
	assert arrives("MAILER-DAEMON@mx.example.com", "Undelivered Mail Returned to Sender") == "Bounced"


def a_mail(sender, subject, content):
	return frappe.get_doc(
		doctype="Communication",
		sent_or_received="Received",
		sender=sender,
		subject=subject,
		content=content,
		communication_medium="Email",
	)


def test_a_bounce_that_names_ours_is_about_that_very_mail(scene, mails):
	"""ME-2: by its Message-ID; a later one about the same booking arrived."""
	visit = booked(scene)
	post.send()
	do(reschedule.reschedule, visit.name, visit.doctor, on_day(3, 15))
	post.send()
	first = mails.received[0]
	a_mail(DAEMON, "Returned", f"Message-ID: {escape(first.key)}<br>{first.text}").insert()
	statuses = post.statuses(visit.name)
	assert (statuses["booked"], statuses["moved"]) == ("Bounced", "Sent")


def test_what_a_fetched_bounce_quotes_is_not_kept(scene, mails):
	"""NT-6, SE-5: as Frappe stores it: neither the link nor the calendar file that has it, too."""
	visit = booked(scene)
	post.send()
	bounce = EmailMessage()
	bounce["From"], bounce["To"], bounce["Subject"] = (
		DAEMON,
		post.SENDER,
		"Undelivered Mail Returned to Sender",
	)
	bounce.set_content("I'm sorry to have to inform you")
	bounce.add_attachment(mails.received[0].message)
	fetched = InboundMail(bounce.as_bytes(), frappe.get_doc("Email Account", "Sunrise"), 1).process()
	assert post.statuses(visit.name)["booked"] == "Bounced"
	token = re.search(r"/booking/([\w-]{43})", mails.received[0].text)[1]
	stored = frappe.get_doc("Communication", fetched.name)
	assert "/booking/…" in stored.content and token not in str(stored.as_dict())
	assert not frappe.db.count("File", {"attached_to_name": fetched.name})


def arrived(mail: EmailMessage):
	"""A mail as Frappe keeps it that fetched it."""
	fetched = InboundMail(mail.as_bytes(), frappe.get_doc("Email Account", "Sunrise"), 1).process()
	return frappe.get_doc("Communication", fetched.name)


@pytest.mark.parametrize("guard", ["", "https://guard.example/?url="])
def test_what_a_patients_reply_quotes_is_not_kept(scene, mails, guard):
	"""NT-6, SE-5: neither the link, by whatever detour, nor our calendar file; theirs stays."""
	visit = booked(scene)
	post.send()
	ours = mails.received[0]
	link = re.search(r"https?://\S+/booking/([\w-]{43})", ours.html)
	shown = f"{guard}{quote(link[0], safe='')}&data=1" if guard else link[0]
	reply = EmailMessage()
	reply["From"], reply["To"], reply["Subject"] = "maria@example.com", post.SENDER, f"Re: {ours.subject}"
	reply.set_content(f"I can't come\n> {link[0]}")
	reply.add_alternative(f"<p>I can't come</p><a href='{shown}'>{link[0]}</a>", subtype="html")
	theirs = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
	for content, name in ((ours.calendar_file, "invite.ics"), (theirs, "holidays.ics")):
		reply.add_attachment(content, maintype="application", subtype="ics", filename=name)
	stored = arrived(reply)
	assert "I can't come" in stored.content and "/booking/…" in stored.content
	assert link[1] not in str(stored.as_dict())
	kept = frappe.get_all("File", {"attached_to_name": stored.name}, pluck="file_name")
	assert len(kept) == 1 and kept[0].startswith("holidays")
	assert post.statuses(visit.name)["booked"] == "Sent"
