"""What goes back to patients, in the books: a Payment Entry against credit notes, so that no credit is left over."""

from decimal import Decimal

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from frappe import _
from frappe.utils import today

from clinic_booking.billing import credit_notes, credits, disputes, ledger, refunds
from clinic_booking.billing.session import as_the_system
from clinic_booking.billing.state import NOTHING
from clinic_booking.booking.money import rounded

ENTRY = "Payment Entry"


class NothingToTakeItFrom(frappe.ValidationError):
	"""More has gone back than the books know of: a payment that is not posted, or was cancelled by hand."""


def post(facts) -> None:
	"""Bring what went back, and what did after all not, into the books of an appointment; the caller commits.

	For transfers that wait for staff an entry is prepared, to be submitted once the money is sent (BK-8).
	"""
	for refund in _of(facts.name):
		if refund.state == refunds.FAILED:
			_take_back(refund)
		elif refund.docstatus is None and refund.method == refunds.DISPUTE:
			disputes.enter(facts, refund, _paid_into(refund.payment)["account"])
		elif refund.docstatus is None and refund.state == refunds.REFUNDED:
			enter(facts, refund)
		elif refund.docstatus is None and refund.method == refunds.BANK_TRANSFER:
			enter(facts, refund, is_draft=True)


def enter(facts, refund, till: dict | None = None, is_draft: bool = False) -> None:
	"""A Payment Entry over a refund; `till`: out of which account, where it is not the one that was paid into."""
	amount = rounded(refund.amount, facts.currency)
	make_credit(facts, refund.name)
	notes = list(credits.parts(credit_notes.left(facts), amount))
	till = till or _paid_into(refund.payment)
	with as_the_system():
		entry = _entry(facts, notes, amount, till["account"])
		entry.set("references", [])
		for note, part in notes:
			entry.append(
				"references",
				{
					"reference_doctype": ledger.INVOICE,
					"reference_name": note,
					"allocated_amount": -float(part),
				},
			)
		entry.update(
			{
				"mode_of_payment": till["mode_of_payment"],
				"reference_no": facts.reference,
				"reference_date": today(),
				"clinic_booking_appointment": facts.name,
				"clinic_booking_cashier": till.get("cashier"),
				"clinic_booking_refund": refund.name,
			}
		)
		entry.set_missing_ref_details()
		entry.insert()
		if not is_draft:
			entry.submit()


def _entry(facts, notes: list, amount: Decimal, account: str):
	"""A Payment Entry of `amount` out of `account` to the patient, not saved yet."""
	if notes:
		return get_payment_entry(
			ledger.INVOICE,
			notes[0][0],
			party_amount=-float(amount),
			bank_account=account,
			bank_amount=float(amount),
		)
	# Of money that stands against no invoice, nor does what goes back.
	paid = next(each for each in ledger.unallocated(facts.name) if each.payment_type == ledger.RECEIVE)
	return frappe.get_doc(
		doctype=ENTRY,
		payment_type="Pay",
		company=paid.company,
		posting_date=today(),
		party_type="Customer",
		party=paid.party,
		paid_from=account,
		paid_to=paid.paid_from,
		paid_amount=float(amount),
		received_amount=float(amount),
		source_exchange_rate=1,
		target_exchange_rate=1,
	)


def make_credit(facts, refund: str) -> None:
	"""Credit for all that is to go back: what a visit that goes on costs less is a credit note first.

	Raises `NothingToTakeItFrom`.
	"""
	there = sum((left for _note, left in credit_notes.left(facts)), NOTHING)
	lacking = refunds.promised(facts) - there - ledger.unallocated_sum(facts.name, facts.currency)
	if lacking <= 0:
		return
	account = ledger.account_of(facts.name, facts.currency)
	if lacking > min(account.charged, account.kept):
		raise NothingToTakeItFrom(
			_("{0} {1} more go back than the books have taken for this visit").format(lacking, facts.currency)
		)
	credit_notes.allow(facts, lacking, refund)


def drop_draft(refund: str) -> None:
	"""The prepared entry of a refund that went another way."""
	prepared = {"clinic_booking_refund": refund, "docstatus": 0, "amended_from": ("is", "not set")}
	if draft := frappe.db.get_value(ENTRY, prepared):
		# The system prepared it.
		frappe.delete_doc(ENTRY, draft, ignore_permissions=True)


def _take_back(refund) -> None:
	if refund.docstatus == 0:
		drop_draft(refund.name)
	elif refund.docstatus == 1:
		with as_the_system():
			frappe.get_doc(refund.doctype, refund.entry).cancel()


def _of(appointment: str) -> list:
	"""The refunds of an appointment, each with the document over it (`doctype`, `entry`, `docstatus`), if there is one."""
	return frappe.db.sql(
		"""SELECT refund.name, refund.state, refund.amount, refund.method, refund.payment,
			IF(refund.method = 'dispute', 'Journal Entry', 'Payment Entry') AS doctype,
			COALESCE(entry.name, journal.name) AS entry, COALESCE(entry.docstatus, journal.docstatus) AS docstatus
		FROM `tabOnline Refund` refund
		LEFT JOIN `tabPayment Entry` entry ON entry.clinic_booking_refund = refund.name
		LEFT JOIN `tabJournal Entry` journal ON journal.clinic_booking_refund = refund.name
		WHERE refund.appointment = %s ORDER BY refund.creation""",
		appointment,
		as_dict=True,
	)


def _paid_into(payment: str | None) -> dict:
	"""The account and mode of payment by which an online payment came into the books."""
	entry = payment and frappe.db.get_value("Online Payment", payment, "payment_entry")
	row = entry and frappe.db.get_value(ENTRY, entry, ["paid_to", "mode_of_payment"], as_dict=True)
	if not row:
		raise NothingToTakeItFrom(_("The payment that went back is not in the books yet"))
	return {"account": row.paid_to, "mode_of_payment": row.mode_of_payment}
