"""Where provider, ledger and appointment do not say the same, or not yet (PY-5, MO-19)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import frappe
from frappe.utils import now_datetime

from clinic_booking.billing import arrivals, ledger
from clinic_booking.billing.state import payment_status
from clinic_booking.booking.money import rounded
from clinic_booking.errors import _
from clinic_booking.scheduling.status import LIVE

NOT_POSTED = _("Paid, and not in the books yet")
ENTRY_GONE = _("Its Payment Entry was cancelled")
ENTRY_DIFFERS = _("Its Payment Entry is over another amount")
NOT_ALLOCATED = _("Its Payment Entry is set against no invoice of the visit")
AMOUNT_DIFFERS = _("Another amount than asked for")
TOO_LATE = _("Paid when the time was gone")
TWICE = _("Paid once more than it should be")
STUCK = _("Under way for more than a day")
DISPUTED = _("Disputed by the payer")
REFUND_OPEN = _("To be given back, not done yet")
REFUND_NOT_POSTED = _("Given back, and not in the books")
REFUND_FAILED = _("Could not be given back")
NOT_INVOICED = _("The books have not taken it")
STATUS_DIFFERS = _("The appointment says something else than the ledger")

PROBLEMS = {arrivals.DIFFERS: AMOUNT_DIFFERS, arrivals.TOO_LATE: TOO_LATE, arrivals.TWICE: TWICE}
LONG = timedelta(days=1)


@dataclass(frozen=True)
class Difference:
	"""One thing to look at: `what` in English, the document that says so, how much, since which day."""

	what: str
	clinic: str
	appointment: str | None
	doctype: str
	name: str
	amount: Decimal
	currency: str
	since: date


def differences(
	from_date: date, to_date: date, clinics: Iterable[str], now: datetime | None = None
) -> list[Difference]:
	"""Of payments, refunds and bookings made by `to_date` at `clinics`, the oldest first.

	What is not over is listed however long ago it began. Since `from_date`: refunds that failed and of which no credit
	is left, and, visit by visit, payment statuses of what was booked or changed since. Days and `now` (naive) are the
	site's.
	"""
	asked = {"clinics": tuple(clinics), "first": from_date, "last": to_date}
	if not asked["clinics"]:
		return []
	found = [
		*_payments(asked, now or now_datetime()),
		*_refunds(asked),
		*_tasks(asked),
		*_appointments(asked),
	]
	return sorted(found, key=lambda difference: difference.since)


def _payments(asked: dict, now: datetime) -> Iterator[Difference]:
	rows = frappe.db.sql(
		"""SELECT payment.*, COALESCE(NULLIF(payment.received, 0), payment.amount) AS came,
			entry.docstatus AS entry_docstatus, entry.paid_amount AS entry_amount,
			(SELECT SUM(refund.amount) FROM `tabOnline Refund` refund
				WHERE refund.payment = payment.name AND refund.state = 'Refunded') AS given_back,
			(SELECT SUM(line.allocated_amount) FROM `tabPayment Entry Reference` line
				JOIN `tabSales Invoice` invoice ON invoice.name = line.reference_name
				WHERE line.parent = entry.name AND line.reference_doctype = 'Sales Invoice'
					AND invoice.docstatus = 1
					AND invoice.clinic_booking_appointment = payment.appointment) AS allocated,
			visit.status IN %(to_come)s AND NOT EXISTS (SELECT 1 FROM `tabSales Invoice` invoice
				WHERE invoice.clinic_booking_appointment = visit.name AND invoice.docstatus = 1) AS is_early
		FROM `tabOnline Payment` payment
		LEFT JOIN `tabClinic Appointment` visit ON visit.name = payment.appointment
		LEFT JOIN `tabPayment Entry` entry ON entry.name = payment.payment_entry
		WHERE payment.clinic IN %(clinics)s AND DATE(payment.creation) <= %(last)s
			AND (payment.state = 'Paid' OR payment.problem <> '' OR payment.disputed = 1
				OR payment.state = 'Processing')
		HAVING payment.problem <> '' OR payment.disputed = 1 OR payment.state = 'Processing'
			OR COALESCE(entry_docstatus, 0) <> 1 OR entry_amount <> came
			OR COALESCE(allocated, 0) + COALESCE(given_back, 0) < came""",
		asked | {"to_come": tuple(LIVE)},
		as_dict=True,
	)
	# Such a deposit is posted with the invoice, when the visit is completed.
	waits = frappe.db.get_single_value("Clinic Booking Settings", "invoice_on") == "Completion"
	for row in rows:
		amount = rounded(row.received or row.amount, row.currency)
		row.is_early = row.is_early and waits
		for what in _wrong_with(row, amount, now):
			yield Difference(
				what,
				row.clinic,
				row.appointment,
				"Online Payment",
				row.name,
				amount,
				row.currency,
				row.creation.date(),
			)


def _wrong_with(row, amount: Decimal, now: datetime) -> Iterator[str]:
	# What came in vain is no payment of the visit: it is well once all of it has gone back.
	if row.problem and rounded(row.given_back, row.currency) < amount:
		yield PROBLEMS[row.problem]
	if row.disputed:
		yield DISPUTED
	if row.state == "Processing" and row.creation < now - LONG:
		yield STUCK
	if row.state != "Paid" or row.problem:
		return
	if not row.payment_entry:
		if not row.is_early:
			yield NOT_POSTED
	elif row.entry_docstatus != 1:
		yield ENTRY_GONE
	elif rounded(row.entry_amount, row.currency) != amount:
		yield ENTRY_DIFFERS
	elif rounded(row.allocated, row.currency) + rounded(row.given_back, row.currency) < amount:
		yield NOT_ALLOCATED


def _refunds(asked: dict) -> Iterator[Difference]:
	rows = frappe.db.sql(
		"""SELECT refund.name, refund.state, refund.clinic, refund.appointment, refund.amount, refund.currency,
			refund.creation
		FROM `tabOnline Refund` refund
		LEFT JOIN `tabPayment Entry` entry ON entry.clinic_booking_refund = refund.name AND entry.docstatus = 1
		LEFT JOIN `tabJournal Entry` journal
			ON journal.clinic_booking_refund = refund.name AND journal.docstatus = 1
		WHERE refund.clinic IN %(clinics)s AND DATE(refund.creation) <= %(last)s
			AND (refund.state IN ('Waiting', 'Pending')
				OR (refund.state = 'Refunded' AND refund.appointment IS NOT NULL
					AND entry.name IS NULL AND journal.name IS NULL)
				OR (refund.state = 'Failed' AND (DATE(refund.creation) >= %(first)s
					OR EXISTS (SELECT 1 FROM `tabSales Invoice` note
						WHERE note.clinic_booking_appointment = refund.appointment AND note.is_return = 1
							AND note.docstatus = 1 AND note.outstanding_amount < 0))))""",
		asked,
		as_dict=True,
	)
	told = {"Failed": REFUND_FAILED, "Refunded": REFUND_NOT_POSTED}
	for row in rows:
		what = told.get(row.state, REFUND_OPEN)
		amount = rounded(row.amount, row.currency)
		yield Difference(
			what,
			row.clinic,
			row.appointment,
			"Online Refund",
			row.name,
			amount,
			row.currency,
			row.creation.date(),
		)


def _tasks(asked: dict) -> Iterator[Difference]:
	"""What ERPNext has refused at least once and not taken since."""
	rows = frappe.db.sql(
		"""SELECT DISTINCT visit.name, visit.clinic, visit.price, visit.currency, visit.creation
		FROM `tabBilling Task` task JOIN `tabClinic Appointment` visit ON visit.name = task.appointment
		WHERE visit.clinic IN %(clinics)s AND DATE(visit.creation) <= %(last)s
			AND (task.outbox_status = 'Failed' OR (task.outbox_status = 'Waiting' AND task.attempts > 0))""",
		asked,
		as_dict=True,
	)
	for row in rows:
		yield _of_visit(NOT_INVOICED, row)


def _appointments(asked: dict) -> Iterator[Difference]:
	"""Visits whose payment status is not what their ledger makes it."""
	rows = frappe.db.sql(
		"""SELECT name, clinic, status, price, currency, paid, payment_status, creation
		FROM `tabClinic Appointment` visit
		WHERE clinic IN %(clinics)s AND DATE(creation) <= %(last)s AND DATE(modified) >= %(first)s
			AND price > 0
			AND EXISTS (SELECT 1 FROM `tabSales Invoice` invoice WHERE invoice.clinic_booking_appointment = visit.name)""",
		asked,
		as_dict=True,
	)
	for row in rows:
		account = ledger.account_of(row.name, row.currency)
		if payment_status(row.status, rounded(row.price, row.currency), account) != row.payment_status:
			yield _of_visit(STATUS_DIFFERS, row)


def _of_visit(what: str, row) -> Difference:
	amount = rounded(row.price, row.currency)
	return Difference(
		what, row.clinic, row.name, "Clinic Appointment", row.name, amount, row.currency, row.creation.date()
	)
