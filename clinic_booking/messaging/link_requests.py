"""Somebody wants the links of their bookings again (BK-7).

Asking writes one row, whoever asks for whatever contact, so that neither the answer nor its time tells whether
there are bookings. A worker looks, and has a message written for each; it goes to the contact that is stored.
"""

import json

import frappe
from frappe.utils import add_to_date, now_datetime
from frappe.utils.password import decrypt, encrypt

from clinic_booking.booking import clock, requests
from clinic_booking.booking.clock import to_database
from clinic_booking.messaging import caps, kinds, opt_outs, queue
from clinic_booking.messaging.queue import News
from clinic_booking.messaging.registry import ways
from clinic_booking.outbox.work import DONE, WAITING, Outbox, Row, wake, work_off
from clinic_booking.scheduling import status

DOCTYPE = "Link Request"
JOB = "clinic_booking.messaging.link_requests.every_minute"
EMAIL, PHONE = "email", "phone"
# Of one contact, the nearest: who has more can ask again.
MOST = 10


def ask(by: str, *contacts: str) -> None:
	"""Have the links of the bookings with these contacts sent to them; `by` is "email" or "phone" (E.164)."""
	frappe.get_doc(
		doctype=DOCTYPE,
		contact=encrypt(json.dumps([by, *contacts])),
		outbox_status=WAITING,
		due_at_utc=to_database(clock.now()),
	).db_insert()
	wake(JOB)


def every_minute() -> None:
	"""The job: works what is due, as the system, whoever asked."""
	frappe.set_user("Administrator")
	work_off(OUTBOX)


def hourly() -> None:
	"""The job: what is done is of no use to anybody."""
	frappe.db.delete(
		DOCTYPE, {"outbox_status": DONE, "modified": ("<", add_to_date(now_datetime(), hours=-1))}
	)


def work(row: Row) -> None:
	by, *contacts = json.loads(decrypt(frappe.db.get_value(DOCTYPE, row.name, "contact")))
	now = clock.now()
	for contact in contacts:
		for before, booking in enumerate([*_appointments(by, contact, now), *_requests(by, contact, now)]):
			news = News(kinds.LINK, f"{row.name} {booking.name}", channel=_channel(by, contact, before))
			queue.tell(booking, [news], now)
	frappe.db.set_value(DOCTYPE, row.name, "contact", None)


def _channel(by: str, contact: str, before: int) -> str | None:
	"""As they asked, where the clinic can and their number takes it; else as each booking has it.

	`before`: how many are told already. What is more than links may take of a number goes by e-mail or not at all.
	"""
	if by == EMAIL:
		return EMAIL
	sms = ways().get("sms")
	if not (sms and sms.open()) or opt_outs.wants_none(contact) or caps.is_reached(contact):
		return None
	return "sms" if before < caps.left_for_links(contact) else EMAIL


def _appointments(by: str, contact: str, now) -> list:
	"""By what was typed with them; by the patient's record where that was left open."""
	live = tuple(status.LIVE)
	patients = frappe.get_all("Clinic Patient", {by: contact}, pluck="name")
	of_theirs = {"patient": ("in", patients), f"contact_{by}": ("is", "not set")}
	return [
		*_found("Clinic Appointment", {f"contact_{by}": contact}, live, now),
		*(_found("Clinic Appointment", of_theirs, live, now) if patients else ()),
	]


def _requests(by: str, contact: str, now) -> list:
	return _found("Booking Request", {by: contact}, (requests.AWAITING_PAYMENT,), now)


def _found(doctype: str, whose: dict, states: tuple[str, ...], now) -> list:
	names = frappe.get_all(
		doctype,
		{**whose, "status": ("in", states), "ends_at_utc": (">", to_database(now))},
		pluck="name",
		order_by="starts_at_utc",
		limit_page_length=MOST,
	)
	return [frappe.get_doc(doctype, name) for name in names]


def _given_up(row: Row, error: Exception) -> None:
	"""They may ask again; what they asked for is not kept."""
	frappe.db.set_value(DOCTYPE, row.name, "contact", None)


OUTBOX = Outbox(DOCTYPE, work, given_up=_given_up)
