"""Bounces in the clinic's own inbox: which mail they are about, and what is kept of them (NT-5, NT-6)."""

import re
from email.message import EmailMessage
from html import escape

import frappe
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
