"""Brings the books of one appointment to where its state wants them: the work of a Billing Task.

It asks what should be charged and what is, and writes the difference. So it matters neither how often it runs
nor in which order the appointment's tasks do.
"""

from collections.abc import Iterator
from decimal import Decimal

import frappe

from clinic_booking.billing import cancellation, credits, invoices, ledger
from clinic_booking.billing.state import NOTHING, to_charge
from clinic_booking.booking.money import rounded
from clinic_booking.scheduling.status import CANCELLED

SETTINGS = "Clinic Booking Settings"
FIELDS = (
	*("name", "reference", "status", "patient", "doctor", "service", "clinic", "starts_at_utc"),
	*("price", "currency", "source", "policy", "cancelled_by"),
)


def settle(appointment: str) -> None:
	"""Charge or credit what is missing, and bring the payment status along; the caller commits.

	Starts a fresh transaction. What ERPNext raises (a closed period, a missing account) is raised.
	"""
	lock(appointment)
	facts = frappe.db.get_value("Clinic Appointment", appointment, FIELDS, as_dict=True)
	if not facts:
		return
	account = ledger.account_of(appointment, facts.currency)
	refund = cancellation.refund(facts, account.kept) if facts.status == CANCELLED else NOTHING
	wanted = to_charge(
		facts.status,
		rounded(facts.price, facts.currency),
		account,
		on_completion=frappe.db.get_single_value(SETTINGS, "invoice_on") == "Completion",
		owed_after_no_show=bool(frappe.db.get_value("Clinic Service", facts.service, "no_show_fee")),
		refund=refund,
	)
	if wanted > account.charged:
		invoices.charge(facts, wanted - account.charged, _invoice_cause(appointment))
	_credit(facts, account.charged - wanted)
	if facts.source == "Desk" and facts.status != CANCELLED:
		_spend_credit(facts)
	if refund:
		cancellation.compensate(facts, account.kept)
	ledger.refresh(appointment)


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


def _credit(facts, amount: Decimal) -> None:
	"""Credit notes of `amount` in all: what was open is closed by them, what was paid becomes credit."""
	for invoice in _uncredited(facts.name) if amount > 0 else ():
		part = min(amount, rounded(invoice.grand_total, facts.currency))
		open_part = min(part, rounded(invoice.outstanding_amount, facts.currency))
		note = invoices.credit(
			facts, invoice.name, part, _credit_cause(facts.name), as_credit=part > open_part
		)
		if part > open_part > 0:
			credits.set_off(note, invoice.name, open_part)
		amount -= part


def _spend_credit(facts) -> None:
	"""The patient's credit with this company reduces what the desk has booked (PO-4)."""
	for invoice, amount in open_invoices(facts.name, rounded(facts.price, facts.currency), facts.currency):
		credits.spend(invoice, amount, facts.currency)


def _uncredited(appointment: str) -> list:
	"""The invoices without a credit note, the latest first: ERPNext takes one item back once."""
	return frappe.db.sql(
		"""SELECT invoice.name, invoice.grand_total, invoice.outstanding_amount FROM `tabSales Invoice` invoice
		WHERE invoice.clinic_booking_appointment = %s AND invoice.docstatus = 1 AND invoice.is_return = 0
			AND NOT EXISTS (SELECT 1 FROM `tabSales Invoice` note
				WHERE note.return_against = invoice.name AND note.docstatus = 1)
		ORDER BY invoice.creation DESC""",
		appointment,
		as_dict=True,
	)


def _invoice_cause(appointment: str) -> str:
	"""The same until a credit note of ours has taken the invoice back: what an accountant cancels stays so."""
	return f"{appointment} invoice {_credits(appointment, docstatus=1) + 1}"


def _credit_cause(appointment: str) -> str:
	return f"{appointment} credit {_credits(appointment) + 1}"


def _credits(appointment: str, **filters) -> int:
	"""How many credit notes of ours there are."""
	ours = {"clinic_booking_appointment": appointment, "clinic_booking_cause": ("is", "set")}
	return frappe.db.count(ledger.INVOICE, ours | {"is_return": 1} | filters)


def open_invoices(appointment: str, amount: Decimal, currency: str) -> Iterator[tuple[str, Decimal]]:
	"""`(invoice, amount)` for each invoice that is still open, the latest first, `amount` in all."""
	rows = frappe.get_all(
		ledger.INVOICE,
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
