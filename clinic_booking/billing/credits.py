"""A patient's credit: credit notes of their Customer that nothing has been set off against yet (PO-4).

Per company, and so per currency, in ERPNext's own ledger: an accountant sees it among the receivables, can give
it back as money by a Payment Entry, or set it off by hand.
"""

from decimal import Decimal

import frappe
from frappe.utils import today

from clinic_booking.billing.ledger import INVOICE
from clinic_booking.booking.money import rounded


def spend(invoice: str, amount: Decimal, currency: str) -> None:
	"""Set off what credit there is, the oldest first, against an invoice of which `amount` is open.

	The caller has locked the Customer, before anything was read.
	"""
	customer, company = frappe.db.get_value(INVOICE, invoice, ["customer", "company"])
	notes = frappe.get_all(
		INVOICE,
		{
			"customer": customer,
			"company": company,
			"is_return": 1,
			"docstatus": 1,
			"outstanding_amount": ("<", 0),
		},
		["name", "outstanding_amount"],
		order_by="creation",
	)
	for note in notes:
		part = min(amount, -rounded(note.outstanding_amount, currency))
		if part > 0:
			set_off(note.name, invoice, part)
			amount -= part


def set_off(note: str, invoice: str, amount: Decimal) -> None:
	"""A Journal Entry that takes `amount` from a credit note and puts it on an invoice; no money moves."""
	facts = frappe.db.get_value(
		INVOICE, invoice, ["company", "customer", "debit_to", "cost_center"], as_dict=True
	)
	party = {
		"account": facts.debit_to,
		"party_type": "Customer",
		"party": facts.customer,
		"cost_center": facts.cost_center,
		"reference_type": INVOICE,
	}
	entry = frappe.get_doc(
		doctype="Journal Entry",
		voucher_type="Credit Note",
		company=facts.company,
		posting_date=today(),
		accounts=[
			party | {"credit_in_account_currency": float(amount), "reference_name": invoice},
			party | {"debit_in_account_currency": float(amount), "reference_name": note},
		],
	)
	# Nobody is signed in: the system sets off what the rules say.
	entry.flags.ignore_permissions = True
	entry.insert()
	entry.submit()
