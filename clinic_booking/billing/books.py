"""Brings the books of one appointment to where its state wants them: the work of a Billing Task.

It asks what should be charged and what is, and writes the difference. So it matters neither how often it runs
nor in which order the appointment's tasks do.
"""

import frappe

from clinic_booking.billing import (
	cancellation,
	credit_notes,
	credits,
	invoices,
	ledger,
	postings,
	refunds,
	repayments,
	unallocated,
)
from clinic_booking.billing.state import NOTHING, Account, to_charge
from clinic_booking.booking.money import rounded
from clinic_booking.booking.ways_to_pay import CREDIT
from clinic_booking.scheduling.status import CANCELLED, NO_SHOW

SETTINGS = "Clinic Booking Settings"
FIELDS = (
	*("name", "reference", "status", "patient", "doctor", "service", "clinic", "starts_at_utc"),
	*("price", "currency", "source", "payment_method", "policy", "cancelled_by"),
)


def settle(appointment: str) -> None:
	"""Charge or credit what is missing, and bring the payment status along; the caller commits.

	Starts a fresh transaction. What ERPNext raises (a closed period, a missing account) is raised.
	"""
	lock(appointment)
	facts = frappe.db.get_value("Clinic Appointment", appointment, FIELDS, as_dict=True)
	if not facts:
		return
	account = take_in(facts, goes_back=refunds.any_of(appointment))
	refund = cancellation.refund(facts, account.kept) if facts.status == CANCELLED else NOTHING
	wanted = to_charge(
		facts.status,
		rounded(facts.price, facts.currency) - credit_notes.allowed(appointment, facts.currency),
		account,
		on_completion=frappe.db.get_single_value(SETTINGS, "invoice_on") == "Completion",
		owed_after_no_show=bool(frappe.db.get_value("Clinic Service", facts.service, "no_show_fee")),
		refund=refund,
	)
	if wanted > account.charged:
		invoices.charge(facts, wanted - account.charged, _invoice_cause(appointment))
		postings.post(facts)
	credit_notes.close(facts, account.charged - wanted)
	repayments.post(facts)
	if facts.status != CANCELLED:
		_spend_credit(facts)
	if refund:
		cancellation.compensate(facts, account.paid)
	unallocated.tell(facts)
	ledger.refresh(appointment)


def take_in(facts, goes_back: bool) -> Account:
	"""Post what has come through a provider or by transfer, where there is an invoice; the account after that.

	What an accountant's hand has left against no invoice is set against those that are open.

	What was paid for a visit that ended before it was invoiced, or `goes_back` in part while it goes on, is invoiced
	first: what goes back needs to have come. The caller has locked the books.
	"""
	unallocated.allocate(facts)
	account = ledger.account_of(facts.name, facts.currency)
	if not ledger.not_posted(facts.name):
		return account
	if not account.is_invoiced:
		price = rounded(facts.price, facts.currency)
		if facts.status in (CANCELLED, NO_SHOW):
			invoices.charge(facts, min(price, account.kept), _invoice_cause(facts.name))
		elif goes_back:
			# All of it: there is one invoice for what a visit costs.
			invoices.charge(facts, price, _invoice_cause(facts.name))
	postings.post(facts)
	return ledger.account_of(facts.name, facts.currency)


def lock(appointment: str) -> None:
	"""Wait for others who write into the books of this appointment or patient, in a fresh transaction.

	By its oldest task and the patient's Customer, and not by the appointment's own row: nobody who books or
	moves has to wait meanwhile, and no credit is spent twice (MO-20).
	"""
	oldest = frappe.db.sql(
		"SELECT name FROM `tabBilling Task` WHERE appointment = %s ORDER BY creation, name LIMIT 1",
		appointment,
		pluck=True,
	)
	patient = frappe.db.get_value("Clinic Appointment", appointment, "patient")
	customer = patient and frappe.db.get_value("Clinic Patient", patient, "customer")
	# Looking read, and a read opens the snapshot: the locks must come first.
	frappe.db.rollback()
	if oldest:
		frappe.db.sql("SELECT name FROM `tabBilling Task` WHERE name = %s FOR UPDATE", oldest)
	if customer:
		frappe.db.sql("SELECT name FROM `tabCustomer` WHERE name = %s FOR UPDATE", customer)


def _spend_credit(facts) -> None:
	"""The patient's credit with this company reduces what the desk has booked, or they themselves to be paid with it;
	else that of the visit itself (PO-4)."""
	price = rounded(facts.price, facts.currency)
	of = None if facts.source == "Desk" or facts.payment_method == CREDIT else facts.name
	for invoice, amount in ledger.open_invoices(facts.name, price, facts.currency):
		credits.spend(invoice, amount, facts.currency, of)


def _invoice_cause(appointment: str) -> str:
	"""The same until a credit note of ours has taken the invoice back: what an accountant cancels stays so."""
	return f"{appointment} invoice {credit_notes.closed(appointment, docstatus=1) + 1}"
