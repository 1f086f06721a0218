"""What was paid for a visit and what went back, payment by payment: from the ledger, and what waits to be posted."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe.utils import getdate

from clinic_booking.billing.ledger import INVOICE, RECEIVE, documents_of, unallocated
from clinic_booking.booking.money import rounded
from clinic_booking.errors import _

CREDIT = _("Credit used")
PAYMENT = _("Payment")


@dataclass(frozen=True)
class Received:
	"""One payment, negative for one that went back; `label` is how it came, in English."""

	date: date
	label: str
	amount: Decimal


def of(appointment) -> list[Received]:
	"""The oldest first. Credit that was set off counts as paid."""
	rows = (
		_posted(appointment.name, appointment.currency) + _unallocated(appointment) + _not_posted(appointment)
	)
	return sorted((row for row in rows if row.amount), key=lambda row: row.date)


def _posted(appointment: str, currency: str) -> list[Received]:
	family = documents_of(appointment)
	rows = family and frappe.db.sql(
		"""SELECT entry.voucher_type, MIN(entry.posting_date), -SUM(entry.amount), payment.mode_of_payment
		FROM `tabPayment Ledger Entry` entry
		LEFT JOIN `tabPayment Entry` payment
			ON entry.voucher_type = 'Payment Entry' AND payment.name = entry.voucher_no
		WHERE entry.against_voucher_type = %(invoice)s AND entry.against_voucher_no IN %(family)s
			AND entry.voucher_type <> %(invoice)s AND entry.delinked = 0
		GROUP BY entry.voucher_type, entry.voucher_no, payment.mode_of_payment""",
		{"invoice": INVOICE, "family": family},
	)
	return [
		Received(
			getdate(posted),
			mode or (CREDIT if kind == "Journal Entry" else PAYMENT),
			rounded(amount, currency),
		)
		for kind, posted, amount, mode in rows or ()
	]


def _unallocated(appointment) -> list[Received]:
	"""What an accountant's hand has left against no invoice (MO-18)."""
	return [
		Received(
			getdate(entry.posting_date),
			entry.mode_of_payment or PAYMENT,
			rounded(entry.unallocated_amount, appointment.currency)
			* (1 if entry.payment_type == RECEIVE else -1),
		)
		for entry in unallocated(appointment.name)
	]


def _not_posted(appointment) -> list[Received]:
	"""Verified payments that wait for the books (PY-5)."""
	payments = frappe.get_all(
		"Online Payment",
		{"appointment": appointment.name, "state": "Paid", "payment_entry": ("is", "not set")},
		["paid_at_utc", "method", "received", "amount", "refunded", "creation"],
	)
	return [
		Received(
			getdate(row.paid_at_utc or row.creation),
			frappe.unscrub(row.method),
			rounded((row.received or row.amount) - (row.refunded or 0), appointment.currency),
		)
		for row in payments
	]
