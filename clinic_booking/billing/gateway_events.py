"""What providers tell by webhook: stored and answered at once, then worked from the payment looked at anew (PY-2).

So neither order nor number of the deliveries matters, and nothing in them is believed but which payment they are
about.
"""

from contextlib import suppress

import frappe
from frappe import _

from clinic_booking.billing import looks, refunds, registry
from clinic_booking.billing.gateways.interface import BadSignature, Event, GatewayError, GatewayUnavailable
from clinic_booking.booking import clock
from clinic_booking.booking.alerts import raise_alert
from clinic_booking.errors import Forbidden, NotFound
from clinic_booking.outbox.work import WAITING, Never, Outbox, Row, wake, work_off

DOCTYPE, JOB = "Gateway Event", "clinic_booking.billing.gateway_events.every_minute"
KEPT_DAYS = 90


def take(method: str, body: bytes, headers: dict[str, str]) -> None:
	"""Store a webhook once, in the current transaction; what is about no payment of this site is let go.

	Raises `NotFound` where the gateway is not set up, `Forbidden` for a signature that is not the provider's, too
	old or from the future (MO-3).
	"""
	gateway = registry.gateway(method)
	if gateway is None:
		raise NotFound
	try:
		event = gateway.event(body, headers, clock.now())
	except BadSignature:
		raise Forbidden from None
	# A test event on a live site, or the other way round (MO-4).
	if event.live == gateway.live and (event.checkout_id or event.payment_id):
		_store(method, event)


def _store(method: str, event: Event) -> None:
	row = frappe.get_doc(
		doctype=DOCTYPE,
		name=f"{method} {event.id}",
		method=method,
		type=event.type[:80],
		checkout_id=event.checkout_id,
		payment_id=event.payment_id,
		outbox_status=WAITING,
		due_at_utc=clock.to_database(clock.now()),
	)
	with suppress(frappe.DuplicateEntryError):  # told before
		# The provider is nobody here; its signature is good.
		row.insert(ignore_permissions=True)
		wake(JOB)


def every_minute() -> None:
	"""The job: works what is due, as the system, whoever it was woken by."""
	frappe.set_user("Administrator")
	work_off(OUTBOX)


def daily() -> None:
	"""The job: what was told long ago is forgotten; providers repeat themselves for days, not months."""
	frappe.db.sql(
		"DELETE FROM `tabGateway Event` WHERE due_at_utc < UTC_TIMESTAMP() - INTERVAL %s DAY", KEPT_DAYS
	)


def work(row: Row) -> None:
	"""Bring the payment that an event is about to what the provider says of it now."""
	event = frappe.get_doc(DOCTYPE, row.name)
	payment = _payment(event)
	if payment is None:
		return  # another shop's with the same account, or one that we never heard of
	try:
		looks.look(payment.name)
	except GatewayUnavailable:
		raise
	except GatewayError as error:
		raise Never from error
	if "refund" in event.type:
		refunds.look_again(payment.name)


def given_up(row: Row, error: Exception) -> None:
	"""A day and a half of no answer; the sweep goes on asking about what is open."""
	event = frappe.get_doc(DOCTYPE, row.name)
	payment = _payment(event)
	raise_alert(
		_("What {0} told of payment {1} could not be looked at").format(
			event.method, payment.reference if payment else event.checkout_id or event.payment_id
		),
		looks.KIND,
		("Online Payment", payment.name) if payment else None,
		clinic=payment.clinic if payment else None,
	)


def _payment(event):
	"""`{name, reference, clinic}` of the payment that an event is about, or None."""
	about = {"checkout_id": event.checkout_id} if event.checkout_id else {"payment_id": event.payment_id}
	fields = ["name", "reference", "clinic"]
	return frappe.db.get_value("Online Payment", {"method": event.method, **about}, fields, as_dict=True)


OUTBOX = Outbox(DOCTYPE, work, given_up)
