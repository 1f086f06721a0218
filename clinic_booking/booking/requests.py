"""Booking Requests: finding one by its token, and what its state really is at an instant."""

from datetime import datetime

import frappe

from clinic_booking.booking import tokens
from clinic_booking.booking.clock import from_database
from clinic_booking.errors import NotFound

HELD = "Held"
AWAITING_PAYMENT = "Awaiting Payment"
REQUESTED = "Requested"
CONFIRMED = "Confirmed"
EXPIRED = "Expired"
CANCELLED = "Cancelled"

# States in which a request has its time only until `expires_at_utc`.
WAITING = frozenset({HELD, AWAITING_PAYMENT})


def find(token: str):
	"""The request a token opens, as it is now (not locked). `NotFound` for a wrong one."""
	return _document("SELECT * FROM `tabBooking Request` WHERE token_hash = %s", tokens.hash_of(token))


def locked(name: str):
	"""The request `name`, locked for this transaction. Take the resources' locks first."""
	return _document("SELECT * FROM `tabBooking Request` WHERE name = %s FOR UPDATE", name)


def status_at(request, now: datetime) -> str:
	"""The state of a request at `now`: a hold that lapsed is Expired even if no job has said so."""
	if request.status in WAITING and from_database(request.expires_at_utc) <= now:
		return EXPIRED
	return request.status


def claims_of(request) -> int:
	"""How many claims a request has while it has its time: the doctor's, and the room's if it needs one."""
	return 2 if request.room else 1


def _document(query: str, value: str):
	"""The one row as a document. By plain SQL: on this path Frappe's query builder costs more than MariaDB."""
	rows = frappe.db.sql(query, value, as_dict=True)
	if not rows:
		raise NotFound
	return frappe.get_doc(dict(rows[0], doctype="Booking Request"))
