"""Money of a visit that stands in the books against none of its invoices, by an accountant's hand (MO-18).

It is the visit's still: nobody is asked for it again, and it goes back the way it came.
"""

from decimal import Decimal

import frappe
from erpnext.accounts.utils import reconcile_against_document
from frappe import _

from clinic_booking.billing import ledger
from clinic_booking.booking.alerts import end_alert, raise_alert
from clinic_booking.booking.money import rounded

KIND = "Not Allocated"


def allocate(facts) -> None:
	"""Set it against what is open of the visit's invoices, as ERPNext's own reconciliation does."""
	left = ledger.unallocated_sum(facts.name, facts.currency)
	for entry in ledger.unallocated(facts.name) if left else ():
		if entry.payment_type != ledger.RECEIVE:
			continue
		part = min(left, rounded(entry.unallocated_amount, facts.currency))
		lines = [
			_line(entry, invoice, amount)
			for invoice, amount in ledger.open_invoices(facts.name, part, facts.currency)
		]
		if lines:
			reconcile_against_document(lines)
		left -= part


def tell(facts) -> None:
	"""An alert while there is some; it is done once there is none."""
	about = ("Clinic Appointment", facts.name)
	left = ledger.unallocated_sum(facts.name, facts.currency)
	if not left:
		end_alert(KIND, about)
		return
	raise_alert(
		_("{0} {1} paid for appointment {2} stand against no invoice").format(
			left, facts.currency, facts.reference
		),
		KIND,
		about,
		message=_(
			"An invoice was cancelled or made smaller by hand, or paid by an entry made by hand. Please settle it in the books, or give back what is too much."
		),
		clinic=facts.clinic,
		doctor=facts.doctor,
	)


def _line(entry, invoice: str, amount: Decimal) -> frappe._dict:
	"""What ERPNext's Payment Reconciliation hands on of a payment and an invoice in the company's currency."""
	grand_total, outstanding = frappe.db.get_value(
		ledger.INVOICE, invoice, ["grand_total", "outstanding_amount"]
	)
	return frappe._dict(
		voucher_type="Payment Entry",
		voucher_no=entry.name,
		against_voucher_type=ledger.INVOICE,
		against_voucher=invoice,
		account=entry.paid_from,
		party_type="Customer",
		party=entry.party,
		dr_or_cr="credit_in_account_currency",
		unreconciled_amount=entry.unallocated_amount,
		unadjusted_amount=entry.unallocated_amount,
		allocated_amount=float(amount),
		grand_total=grand_total,
		outstanding_amount=outstanding,
		exchange_rate=1,
		difference_amount=0,
	)
