"""Online Payments are posted as Payment Entries against the visit's invoices, once each (PY-5)."""

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry

from clinic_booking.billing import ledger, modes
from clinic_booking.booking.clock import from_database, to_site
from clinic_booking.booking.money import rounded


class NoAccount(frappe.ValidationError):
	"""The mode of payment has no account (any more) in the company of the visit's clinic."""


def post(appointment) -> None:
	"""Post what has come for an appointment and stands in no book yet, where something is open on its invoices.

	All of a payment: what an accountant has left no room for is on its entry, set against nothing (MO-18). Raises what ERPNext raises, and `NoAccount`.
	"""
	for payment in ledger.not_posted(appointment.name):
		amount = rounded(payment.received, appointment.currency)
		parts = list(ledger.open_invoices(appointment.name, amount, appointment.currency))
		if parts:
			_post(appointment, payment, parts)


def _post(appointment, payment, parts: list) -> None:
	invoice, _part = parts[0]
	company = frappe.db.get_value(ledger.INVOICE, invoice, "company")
	amount = float(payment.received)
	entry = get_payment_entry(
		ledger.INVOICE,
		invoice,
		party_amount=amount,
		bank_account=_account(payment.method, company),
		bank_amount=amount,
	)
	entry.update(
		{
			"mode_of_payment": modes.mode_of(payment.method),
			"reference_no": payment.payment_id or appointment.reference,
			"reference_date": to_site(from_database(payment.paid_at_utc)).date(),
			"clinic_booking_appointment": appointment.name,
			"clinic_booking_payment": payment.name,
		}
	)
	entry.set("references", [])
	for name, part in parts:
		row = {"reference_doctype": ledger.INVOICE, "reference_name": name, "allocated_amount": float(part)}
		entry.append("references", row)
	entry.set_missing_ref_details()
	entry.insert()
	# Before the ledger is written, which looks at what is not posted yet.
	frappe.db.set_value("Online Payment", payment.name, "payment_entry", entry.name, update_modified=False)
	entry.submit()


def _account(method: str, company: str) -> str:
	if account := modes.account_of(method, company):
		return account
	raise NoAccount(modes.missing(method, company))
