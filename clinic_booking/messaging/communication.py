"""Mails that an Email Account of the clinic receives: those that say that one of ours came back (NT-5), and what no
mail that quotes ours may keep of it (NT-6).
"""

import re

import frappe

from clinic_booking.booking import tokens
from clinic_booking.messaging import reports

BOUNCES_FROM = re.compile(r"^(mailer-daemon|postmaster|mail\.?delivery\S*)@", re.IGNORECASE)
RECEIVED = "Received"
DELAYED = re.compile(r"delay", re.IGNORECASE)
# Programs that guard their readers lead them there by an address of their own, with ours written into it.
LINK = re.compile(r"(?:/|%2F)booking(?:/|%2F)([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])", re.IGNORECASE)
WITHOUT_TOKEN = "/booking/…"
MESSAGE_ID = re.compile(r"\b([0-9a-z]{10,40})@[A-Za-z0-9.-]+")
CALENDAR_FILE, FOLD = "%.ics", re.compile(rb"\r?\n[ \t]")
QUOTING = ("content", "text_content")


def note(communication, event: str) -> None:
	"""`doc_events`, before anything is stored: a bounce quotes our mail, its name or the link of its booking."""
	if not _is_bounce(communication) or DELAYED.search(communication.subject or ""):
		return
	text = " ".join(communication.get(field) or "" for field in QUOTING)
	if message := _named(text) or _last_about(text):
		reports.note(message.name, reports.BOUNCED, "email", message.provider_id, "The mail came back")


def blank(communication, event: str) -> None:
	"""`doc_events`, each time it is stored: the link that a bounce or a reply quotes opens the booking, and is not kept."""
	if communication.sent_or_received == RECEIVED:
		for field in filter(communication.get, QUOTING):
			communication.set(field, LINK.sub(WITHOUT_TOKEN, communication.get(field)))


def drop_calendar_file(communication, event: str) -> None:
	"""`doc_events`, once it has its attachments: our calendar file has the link, too."""
	if communication.sent_or_received != RECEIVED:
		return
	attached = {"attached_to_doctype": "Communication", "attached_to_name": communication.name}
	for name in frappe.get_all("File", attached | {"file_name": ("like", CALENDAR_FILE)}, pluck="name"):
		if _has_link(frappe.get_doc("File", name)):
			# Whoever fetches mails may not delete files; this one is ours.
			frappe.delete_doc("File", name, ignore_permissions=True)


def _has_link(file) -> bool:
	content = file.get_content() if file.exists_on_disk() else b""
	content = content.encode() if isinstance(content, str) else content
	return bool(LINK.search(FOLD.sub(b"", content).decode(errors="replace")))


def _is_bounce(communication) -> bool:
	return communication.sent_or_received == RECEIVED and bool(BOUNCES_FROM.match(communication.sender or ""))


def _named(text: str):
	"""The message whose Message-ID is quoted."""
	for match in MESSAGE_ID.finditer(text):
		sent_as = {"name": match[1], "provider_id": f"<{match[0]}>", "channel": "email"}
		if found := frappe.db.get_value("Clinic Message", sent_as, ["name", "provider_id"], as_dict=True):
			return found
	return None


def _last_about(text: str):
	"""The last mail about the booking whose link is quoted."""
	link = LINK.search(text)
	appointment = link and frappe.db.get_value("Clinic Appointment", {"token_hash": tokens.hash_of(link[1])})
	return appointment and frappe.db.get_value(
		"Clinic Message",
		{"appointment": appointment, "channel": "email", "status": ("in", (reports.SENT, reports.DELIVERED))},
		["name", "provider_id"],
		order_by="sent_at_utc desc",
		as_dict=True,
	)
