"""Credit notes over an appointment's invoices: what need not be paid, and what was paid and is given back.

ERPNext takes one item back once. So the first part of an invoice is a return against it, and what follows stands
by itself, of the same appointment.
"""

from decimal import Decimal

import frappe
from frappe import _

from clinic_booking.billing import credits, invoices, ledger
from clinic_booking.billing.state import NOTHING
from clinic_booking.booking.alerts import end_alert, raise_alert
from clinic_booking.booking.money import rounded

KIND = "Credit Note"
# What a cause says after the appointment's name.
CREDIT, ALLOWANCE, COMPENSATION = "credit", "refund", "compensation"


def close(facts, amount: Decimal) -> None:
	"""Credit notes of `amount` in all: what was open is closed by them, what was paid becomes credit.

	Not in place of one that an accountant has cancelled: an alert asks them, until nothing is to be credited any more.
	"""
	about = ("Clinic Appointment", facts.name)
	if amount > 0 and _last_is_cancelled(facts.name):
		raise_alert(
			_("The credit note of appointment {0} was cancelled by hand").format(facts.reference),
			KIND,
			about,
			message=_(
				"{0} {1} are not owed any more. Please amend it, or settle the invoice in the books."
			).format(amount, facts.currency),
			clinic=facts.clinic,
			doctor=facts.doctor,
		)
		return
	end_alert(KIND, about)
	for invoice in _uncredited(facts.name) if amount > 0 else ():
		part = min(amount, rounded(invoice.grand_total, facts.currency))
		open_part = min(part, rounded(invoice.outstanding_amount, facts.currency))
		note = invoices.credit(facts, invoice.name, part, _next_cause(facts.name), as_credit=part > open_part)
		if part > open_part > 0:
			credits.set_off(note, invoice.name, open_part)
		amount -= part
	if amount > 0:
		note = invoices.give(facts, amount, _next_cause(facts.name))
		for invoice, part in ledger.open_invoices(facts.name, amount, facts.currency):
			credits.set_off(note, invoice, part)


def allow(facts, amount: Decimal, refund: str) -> None:
	"""A credit note of `amount` over what was paid, once for a refund: the visit costs that much less from now on."""
	cause = f"{facts.name} {ALLOWANCE} {refund}"
	if frappe.db.exists(ledger.INVOICE, {"clinic_booking_cause": cause}):
		return
	invoice = next((each for each in _uncredited(facts.name) if each.grand_total >= amount), None)
	if invoice:
		invoices.credit(facts, invoice.name, amount, cause, as_credit=True)
	else:
		invoices.give(facts, amount, cause)


def allowed(appointment: str, currency: str) -> Decimal:
	"""How much less than its price a visit costs, since a part was given back."""
	notes = frappe.get_all(
		ledger.INVOICE, _ours(appointment, ALLOWANCE) | {"docstatus": 1}, pluck="grand_total"
	)
	return -sum((rounded(total, currency) for total in notes), NOTHING)


def compensate(facts, amount: Decimal) -> None:
	"""A credit note against no invoice, once: the clinic's credit on top (PO-3). Whoever listens is told."""
	cause = f"{facts.name} {COMPENSATION}"
	if not frappe.db.exists(ledger.INVOICE, {"clinic_booking_cause": cause}):
		note = invoices.give(facts, amount, cause, is_on_top=True)
		frappe.get_doc("Clinic Appointment", facts.name).run_method("on_compensate", note)


def left_on_top(facts) -> Decimal:
	"""What is left of that."""
	note = {"clinic_booking_cause": f"{facts.name} {COMPENSATION}", "docstatus": 1}
	return -rounded(frappe.db.get_value(ledger.INVOICE, note, "outstanding_amount"), facts.currency)


def left(facts) -> list[tuple[str, Decimal]]:
	"""`(credit note, what is left of it)`, the oldest first, of what was paid for an appointment itself."""
	rows = frappe.get_all(
		ledger.INVOICE,
		{
			"clinic_booking_appointment": facts.name,
			"is_return": 1,
			"docstatus": 1,
			"outstanding_amount": ("<", 0),
		},
		["name", "outstanding_amount"],
		order_by="creation",
	)
	return [(row.name, -rounded(row.outstanding_amount, facts.currency)) for row in rows]


def closed(appointment: str, **filters) -> int:
	"""How often an invoice of the appointment was taken back by us."""
	return frappe.db.count(ledger.INVOICE, _ours(appointment, CREDIT) | filters)


def _ours(appointment: str, kind: str) -> dict:
	return {
		"clinic_booking_appointment": appointment,
		"is_return": 1,
		"clinic_booking_cause": ("like", f"{appointment} {kind} %"),
	}


def _next_cause(appointment: str) -> str:
	return f"{appointment} {CREDIT} {closed(appointment) + 1}"


def _last_is_cancelled(appointment: str) -> bool:
	last = {"clinic_booking_cause": f"{appointment} {CREDIT} {closed(appointment)}", "docstatus": 2}
	return bool(frappe.db.exists(ledger.INVOICE, last))


def _uncredited(appointment: str) -> list:
	"""The invoices without a credit note, the latest first."""
	return frappe.db.sql(
		"""SELECT invoice.name, invoice.grand_total, invoice.outstanding_amount FROM `tabSales Invoice` invoice
		WHERE invoice.clinic_booking_appointment = %s AND invoice.docstatus = 1 AND invoice.is_return = 0
			AND NOT EXISTS (SELECT 1 FROM `tabSales Invoice` note
				WHERE note.return_against = invoice.name AND note.docstatus = 1)
		ORDER BY invoice.creation DESC""",
		appointment,
		as_dict=True,
	)
