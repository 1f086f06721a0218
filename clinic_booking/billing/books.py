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
	surplus,
	unallocated,
)
from clinic_booking.billing.state import NOTHING, Account, to_charge
from clinic_booking.booking import claims
from clinic_booking.booking.appointments import IMPORTED
from clinic_booking.booking.money import rounded
from clinic_booking.booking.transaction import require_same
from clinic_booking.booking.ways_to_pay import CREDIT
from clinic_booking.scheduling.status import CANCELLED, CHECKED_IN, CONFIRMED, NO_SHOW

SETTINGS = "Clinic Booking Settings"
FIELDS = (
	*("name", "reference", "status", "patient", "doctor", "service", "clinic", "starts_at_utc"),
	*("price", "currency", "source", "payment_method", "policy", "cancelled_by", "refund"),
)


def settle(appointment: str) -> None:
	"""Charge or credit what is missing, and bring the payment status along; the caller commits.

	Starts a fresh transaction. What ERPNext raises (a closed period, a missing account) is raised.
	"""
	lock(appointment)
	facts = frappe.db.get_value("Clinic Appointment", appointment, FIELDS, as_dict=True)
	if facts:
		surplus.count_again(facts)
		_settle(facts)


def _settle(facts) -> None:
	appointment = facts.name
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
	if surplus.clear(facts):
		return _settle(facts)
	credit_notes.close(facts, account.charged - wanted)
	repayments.post(facts)
	if facts.status != CANCELLED:
		_spend_credit(facts)
	if facts.status == CANCELLED:
		cancellation.compensate(facts, account.paid)
	cancellation.tell_of_credit(facts)
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


def can_be_invoiced_early(appointment) -> bool:
	"""Whether a visit that is to come has no invoice yet, and gets one: not what is imported (PY-1)."""
	return (
		appointment.status in (CONFIRMED, CHECKED_IN)
		and appointment.source != IMPORTED
		and not ledger.documents_of(appointment.name)
		and not invoices.is_made(_invoice_cause(appointment.name))
	)


def invoice_early(appointment) -> None:
	"""Invoice it before its turn, since somebody pays for it at the desk, and post what has come before (PY-4)."""
	if can_be_invoiced_early(appointment):
		price = rounded(appointment.price, appointment.currency)
		invoices.charge(appointment, price, _invoice_cause(appointment.name))
	postings.post(appointment)


def lock(appointment: str, doctor: str | None = None) -> None:
	"""Wait for others who write into the books of this appointment or patient, in a fresh transaction.

	By its oldest task and the patient's Customer, and not by the appointment's own row: nobody who books or
	moves has to wait meanwhile, and no credit is spent twice (MO-20). With the `doctor`, for staff at the till, also
	for whoever cancels the visit or pays it online, and never the other way round (docs/claims.md).
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
	if doctor:
		claims.lock_doctors([doctor])
	if oldest:
		frappe.db.sql("SELECT name FROM `tabBilling Task` WHERE name = %s FOR UPDATE", oldest)
	if customer:
		frappe.db.sql("SELECT name FROM `tabCustomer` WHERE name = %s FOR UPDATE", customer)


def at_the_till(appointment: str, doctor: str):
	"""The appointment as it is once nobody else can book, cancel, pay or post it: what staff take or give starts so.

	For `transaction.run`, with `find`.
	"""
	lock(appointment, doctor)
	found = frappe.get_doc("Clinic Appointment", appointment)
	require_same(doctor, found)
	return found


def find(appointment: str):
	"""The `name` of an appointment and its `doctor`, as of now."""
	return frappe.db.get_value("Clinic Appointment", appointment, ["name", "doctor"], as_dict=True)


def _spend_credit(facts) -> None:
	"""The patient's credit with this company reduces what the desk has booked, less what they chose themselves to pay
	another visit with; or what they chose this for; else that of the visit itself (PO-4, MO-20)."""
	price = rounded(facts.price, facts.currency)
	is_chosen = facts.payment_method == CREDIT
	of = None if facts.source == "Desk" or is_chosen else facts.name
	for invoice, amount in ledger.open_invoices(facts.name, price, facts.currency):
		kept = NOTHING
		if of is None and not is_chosen:
			company = frappe.get_cached_value("Clinic", facts.clinic, "company")
			kept = credits.spoken_for(facts.patient, company, facts.currency, only_chosen=True)
		credits.spend(invoice, amount, facts.currency, of, but=kept)


def _invoice_cause(appointment: str) -> str:
	"""The same until a credit note of ours has taken the invoice back: what an accountant cancels stays so."""
	return f"{appointment} invoice {credit_notes.closed(appointment, docstatus=1) + 1}"
