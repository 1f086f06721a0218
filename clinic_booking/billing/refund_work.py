"""Asks the gateways to give back what was written down, and again until they have said what became of it (PY-5)."""

from datetime import timedelta

import frappe

from clinic_booking.billing import registry
from clinic_booking.billing.gateways.interface import REFUNDED as GIVEN_BACK
from clinic_booking.billing.gateways.interface import REFUSED, GatewayError, GatewayUnavailable, Refund
from clinic_booking.billing.refunds import (
	DOCTYPE,
	KIND,
	PENDING,
	REFUNDED,
	WAITING,
	failed,
	given_back,
	tell_silence,
)
from clinic_booking.booking.alerts import end_alert
from clinic_booking.booking.money import rounded
from clinic_booking.outbox.work import Later, Never, Outbox, Row, retry, work_off

LOOK_AGAIN = timedelta(hours=1)


def every_minute() -> None:
	"""The job: asks the gateways for what is due, as the system, whoever it was woken by."""
	frappe.set_user("Administrator")
	work_off(OUTBOX)


def work(row: Row) -> None:
	"""Have one given back, or look what became of it. Raises `Later` while the gateway has not said."""
	refund = frappe.get_doc(DOCTYPE, row.name)
	if refund.state not in (WAITING, PENDING, REFUNDED):
		return
	gateway = registry.gateway(refund.method)
	if gateway is None:
		raise GatewayUnavailable
	try:
		answer = _ask(gateway, refund)
	except GatewayUnavailable:
		raise
	except GatewayError as error:
		# It says no, and would again.
		raise Never from error
	_take(refund, answer)
	if answer.state not in (GIVEN_BACK, REFUSED):
		# What is known now is kept, whatever becomes of this worker.
		frappe.db.commit()  # nosemgrep: the gateway has it
		raise Later(LOOK_AGAIN)


def _ask(gateway, refund) -> Refund:
	if refund.refund_id:
		return gateway.look_at_refund(refund.refund_id)
	checkout = frappe.db.get_value("Online Payment", refund.payment, "checkout_id")
	# The key was stored before: asked twice, it gives back once (MO-13).
	return gateway.refund(checkout, rounded(refund.amount, refund.currency), refund.currency, refund.key)


def _take(refund, answer: Refund) -> None:
	refund.db_set("refund_id", answer.id, update_modified=False)
	if answer.state == GIVEN_BACK:
		given_back(refund)
	elif answer.state == REFUSED:
		failed(refund)
	else:
		refund.db_set("state", PENDING, update_modified=False)
		# It has not gone silent, if it was said to.
		end_alert(KIND, (DOCTYPE, refund.name))


def give_up(row: Row, error: Exception) -> None:
	"""The provider says no, or nobody can be asked. What was done is done still: it was only looked at again.

	What it has accepted it may have done by now: until it says no, the money is not given back in another way.
	"""
	refund = frappe.get_doc(DOCTYPE, row.name)
	if refund.state == PENDING and not isinstance(error, Never):
		tell_silence(refund)
		retry(DOCTYPE, refund.name)
	elif refund.state != REFUNDED:
		failed(refund)


OUTBOX = Outbox(DOCTYPE, work, given_up=give_up)
