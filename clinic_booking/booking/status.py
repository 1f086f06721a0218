"""What a booking's token shows: its state, its terms, and what its holder can do (api.md `booking`)."""

from datetime import datetime

import frappe

from clinic_booking.booking import clock, payable, requests, terms, tokens
from clinic_booking.booking.clock import from_database, iso
from clinic_booking.booking.money import money
from clinic_booking.errors import NotFound, Validation, _
from clinic_booking.scheduling import policy as rules
from clinic_booking.scheduling import status


def find(token: str):
	"""The appointment behind a token, else the request; `NotFound` for a wrong one."""
	try:
		return frappe.get_doc("Clinic Appointment", {"token_hash": tokens.hash_of(token)})
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
	return requests.find(token)


def find_by_reference(reference: str):
	"""The appointment with a reference, else the request; `NotFound` for a wrong one."""
	for doctype in ("Clinic Appointment", "Booking Request"):
		if name := frappe.db.get_value(doctype, {"reference": reference}):
			return frappe.get_doc(doctype, name)
	raise NotFound


def find_booked(token: str):
	"""The appointment behind a token; `Validation` for a request that is none yet, `NotFound` for a wrong one."""
	found = find(token)
	if found.doctype != "Clinic Appointment":
		raise Validation(fields={"token": _("This is not booked yet.")})
	return found


def booking(token: str, now: datetime | None = None) -> dict:
	"""The answer of api.md `booking`. Raises `NotFound`."""
	found = find(token)
	return shown(found, now or clock.now())


def shown(found, now: datetime) -> dict:
	"""An appointment or a request as its patient sees it, times in the zone that is theirs."""
	is_request = found.doctype == "Booking Request"
	state = state_of(found, now)
	zone = zone_of(found)
	start = from_database(found.starts_at_utc)
	moves, paid = (0, 0) if is_request else (found.moves, found.paid)
	this_month = terms.moves_this_month(found, terms.frozen(found.policy), now)
	to_pay = payable.of(found, now)
	return {
		"status": state,
		"payment_status": payment_status_of(found),
		"reference": found.reference,
		"start": iso(found.starts_at_utc, zone),
		"end": iso(found.ends_at_utc, zone),
		"timezone": zone,
		"doctor": found.doctor,
		"service": found.service,
		"clinic": found.clinic,
		"price": money(found.price, found.currency),
		"paid": money(paid, found.currency),
		"can": _can(found, state, start, now, moves, this_month) | {"pay": _can_pay(found, state, to_pay)},
		"terms": terms.shown(found, to_pay, zone, now, moves, paid, this_month),
	}


def state_of(found, now: datetime) -> str:
	"""The `status` of api.md: approved, but not certain before it is paid, is Awaiting Payment (BK-5)."""
	if found.doctype == "Booking Request":
		return requests.status_at(found, now)
	if found.status == status.REQUESTED and found.approved_at_utc:
		return requests.AWAITING_PAYMENT
	return found.status


def payment_status_of(found) -> str:
	if found.doctype == "Booking Request":
		return "Unpaid" if found.price else "Not Required"
	return found.payment_status


def zone_of(found) -> str:
	"""Clinic visits are told in the clinic's zone, video visits in the visitor's (UI-1)."""
	if found.timezone and frappe.get_cached_value("Clinic Service", found.service, "video"):
		return found.timezone
	return frappe.get_cached_value("Clinic", found.clinic, "timezone")


def _can(found, state: str, start: datetime, now: datetime, moves: int, this_month: int) -> dict:
	"""What this state allows; the policy may still say no, and then says why."""
	policy = terms.frozen(found.policy)
	live = found.doctype != "Booking Request" and found.status in (status.REQUESTED, status.CONFIRMED)
	return {
		"cancel": bool(rules.can_cancel(policy, start, now)) if live else state in requests.WAITING,
		"reschedule": live and bool(rules.can_reschedule(policy, start, now, moves, this_month)),
		"join": False,
	}


def _can_pay(found, state: str, to_pay: payable.Payable) -> bool:
	"""By `pay`: a hold is not booked yet, and what is on its way is not paid twice."""
	return state != requests.HELD and bool(to_pay.ways) and not payable.is_paying(found)
