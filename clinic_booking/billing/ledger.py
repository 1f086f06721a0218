"""What ERPNext's payment ledger says of one appointment: the only truth about its money."""

from collections.abc import Iterator
from decimal import Decimal

import frappe

from clinic_booking.billing.state import NOTHING, Account, payment_status
from clinic_booking.booking.money import rounded

INVOICE = "Sales Invoice"
RECEIVE = "Receive"
DERIVED = ("payment_status", "paid")


def account_of(appointment: str, currency: str) -> Account:
	"""The sums of everything that stands in the payment ledger against the appointment's invoices, and of what has
	come and does not stand there: not posted yet (PY-5), or against no invoice (MO-18)."""
	entries = unallocated(appointment)
	came = _sum((entry.unallocated_amount for entry in entries if entry.payment_type == RECEIVE), currency)
	gone = _sum((entry.unallocated_amount for entry in entries if entry.payment_type != RECEIVE), currency)
	arrived = came + _sum((payment.received for payment in not_posted(appointment)), currency)
	loose = max(came - gone, NOTHING)
	family = documents_of(appointment)
	if not family:
		return Account(received=arrived, returned=gone, loose=loose)
	rows = frappe.db.sql(
		# By voucher: one that sets a credit note off against its own invoice moves no money.
		"""SELECT entry.voucher_type, SUM(entry.amount), MAX(COALESCE(journal.clinic_booking_refund, ''))
		FROM `tabPayment Ledger Entry` entry
		LEFT JOIN `tabJournal Entry` journal
			ON journal.name = entry.voucher_no AND entry.voucher_type = 'Journal Entry'
		WHERE entry.against_voucher_type = %s AND entry.against_voucher_no IN %s AND entry.delinked = 0
		GROUP BY entry.voucher_type, entry.voucher_no""",
		(INVOICE, family),
	)
	charges = [amount for voucher_type, amount, _dispute in rows if voucher_type == INVOICE]
	payments = [amount for voucher_type, amount, dispute in rows if voucher_type != INVOICE and not dispute]
	# What the patient's bank took back was never received (MO-12).
	disputed = [amount for _voucher_type, amount, dispute in rows if dispute]
	return Account(
		charged=_sum(charges, currency),
		received=arrived - _sum((*(amount for amount in payments if amount < 0), *disputed), currency),
		returned=gone + _sum((amount for amount in payments if amount > 0), currency),
		loose=loose,
		is_invoiced=True,
	)


def not_posted(appointment: str) -> list:
	"""The Online Payments that count for the appointment and have no Payment Entry yet, oldest first."""
	return frappe.db.sql(
		"""SELECT name, method, received, payment_id, paid_at_utc FROM `tabOnline Payment`
		WHERE appointment = %s AND state = 'Paid' AND COALESCE(problem, '') = '' AND payment_entry IS NULL
		ORDER BY paid_at_utc, name""",
		appointment,
		as_dict=True,
	)


def unallocated(appointment: str) -> list:
	"""The Payment Entries of an appointment of which something stands against no invoice, the oldest first.

	An accountant has cancelled the invoice, or taken the payment off it. What does not count for the visit is not
	among them.
	"""
	return frappe.db.sql(
		"""SELECT entry.name, entry.payment_type, entry.unallocated_amount, entry.company, entry.party,
			entry.paid_from, entry.paid_to, entry.mode_of_payment, entry.posting_date
		FROM `tabPayment Entry` entry
		LEFT JOIN `tabOnline Payment` payment ON payment.name = entry.clinic_booking_payment
		LEFT JOIN `tabOnline Refund` refund ON refund.name = entry.clinic_booking_refund
		WHERE entry.clinic_booking_appointment = %(appointment)s AND entry.docstatus = 1
			AND entry.unallocated_amount > 0 AND COALESCE(payment.problem, '') = ''
			AND COALESCE(refund.appointment, IF(refund.name IS NULL, %(appointment)s, '')) = %(appointment)s
		ORDER BY entry.creation""",
		{"appointment": appointment},
		as_dict=True,
	)


def unallocated_sum(appointment: str, currency: str) -> Decimal:
	"""What has come of that and not gone back."""
	parts = (
		entry.unallocated_amount * (1 if entry.payment_type == RECEIVE else -1)
		for entry in unallocated(appointment)
	)
	return max(_sum(parts, currency), NOTHING)


def documents_of(appointment: str) -> tuple[str, ...]:
	"""The submitted invoices and credit notes of an appointment, those made by hand from ours included."""
	return tuple(
		frappe.db.sql(
			"""SELECT name FROM `tabSales Invoice` WHERE docstatus = 1 AND clinic_booking_appointment = %(name)s
			UNION SELECT note.name FROM `tabSales Invoice` note
				JOIN `tabSales Invoice` invoice ON invoice.name = note.return_against
				WHERE note.docstatus = 1 AND invoice.clinic_booking_appointment = %(name)s""",
			{"name": appointment},
			pluck=True,
		)
	)


def open_invoices(appointment: str, amount: Decimal, currency: str) -> Iterator[tuple[str, Decimal]]:
	"""`(invoice, amount)` for each invoice that is still open, the latest first, `amount` in all."""
	rows = frappe.get_all(
		INVOICE,
		{
			"clinic_booking_appointment": appointment,
			"docstatus": 1,
			"is_return": 0,
			"outstanding_amount": (">", 0),
		},
		["name", "outstanding_amount"],
		order_by="creation desc",
	)
	for row in rows:
		part = min(amount, rounded(row.outstanding_amount, currency))
		if part > 0:
			yield row.name, part
			amount -= part


def appointment_of(invoice: str) -> str | None:
	"""Whose invoice or credit note it is; None for one that is no appointment's."""
	mine, original = frappe.db.get_value(
		INVOICE, invoice, ["clinic_booking_appointment", "return_against"]
	) or (None, None)
	if mine or not original:
		return mine
	return frappe.db.get_value(INVOICE, original, "clinic_booking_appointment")


def refresh(appointment: str) -> None:
	"""Bring the appointment's payment status and what was paid to what the ledger says, in this transaction."""
	row = frappe.db.get_value(
		"Clinic Appointment", appointment, ["status", "price", "currency", *DERIVED], as_dict=True
	)
	if not row:
		return
	account = account_of(appointment, row.currency)
	price = rounded(row.price, row.currency)
	state = payment_status(row.status, price, account)
	paid = account.paid if account.is_invoiced else min(account.kept, price)
	if (state, paid) != (row.payment_status, rounded(row.paid, row.currency)):
		# Not `modified`: an open form must not have to be loaded anew because somebody paid.
		frappe.db.set_value(
			"Clinic Appointment",
			appointment,
			{"payment_status": state, "paid": float(paid)},
			update_modified=False,
		)


def _sum(amounts, currency: str) -> Decimal:
	return rounded(sum((Decimal(str(amount)) for amount in amounts), NOTHING), currency)
