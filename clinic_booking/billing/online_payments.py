"""Payments by a provider or by bank transfer: begun, and brought to where the provider says they are (PY-2, PY-3).

`begin` writes the row and its key, commits, and only then asks the provider for a page to pay on. `apply` brings
a row to what the provider says of it, whoever asked (a webhook, the page that the patient comes back to, a sweep)
and however often; docs/billing.md tells the whole.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

import frappe

from clinic_booking.billing import arrivals, asking, bank_transfer, registry
from clinic_booking.billing.gateways.interface import Demand, GatewayError, GatewayUnavailable, Standing
from clinic_booking.booking import clock, payable, status
from clinic_booking.booking.clock import from_database, iso
from clinic_booking.booking.money import money, rounded
from clinic_booking.booking.transaction import run
from clinic_booking.booking.ways_to_pay import OPTIONAL
from clinic_booking.errors import PaymentFailed, Unavailable


def begin(token: str, method: str | None = None, request_id: str | None = None) -> dict:
	"""`{method, url?, instructions?, amount, expires_at}`: how the holder of a booking's token pays what is open.

	The same again while it can still be paid. Call it after the booking's commit: it commits, and then talks to the
	provider. Raises `Validation` where nothing is open or not by that method, `HoldExpired` where it is too late,
	and `PaymentFailed` where the provider does not open a page; all is as it was then, and it can be tried again.
	"""
	payment = run(asking.ask, token, method, request_id, on=partial(status.find, token))
	frappe.db.commit()  # nosemgrep: what is asked for, and its key, before anybody is asked (PY-2)
	if payment.method != bank_transfer.METHOD and not payment.url:
		payment = _open_page(payment, token)
	return _shape(payment)


def is_wanted(token: str) -> bool:
	"""Whether `book` asks for a payment: for what is due, or for an optional price of which nothing was paid."""
	booking = status.find(token)
	to_pay = payable.of(booking, clock.now())
	is_optional = booking.payment == OPTIONAL and not booking.get("paid")
	return bool(to_pay.due or (is_optional and to_pay.open))


def apply(payment: str, standing: Standing, now: datetime | None = None) -> None:
	"""Bring a payment to what its provider says of it, in a transaction of its own, which it commits.

	However often and in whatever order: money that has come stays so, and counts once. With the right amount it
	makes certain what waited for it; what comes too late goes back (BK-8, MO-1, MO-2, MO-5).
	"""
	run(arrivals.take, standing, now=now, on=partial(arrivals.find, payment))
	frappe.db.commit()  # nosemgrep: a transaction of its own, after which the provider may hear that all is well


def _open_page(payment, token: str):
	"""The payment with its page. Raises `PaymentFailed`."""
	gateway = registry.gateway(payment.method)
	if gateway is None:
		raise PaymentFailed
	try:
		checkout = gateway.begin(_demand(payment, token))
	except GatewayUnavailable:
		# It may have opened one: the next try asks with the same key, and gets the same.
		raise PaymentFailed from None
	except GatewayError:
		run(asking.refused, payment.name)
		frappe.db.commit()  # nosemgrep: the provider said no, so that the next try is another one
		raise PaymentFailed from None
	payment = run(asking.opened, payment.name, checkout)
	frappe.db.commit()  # nosemgrep: the provider knows it by now, and so must we
	if from_database(payment.expires_at_utc) <= clock.now():
		# Something else was asked for meanwhile. Where it can't be ended now the next look does.
		with suppress(GatewayError, Unavailable):
			asked_at = clock.now()
			apply(payment.name, replace(gateway.end(payment.checkout_id), asked_at=asked_at))
		raise PaymentFailed
	return payment


def _demand(payment, token: str) -> Demand:
	return Demand(
		key=payment.key,
		# All that the provider learns of what it is for (PY-2).
		text=f"Appointment {payment.reference}",
		amount=rounded(payment.amount, payment.currency),
		currency=payment.currency,
		expires_at=from_database(payment.expires_at_utc),
		return_url=frappe.utils.get_url(f"/booking/{token}/paid"),
		language=frappe.local.lang,
	)


def _shape(payment) -> dict:
	shape = {
		"method": payment.method,
		"amount": money(payment.amount, payment.currency),
		"expires_at": iso(payment.expires_at_utc, "UTC"),
	}
	if payment.method == bank_transfer.METHOD:
		clinic = frappe.get_cached_doc("Clinic", payment.clinic)
		return shape | {"instructions": bank_transfer.instructions(clinic, payment.reference)}
	return shape | {"url": payment.url}
