"""What a patient is asked to pay: one row for each page or transfer, used again while it is good (PY-2, PY-3)."""

import secrets
from datetime import datetime, timedelta
from decimal import Decimal

import frappe

from clinic_booking.billing import bank_transfer
from clinic_booking.billing.arrivals import DOCTYPE
from clinic_booking.billing.gateways.interface import EXPIRED, FAILED, OPEN, PROCESSING, Checkout
from clinic_booking.booking import answers, claims, clock, paid, payable, requests, status
from clinic_booking.booking.clock import from_database, to_database
from clinic_booking.booking.money import rounded
from clinic_booking.booking.payable import Payable
from clinic_booking.booking.transaction import require_same
from clinic_booking.booking.ways_to_pay import Way
from clinic_booking.errors import HoldExpired, PaymentFailed, Validation, _

# Providers keep a page for half an hour at least and for a day at most.
SHORTEST_PAGE, LONGEST_PAGE = timedelta(minutes=31), timedelta(hours=23)
# How often a new page or transfer may keep a time longer (PY-2).
MOST_PROLONGATIONS = 2


def ask(
	name: str,
	doctor: str,
	token: str,
	method: str | None = None,
	request_id: str | None = None,
	now: datetime | None = None,
):
	"""The Online Payment by which the booking behind `token` can be paid: the one that is open, else a new one.

	`name` and `doctor` are the booking's, as looked up before the locks. The same `request_id` gets the same again.
	"""
	claims.lock_doctors([doctor])
	booking = _locked(token)
	require_same(doctor, booking)
	now = now or clock.now()
	request = requests.locked(booking.request) if booking.get("request") else booking
	call = answers.fingerprint("pay", [method])
	if first := answers.recall(request, request_id, call, now):
		before = frappe.get_doc(DOCTYPE, first["payment"])
		if _was_answered(before):
			return before
	payment = _asked_for(booking, method, now)
	answers.keep(request, request_id, call, {"payment": payment.name}, now)
	return payment


def _was_answered(payment) -> bool:
	"""Whether the patient could pay by it, or still gets there by its key; a call that failed has no answer yet."""
	return bool(payment.url) or payment.state == OPEN or payment.method == bank_transfer.METHOD


def _asked_for(booking, method: str | None, now: datetime):
	_require_waiting(booking, now)
	to_pay = payable.of(booking, now)
	if not to_pay.open:
		raise Validation(fields={"token": _("Nothing is to be paid now.")})
	before = of(booking)
	if _is_on_its_way(before):
		raise Validation(fields={"token": _("A payment is on its way. Please wait a little.")})
	open_ones = [payment for payment in before if payment.state == OPEN]
	for payment in open_ones:
		if _is_good(payment, to_pay, method, now):
			return payment
	way = to_pay.way(method or _chosen(booking, to_pay))
	ends, prolongs = _end(booking, way, to_pay, before, now)
	for payment in open_ones:
		_retire(payment, now)
	return insert(booking, way.method, to_pay.open, ends, prolongs)


def is_on_its_way(booking) -> bool:
	"""Whether the bank has not answered yet to a payment of the booking (MO-8)."""
	return _is_on_its_way(of(booking))


def _is_on_its_way(payments: list) -> bool:
	return any(payment.state == PROCESSING for payment in payments)


def _chosen(booking, to_pay: Payable) -> str | None:
	"""What the patient chose when booking, if that is still possible."""
	return booking.payment_method if booking.payment_method in to_pay.methods else None


def _locked(token: str):
	booking = status.find(token)
	if booking.doctype == "Booking Request":
		return paid.locked(booking.name, None)
	return paid.locked(booking.request, booking.name)


def _require_waiting(booking, now: datetime) -> None:
	if booking.doctype == "Clinic Appointment":
		lapsed = booking.approved_at_utc and booking.expires_at_utc
		if lapsed and from_database(booking.expires_at_utc) <= now:
			raise HoldExpired
		return
	state = requests.status_at(booking, now)
	if state == requests.HELD:
		raise Validation(fields={"token": _("This is not booked yet.")})
	if state != requests.AWAITING_PAYMENT:
		raise HoldExpired


def of(booking) -> list:
	"""What was asked for so far, by the booking's request or its appointment, oldest first."""
	is_request = booking.doctype == "Booking Request"
	request, appointment = (booking.name, None) if is_request else (booking.request, booking.name)
	rows = frappe.db.sql(
		f"""SELECT * FROM `tab{DOCTYPE}` WHERE request = %(request)s
		UNION SELECT * FROM `tab{DOCTYPE}` WHERE appointment = %(appointment)s ORDER BY creation, name""",
		{"request": request, "appointment": appointment},
		as_dict=True,
	)
	return [frappe.get_doc(dict(row, doctype=DOCTYPE)) for row in rows]


def _is_good(payment, to_pay: Payable, method: str | None, now: datetime) -> bool:
	"""Whether it asks for just this, and there is time left to pay it; a page that was never opened needs more."""
	if method not in (None, payment.method) or rounded(payment.amount, payment.currency) != to_pay.open:
		return False
	left = from_database(payment.expires_at_utc) - now
	is_ready = payment.url or any(way.method == payment.method and way.until_notice for way in to_pay.ways)
	return left > (timedelta(0) if is_ready else SHORTEST_PAGE)


def _end(booking, way: Way, to_pay: Payable, before: list, now: datetime) -> tuple[datetime, bool]:
	"""Until when it can be paid, and whether the booking's own wait was made longer for that."""
	wanted = payable.until(booking, way, to_pay.notice_minutes, now)
	if not to_pay.due:
		return (wanted if way.until_notice else now + LONGEST_PAGE), False
	waits = from_database(booking.expires_at_utc)
	if waits - now >= timedelta(minutes=way.least_minutes):
		return min(waits, now + LONGEST_PAGE) if not way.until_notice else waits, False
	if sum(payment.prolongs for payment in before) >= MOST_PROLONGATIONS:
		raise PaymentFailed(_("There is too little time left to pay that way. Please call the clinic."))
	if not way.until_notice:
		wanted = now + timedelta(minutes=way.least_minutes)
	_wait_until(booking, wanted)
	return wanted, True


def _wait_until(booking, ends: datetime) -> None:
	booking.db_set("expires_at_utc", to_database(ends), update_modified=False)
	if booking.doctype == "Booking Request":
		claims.extend(booking.name, booking.expires_at_utc, expected=requests.claims_of(booking))


def _retire(payment, now: datetime) -> None:
	"""Something else is asked for instead: a page is ended by the provider's next look, a transfer at once."""
	ended = {"expires_at_utc": to_database(now)} if payment.url else {"state": EXPIRED}
	payment.db_set(ended, update_modified=False)


def opened(name: str, checkout: Checkout, now: datetime | None = None):
	"""The payment `name` with the page that its provider has opened for it; the caller commits.

	Where something else was asked for meanwhile the page is over at once, and is Open until its provider has ended it.
	"""
	now = now or clock.now()
	payment = frappe.get_doc(DOCTYPE, name, for_update=True)
	# The same call at the same time was first; it has the same page.
	if not payment.url:
		ends = checkout.expires_at if payment.state == OPEN else now
		page = {"checkout_id": checkout.id, "url": checkout.url, "state": OPEN}
		times = {"expires_at_utc": to_database(ends), "looked_at_utc": to_database(now)}
		payment.db_set(page | times, update_modified=False)
	return payment


def refused(name: str) -> None:
	"""The provider opens no page for the payment `name`; the caller commits."""
	payment = frappe.get_doc(DOCTYPE, name, for_update=True)
	if payment.state == OPEN and not payment.url:
		payment.db_set("state", FAILED, update_modified=False)


def insert(booking, method: str, amount: Decimal, ends: datetime, prolongs: bool = False):
	"""A new row, Open until `ends`; `prolongs`: the booking's own wait was made longer for it."""
	is_request = booking.doctype == "Booking Request"
	payment = frappe.get_doc(
		doctype=DOCTYPE,
		request=booking.name if is_request else booking.request,
		appointment=None if is_request else booking.name,
		clinic=booking.clinic,
		reference=booking.reference,
		method=method,
		amount=float(amount),
		currency=booking.currency,
		state=OPEN,
		key=secrets.token_hex(16),
		expires_at_utc=to_database(ends),
		prolongs=int(prolongs),
	)
	# Whoever has the token pays for their own.
	return payment.insert(ignore_permissions=True)
