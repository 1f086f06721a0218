"""Disputed payments in the books: a Journal Entry by which the visit is to be paid again (MO-12)."""

from collections.abc import Iterator
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import today

from clinic_booking.billing import credit_notes, credits, ledger
from clinic_booking.booking.money import rounded


class NotAllocated(frappe.ValidationError):
	"""What was disputed stands against no invoice of the visit."""


def enter(facts, refund, account: str) -> None:
	"""What the patient's bank took goes out of `account`: credit that it left is gone, and the visit's invoice is open."""
	amount = rounded(refund.amount, facts.currency)
	lines = list(_from(facts, refund.payment, amount))
	if sum(part for _name, part in lines) != amount:
		raise NotAllocated(_("The disputed payment stands against no invoice of this visit."))
	company, customer, receivable = frappe.db.get_value(
		ledger.INVOICE, lines[0][0], ["company", "customer", "debit_to"]
	)
	cost_center = frappe.get_cached_value("Company", company, "cost_center")
	entry = frappe.get_doc(
		doctype="Journal Entry",
		voucher_type="Journal Entry",
		company=company,
		posting_date=today(),
		clinic_booking_refund=refund.name,
		accounts=[
			*(
				{
					"account": receivable,
					"party_type": "Customer",
					"party": customer,
					"cost_center": cost_center,
					"reference_type": ledger.INVOICE,
					"reference_name": name,
					"debit_in_account_currency": float(part),
				}
				for name, part in lines
			),
			{"account": account, "cost_center": cost_center, "credit_in_account_currency": float(amount)},
		],
	)
	# Nobody is signed in: the books follow the provider.
	entry.flags.ignore_permissions = True
	entry.insert()
	entry.submit()


def _from(facts, payment: str, amount: Decimal) -> Iterator[tuple[str, Decimal]]:
	"""`(document, amount)` to take it from: credit notes that are left, then the invoices that it had paid."""
	for note, part in credits.parts(credit_notes.left(facts), amount):
		yield note, part
		amount -= part
	paid = frappe.db.sql(
		"""SELECT line.reference_name, line.allocated_amount FROM `tabPayment Entry Reference` line
		JOIN `tabOnline Payment` payment ON payment.payment_entry = line.parent
		WHERE payment.name = %s AND line.allocated_amount > 0 ORDER BY line.idx""",
		payment,
	)
	yield from credits.parts(((name, rounded(allocated, facts.currency)) for name, allocated in paid), amount)
