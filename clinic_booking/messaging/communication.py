"""Mails that an Email Account of the clinic receives: those that say that one of ours came back (NT-5)."""

import re

import frappe

from clinic_booking.booking import tokens
from clinic_booking.messaging import reports

BOUNCES_FROM = re.compile(r"^(mailer-daemon|postmaster|mail\.?delivery\S*)@", re.IGNORECASE)
DELAYED = re.compile(r"delay", re.IGNORECASE)
LINK = re.compile(r"/booking/([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])")


def note(communication, event: str) -> None:
	"""`doc_events`: a bounce quotes our mail, and with it the link of its booking: the last mail about it came back."""
	is_bounce = (
		communication.sent_or_received == "Received"
		and BOUNCES_FROM.match(communication.sender or "")
		and not DELAYED.search(communication.subject or "")
	)
	link = is_bounce and LINK.search(communication.content or "")
	if not link:
		return
	appointment = frappe.db.get_value("Clinic Appointment", {"token_hash": tokens.hash_of(link[1])})
	last = appointment and frappe.db.get_value(
		"Clinic Message",
		{"appointment": appointment, "channel": "email", "status": ("in", (reports.SENT, reports.DELIVERED))},
		["name", "provider_id"],
		order_by="sent_at_utc desc",
	)
	if last:
		reports.note(last[0], reports.BOUNCED, "email", last[1], "The mail came back")
