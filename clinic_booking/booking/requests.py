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
	return _get({"token_hash": tokens.hash_of(token)})


def locked(name: str):
	"""The request `name`, locked for this transaction. Take the resources' locks first."""
	return _get(name, for_update=True)


def status_at(request, now: datetime) -> str:
	"""The state of a request at `now`: a hold that lapsed is Expired even if no job has said so."""
	if request.status in WAITING and from_database(request.expires_at_utc) <= now:
		return EXPIRED
	return request.status


def _get(key, for_update: bool = False):
	try:
		return frappe.get_doc("Booking Request", key, for_update=for_update)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		raise NotFound from None
