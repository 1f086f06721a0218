"""What of a booking is to be paid, by when, and how (BK-5, PY-3). Two things only who keeps the money knows:

clinic_booking_left_to_pay = ["function of an appointment: what is open of it, a Decimal"]
clinic_booking_is_paying = ["function of a request or appointment: whether money for it is on its way"]
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import frappe

from clinic_booking.booking import requests, ways_to_pay
from clinic_booking.booking.clock import from_database
from clinic_booking.booking.money import rounded
from clinic_booking.booking.ways_to_pay import AT_CLINIC, OPTIONAL, Way
from clinic_booking.errors import Validation, _
from clinic_booking.scheduling import status

SETTINGS = "Clinic Booking Settings"
LEFT, IS_PAYING = "clinic_booking_left_to_pay", "clinic_booking_is_paying"
OWING = frozenset({"Unpaid", "Partly Paid"})
GIVEN_BACK = frozenset({"Partly Refunded", "Refunded"})


@dataclass(frozen=True)
class Payable:
	"""Amounts in the booking's currency. `due`: to be paid before the visit is certain, now. `open`: what can be
	paid now, what is due or the rest. `ways`: by what; `at_clinic`: there too. `notice_minutes`: the doctor's.
	"""

	due: Decimal
	open: Decimal
	ways: tuple[Way, ...] = ()
	at_clinic: bool = False
	notice_minutes: int = 0

	@property
	def methods(self) -> list[str]:
		"""The `payment_methods` of api.md."""
		return [*([AT_CLINIC] if self.at_clinic else []), *(way.method for way in self.ways)]

	def way(self, method: str | None) -> Way:
		"""The way by that method, the only one for None. Raises `Validation`."""
		found = [way for way in self.ways if method in (None, way.method)]
		if len(found) != 1:
			wrong = _("Please choose how to pay.") if method is None else NOT_THAT_WAY
			raise Validation(fields={"payment_method": wrong})
		return found[0]


NOT_THAT_WAY = _("This service can't be paid that way.")


def when_held(request, practice, now: datetime) -> Payable:
	"""What its booking will ask for: nothing yet where the doctor approves each booking first."""
	return _before(
		request,
		practice.ways[request.clinic],
		practice.calendar.notice_minutes,
		bool(practice.row["approves_bookings"]),
		now,
	)


def of(booking, now: datetime) -> Payable:
	"""The same of any request or appointment, from its own record."""
	if booking.doctype == "Booking Request":
		return _of_request(booking, now)
	if booking.status == status.REQUESTED:
		approved = booking.approved_at_utc and from_database(booking.expires_at_utc) > now
		return _due(booking, now) if approved else _nothing(booking)
	rest = left_of(booking)
	return _payable(booking, rest * 0, rest, now, at_clinic=booking.status not in status.OVER)


def due_of(booking) -> Decimal:
	"""What must be paid, and is not, before the visit is certain; by what was agreed when it was held."""
	price, deposit = rounded(booking.price, booking.currency), rounded(booking.deposit, booking.currency)
	paid = rounded(booking.get("paid"), booking.currency)
	return max(ways_to_pay.due_first(booking.payment, price, deposit) - paid, price * 0)


def left_of(appointment) -> Decimal:
	"""What of an appointment is still open, whenever it is due.

	The books say so: a visit of which something was given back, or that got a discount there, costs less than its price.
	"""
	if appointment.status == status.CANCELLED or appointment.payment_status not in OWING | GIVEN_BACK:
		return rounded(0, appointment.currency)
	return _told(LEFT, appointment)


def is_paying(booking) -> bool:
	"""Whether a payment is on its way, so that nothing else can be paid meanwhile."""
	return _told(IS_PAYING, booking)


def _told(hook: str, booking):
	return frappe.get_attr(frappe.get_hooks(hook)[-1])(booking)


def until(booking, way: Way, notice_minutes: int, now: datetime) -> datetime:
	"""Until when a booking waits for money that is due and comes by `way` (BK-2, PY-3)."""
	wait = way.wait_minutes or frappe.get_cached_doc(SETTINGS).payment_wait_minutes
	return min(now + timedelta(minutes=wait), way.ends(from_database(booking.starts_at_utc), notice_minutes))


def _of_request(request, now: datetime) -> Payable:
	state = requests.status_at(request, now)
	if state == requests.AWAITING_PAYMENT:
		return _due(request, now)
	if state != requests.HELD or not request.price:
		return _nothing(request)
	doctor = frappe.get_cached_doc("Doctor", request.doctor)
	ways = ways_to_pay.at([frappe.get_cached_doc("Clinic", request.clinic)])[request.clinic]
	return _before(request, ways, doctor.notice_minutes, bool(doctor.approves_bookings), now)


def _before(request, ways: Iterable[Way], notice_minutes: int, approves: bool, now: datetime) -> Payable:
	price, due = rounded(request.price, request.currency), due_of(request)
	wanted = due or price * (request.payment == OPTIONAL and not approves)
	fit = ways_to_pay.that_take(ways, wanted, request.currency)
	return Payable(
		due=due * (not approves),
		open=wanted,
		ways=_in_time(request, fit, notice_minutes, now),
		at_clinic=bool(price) and not due,
		notice_minutes=notice_minutes,
	)


def _due(booking, now: datetime) -> Payable:
	due = due_of(booking)
	return _payable(booking, due, due, now)


def _payable(booking, due: Decimal, amount: Decimal, now: datetime, at_clinic: bool = False) -> Payable:
	if not amount:
		return _nothing(booking)
	notice = frappe.get_cached_value("Doctor", booking.doctor, "notice_minutes")
	ways = ways_to_pay.at([frappe.get_cached_doc("Clinic", booking.clinic)])[booking.clinic]
	fit = ways_to_pay.that_take(ways, amount, booking.currency)
	# Where nothing waits for it a page to pay on is good at any time, a transfer while it can come before the visit.
	hurried = fit if due else [way for way in fit if way.until_notice]
	late = set(hurried) - set(_in_time(booking, hurried, notice, now))
	usable = tuple(way for way in fit if way not in late)
	return Payable(due, amount, usable, at_clinic, notice)


def _in_time(booking, ways: Iterable[Way], notice_minutes: int, now: datetime) -> tuple[Way, ...]:
	return ways_to_pay.in_time(ways, from_database(booking.starts_at_utc), notice_minutes, now)


def _nothing(booking) -> Payable:
	nothing = rounded(0, booking.currency)
	return Payable(nothing, nothing)
