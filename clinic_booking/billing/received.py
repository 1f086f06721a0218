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
DISPUTED = _("Taken back by the payer's bank")
ADJUSTMENT = _("Adjustment")
PAYMENT = _("Payment")
# ERPNext's name for a Journal Entry that sets a credit note off, as ours do and an accountant's may.
SET_OFF = "Credit Note"


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
		"""SELECT entry.voucher_type, MIN(entry.posting_date), -SUM(entry.amount), payment.mode_of_payment,
			journal.voucher_type, journal.clinic_booking_refund
		FROM `tabPayment Ledger Entry` entry
		LEFT JOIN `tabPayment Entry` payment
			ON entry.voucher_type = 'Payment Entry' AND payment.name = entry.voucher_no
		LEFT JOIN `tabJournal Entry` journal
			ON entry.voucher_type = 'Journal Entry' AND journal.name = entry.voucher_no
		WHERE entry.against_voucher_type = %(invoice)s AND entry.against_voucher_no IN %(family)s
			AND entry.voucher_type <> %(invoice)s AND entry.delinked = 0
		GROUP BY entry.voucher_type, entry.voucher_no, payment.mode_of_payment, journal.voucher_type,
			journal.clinic_booking_refund""",
		{"invoice": INVOICE, "family": family},
	)
	return [
		Received(getdate(posted), mode or _label(kind, journal, dispute), rounded(amount, currency))
		for kind, posted, amount, mode, journal, dispute in rows or ()
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


def _label(voucher_type: str, journal: str | None, dispute: str | None) -> str:
	"""How an entry without a mode of payment came."""
	if voucher_type != "Journal Entry":
		return PAYMENT
	if dispute:
		return DISPUTED
	return CREDIT if journal == SET_OFF else ADJUSTMENT


def _not_posted(appointment) -> list[Received]:
	"""Verified payments that wait for the books (PY-5); what does not count for the visit goes back."""
	payments = frappe.get_all(
		"Online Payment",
		{
			"appointment": appointment.name,
			"state": "Paid",
			"problem": ("is", "not set"),
			"payment_entry": ("is", "not set"),
		},
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
