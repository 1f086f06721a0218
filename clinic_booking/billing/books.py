"""Brings the books of one appointment to where its state wants them: the work of a Billing Task.

It asks what should be charged and what is, and writes the difference. So it matters neither how often it runs
nor in which order the appointment's tasks do.
"""

import frappe
from frappe import _

from clinic_booking.billing import invoices, ledger
from clinic_booking.billing.state import to_charge
from clinic_booking.booking.alerts import raise_alert
from clinic_booking.booking.money import rounded
from clinic_booking.scheduling.status import CANCELLED

SETTINGS = "Clinic Booking Settings"
FIELDS = (
	*("name", "reference", "status", "patient", "doctor", "service", "clinic", "starts_at_utc"),
	*("price", "currency"),
)


def settle(appointment: str) -> None:
	"""Charge or credit what is missing, and bring the payment status along; the caller commits.

	Starts a fresh transaction. What ERPNext raises (a closed period, a missing account) is raised.
	"""
	lock(appointment)
	facts = frappe.db.get_value("Clinic Appointment", appointment, FIELDS, as_dict=True)
	if not facts:
		return
	price = rounded(facts.price, facts.currency)
	account = ledger.account_of(appointment, facts.currency)
	wanted = to_charge(
		facts.status,
		price,
		account,
		on_completion=frappe.db.get_single_value(SETTINGS, "invoice_on") == "Completion",
		owed_after_no_show=bool(frappe.db.get_value("Clinic Service", facts.service, "no_show_fee")),
	)
	if wanted > account.charged:
		invoices.charge(facts, wanted - account.charged, _invoice_cause(appointment))
	for invoice, amount in open_invoices(appointment, account.charged - wanted, facts.currency):
		invoices.credit(facts, invoice, amount, _credit_cause(appointment))
	ledger.refresh(appointment)
	if facts.status == CANCELLED and account.kept > 0:
		_tell_that_it_was_paid(facts)


def _tell_that_it_was_paid(facts) -> None:
	"""What goes back, and how, is the clinic's to see to."""
	raise_alert(
		_("Appointment {0} was cancelled after it was paid: see what goes back").format(facts.reference),
		"Refund",
		("Clinic Appointment", facts.name),
		severity="Warning",
		clinic=facts.clinic,
		doctor=facts.doctor,
	)


def lock(appointment: str) -> None:
	"""Wait for others who write into the books of this appointment, in a fresh transaction.

	By its oldest task, and not by its own row: nobody who books or moves has to wait meanwhile.
	"""
	oldest = frappe.db.sql(
		"SELECT name FROM `tabBilling Task` WHERE appointment = %s ORDER BY creation, name LIMIT 1",
		appointment,
		pluck=True,
	)
	# Looking read, and a read opens the snapshot: the lock must come first.
	frappe.db.rollback()
	if oldest:
		frappe.db.sql("SELECT name FROM `tabBilling Task` WHERE name = %s FOR UPDATE", oldest)


def _invoice_cause(appointment: str) -> str:
	"""The same until a credit note of ours has taken the invoice back: what an accountant cancels stays so."""
	return f"{appointment} invoice {_credits(appointment, docstatus=1) + 1}"


def _credit_cause(appointment: str) -> str:
	return f"{appointment} credit {_credits(appointment) + 1}"


def _credits(appointment: str, **filters) -> int:
	"""How many credit notes of ours there are."""
	ours = {"clinic_booking_appointment": appointment, "clinic_booking_cause": ("is", "set")}
	return frappe.db.count(ledger.INVOICE, ours | {"is_return": 1} | filters)


def open_invoices(appointment: str, amount, currency: str):
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
