"""What providers tell by webhook: stored and answered at once, then worked from the payment looked at anew (PY-2).

So neither order nor number of the deliveries matters, and nothing in them is believed but which payment they are
about.
"""

from contextlib import suppress

import frappe

from clinic_booking.billing import registry
from clinic_booking.billing.gateways.interface import BadSignature, Event
from clinic_booking.booking import clock
from clinic_booking.errors import Forbidden, NotFound
from clinic_booking.outbox.work import WAITING

DOCTYPE = "Gateway Event"
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


def daily() -> None:
	"""The job: what was told long ago is forgotten; providers repeat themselves for days, not months."""
	frappe.db.sql(
		"DELETE FROM `tabGateway Event` WHERE due_at_utc < UTC_TIMESTAMP() - INTERVAL %s DAY", KEPT_DAYS
	)
