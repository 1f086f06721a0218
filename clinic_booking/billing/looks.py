"""Asks providers how payments stand: when a patient comes back, and by itself, so that a lost webhook costs minutes.

What is over (its time is up, the booking it was for is cancelled) is ended at the provider in the same breath; who
has paid a moment before has paid (PY-2, BK-8).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import frappe
from frappe import _
from redis.exceptions import RedisError

from clinic_booking.billing import online_payments, refunds, registry
from clinic_booking.billing.gateways.interface import EXPIRED, Gateway, GatewayError, GatewayUnavailable
from clinic_booking.booking import clock, status
from clinic_booking.booking.alerts import end_alert, raise_alert
from clinic_booking.error_log import note
from clinic_booking.errors import Unavailable
from clinic_booking.outbox.work import SHIFT

DOCTYPE, KIND = "Online Payment", "Look"
MOST = 200
# An open page is looked at in each round; a bank takes its time; what is paid may go back by another hand.
EVERY_MINUTES = {"Open": 1, "Processing": 15, "Paid": 24 * 60}
PAID_DAYS = 60
BEHIND_MINUTES = 30
# A page that is loaded many times at once keeps one worker waiting; none waits longer than this.
LONGEST_SECONDS = 15
# So many without an answer in a row, and the provider is away.
SILENT = 3
FIELDS = """payment.name, payment.method, payment.state, payment.checkout_id, payment.reference, payment.clinic,
	payment.state = 'Open' AND (payment.expires_at_utc <= UTC_TIMESTAMP(6)
		OR request.status IN ('Expired', 'Cancelled') OR appointment.status = 'Cancelled') is_over"""
TABLES = """`tabOnline Payment` payment
	LEFT JOIN `tabBooking Request` request ON request.name = payment.request
	LEFT JOIN `tabClinic Appointment` appointment ON appointment.name = payment.appointment"""


def look(payment: str) -> None:
	"""Bring one payment to what its provider says now. Starts fresh transactions; raises what the gateway raises."""
	(row,) = frappe.db.sql(f"SELECT {FIELDS} FROM {TABLES} WHERE payment.name = %s", payment, as_dict=True)
	gateway = registry.gateway(row.method)
	if gateway is None:
		raise GatewayUnavailable
	_bring(row, gateway)


def look_for(token: str) -> None:
	"""See whether the holder of a booking's token has just paid: for the page they come back to.

	Waits five seconds at most, twice that where the page is over and must be ended, and does not fail where it
	can't be seen now: a webhook or the next round brings it. Raises `NotFound` for a wrong token.
	"""
	booking = status.find(token)
	is_request = booking.doctype == "Booking Request"
	rows = frappe.db.sql(
		f"""SELECT {FIELDS} FROM {TABLES}
		WHERE (payment.request = %(request)s OR payment.appointment = %(appointment)s)
			AND payment.state IN ('Open', 'Processing') AND payment.checkout_id IS NOT NULL
		ORDER BY payment.creation DESC LIMIT 1""",
		{
			"request": booking.name if is_request else booking.request or "",
			"appointment": "" if is_request else booking.name,
		},
		as_dict=True,
	)
	for row in rows:
		if gateway := registry.gateway(row.method):
			with suppress(GatewayError, Unavailable), _alone(row.name):
				_bring(row, gateway)
	frappe.db.rollback()


def every_few_minutes() -> None:
	"""The job: asks about everything that is open or on its way, and now and then about what is paid (MO-12).

	What it does not come to before its queue would end it is the first of the next round.
	"""
	frappe.set_user("Administrator")
	end = time.monotonic() + SHIFT.total_seconds()
	for method, gateway in registry.methods().items():
		_forget_unopened(method)
		for state, minutes in EVERY_MINUTES.items():
			_round(gateway, _due(method, state, minutes), end)


def is_behind() -> bool:
	"""Whether something that waits has not been asked about for long: the provider is away, or the keys are wrong."""
	return bool(
		frappe.db.sql(
			"""SELECT name FROM `tabOnline Payment` WHERE state IN ('Open', 'Processing')
			AND looked_at_utc < UTC_TIMESTAMP(6) - INTERVAL %s MINUTE LIMIT 1""",
			BEHIND_MINUTES,
		)
	)


@contextmanager
def _alone(payment: str) -> Iterator[None]:
	"""Raises `Unavailable` while another request asks about the same payment."""
	key = frappe.cache.make_key(f"clinic_booking_look|{payment}")
	try:
		if not frappe.cache.set(key, 1, nx=True, ex=LONGEST_SECONDS):
			raise Unavailable
	except RedisError:
		key = None
	try:
		yield
	finally:
		with suppress(RedisError):
			if key:
				frappe.cache.delete(key)


def _round(gateway: Gateway, rows: list, end: float) -> None:
	silent = 0
	for row in rows:
		if time.monotonic() >= end:
			return
		try:
			_bring(row, gateway)
			silent = 0
			if row.state == "Paid":
				refunds.look_again(row.name)
				frappe.db.commit()  # nosemgrep: each payment by itself
		except GatewayUnavailable:
			# Of one it may be broken for good; of several the next round asks again.
			silent += 1
			if silent == SILENT:
				return
		except Exception as error:  # one of many: the others still get their turn
			frappe.db.rollback()
			_report(row, error)


def _bring(row, gateway: Gateway) -> None:
	# A provider may take seconds: no snapshot and no lock is held meanwhile.
	frappe.db.rollback()
	asked_at = clock.now()
	standing = gateway.end(row.checkout_id) if row.is_over else gateway.look(row.checkout_id)
	online_payments.apply(row.name, replace(standing, asked_at=asked_at))
	end_alert(KIND, (DOCTYPE, row.name))
	frappe.db.commit()  # nosemgrep: each payment by itself


def _due(method: str, state: str, minutes: int) -> list:
	return frappe.db.sql(
		f"""SELECT {FIELDS} FROM {TABLES}
		WHERE payment.state = %(state)s AND payment.method = %(method)s AND payment.checkout_id IS NOT NULL
			AND payment.looked_at_utc < UTC_TIMESTAMP(6) - INTERVAL %(minutes)s MINUTE
			AND (payment.state <> 'Paid' OR payment.paid_at_utc > UTC_TIMESTAMP(6) - INTERVAL %(days)s DAY)
		ORDER BY payment.looked_at_utc LIMIT %(most)s""",
		{"state": state, "method": method, "minutes": minutes, "days": PAID_DAYS, "most": MOST},
		as_dict=True,
	)


def _forget_unopened(method: str) -> None:
	"""Pages that were asked for and never came, whose time is up: nobody knows their address."""
	frappe.db.sql(
		"""UPDATE `tabOnline Payment` SET state = %s WHERE state = 'Open' AND method = %s
		AND checkout_id IS NULL AND expires_at_utc < UTC_TIMESTAMP(6)""",
		(EXPIRED, method),
	)
	frappe.db.commit()  # nosemgrep: before providers are asked


def _report(row, error: Exception) -> None:
	"""Say that a payment can't be looked at, and let the others come first."""
	if not isinstance(error, GatewayError):
		note(error, "billing.looks")
	frappe.db.set_value(
		DOCTYPE, row.name, "looked_at_utc", clock.to_database(clock.now()), update_modified=False
	)
	raise_alert(
		_("The payment of booking {0} could not be looked at").format(row.reference),
		KIND,
		(DOCTYPE, row.name),
		message=_("The provider does not know it, or says no: please look at it there."),
		clinic=row.clinic,
	)
	frappe.db.commit()  # nosemgrep: each payment by itself
