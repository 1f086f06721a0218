"""Money that has come and finds nothing open, since somebody entered some for the visit by hand (MO-18, MO-19)."""

from collections.abc import Iterable

import frappe

from clinic_booking.billing import arrivals, ledger, modes, to_do
from clinic_booking.booking.money import rounded


def clear(facts) -> bool:
	"""Of what could not be posted for an invoiced visit: whose entry that is, or that it does not count.

	Whether anything is another way now, so that the account has to be looked at anew. All that is to be charged is
	charged, and nothing of it is open.
	"""
	left = ledger.not_posted(facts.name) if _is_invoiced(facts.name) else []
	for payment in left:
		if entry := _entered_by_hand(facts, payment):
			frappe.db.set_value("Online Payment", payment.name, "payment_entry", entry, update_modified=False)
		else:
			arrivals.set_aside(payment.name)
	return bool(left)


def count_again(facts) -> None:
	"""What was set aside and would be posted now, since the entry made by hand is gone, counts."""
	for payment in _set_aside(facts.name):
		amount = rounded(payment.received, facts.currency)
		if any(ledger.open_invoices(facts.name, amount, facts.currency)):
			frappe.db.set_value("Online Payment", payment.name, "problem", None, update_modified=False)
			arrivals.all_is_well(payment.name)


def follow(invoices: Iterable[str], but: str | None = None) -> None:
	"""An entry over these invoices was cancelled: the books of their appointments, `but` one's, look whether something
	waits for that."""
	appointments = {ledger.appointment_of(invoice) for invoice in set(invoices)}
	for appointment in sorted(appointments - {None, "", but}):
		if _set_aside(appointment) or ledger.unallocated(appointment):
			to_do.leave(appointment, "on_entry_cancelled")


def _set_aside(appointment: str) -> list:
	"""What does not count, and nobody has promised to give back."""
	return frappe.db.sql(
		"""SELECT name, received FROM `tabOnline Payment` payment
		WHERE appointment = %s AND state = 'Paid' AND problem = %s
			AND NOT EXISTS (SELECT 1 FROM `tabOnline Refund` refund WHERE refund.payment = payment.name)
		ORDER BY paid_at_utc, name""",
		(appointment, arrivals.TWICE),
		as_dict=True,
	)


def _is_invoiced(appointment: str) -> bool:
	invoice = {"clinic_booking_appointment": appointment, "docstatus": 1, "is_return": 0}
	return bool(frappe.db.exists(ledger.INVOICE, invoice))


def _entered_by_hand(facts, payment) -> str | None:
	"""An accountant's Payment Entry over the same money: that amount, by its mode or with the provider's reference."""
	found = frappe.db.sql(
		"""SELECT entry.name FROM `tabPayment Entry` entry
		JOIN `tabPayment Entry Reference` line ON line.parent = entry.name
		WHERE line.reference_doctype = %(invoice)s AND line.reference_name IN %(family)s
			AND entry.docstatus = 1 AND entry.payment_type = 'Receive' AND entry.clinic_booking_cashier IS NULL
			AND ROUND(entry.paid_amount, 3) = ROUND(%(amount)s, 3)
			AND (entry.mode_of_payment = %(mode)s OR entry.reference_no = %(reference)s)
			AND NOT EXISTS (SELECT 1 FROM `tabOnline Payment` other WHERE other.payment_entry = entry.name)
		ORDER BY entry.creation LIMIT 1""",
		{
			"invoice": ledger.INVOICE,
			"family": ledger.documents_of(facts.name),
			"amount": payment.received,
			"mode": modes.mode_of(payment.method),
			"reference": payment.payment_id or "",
		},
		pluck=True,
	)
	return found[0] if found else None
