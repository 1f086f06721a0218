"""A patient's credit: credit notes of their Customer that nothing has been set off against yet (PO-4).

Per company, and so per currency, in ERPNext's own ledger: an accountant sees it among the receivables, can give
it back as money by a Payment Entry, or set it off by hand.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

import frappe
from frappe.utils import today

from clinic_booking.billing import refunds, to_do
from clinic_booking.billing.ledger import INVOICE
from clinic_booking.billing.state import NOTHING
from clinic_booking.booking.money import money, rounded
from clinic_booking.booking.ways_to_pay import CREDIT
from clinic_booking.scheduling.status import CANCELLED, LIVE, NO_SHOW


def spend(
	invoice: str, amount: Decimal, currency: str, of: str | None = None, but: Decimal = NOTHING
) -> None:
	"""Set off what credit there is, the oldest first, against an invoice of which `amount` is open.

	`of`: only what this appointment left; `but`: so much of it stays. The caller has locked the Customer, before
	anything was read.
	"""
	customer, company = frappe.db.get_value(INVOICE, invoice, ["customer", "company"])
	notes = available(customer, company, currency, of)
	most = sum((left for _note, left in notes), NOTHING) - but
	for note, part in parts(notes, min(amount, most)):
		set_off(note, invoice, part)
		left_by = frappe.db.get_value(INVOICE, note, "clinic_booking_appointment")
		if left_by and left_by != of:
			to_do.leave(left_by, "on_spend")


def spoken_for(patient: str, company: str, currency: str, only_chosen: bool = False) -> Decimal:
	"""What a patient's bookings are about to take: once the worker comes to them, or when they are invoiced (MO-20).

	Those that patients chose to pay with it, and unless these are `only_chosen` those that the desk has booked.
	"""
	((amount,),) = frappe.db.sql(
		"""SELECT SUM(visit.price - visit.paid) FROM `tabClinic Appointment` visit
		JOIN `tabClinic` clinic ON clinic.name = visit.clinic
		JOIN `tabClinic Service` service ON service.name = visit.service
		WHERE visit.patient = %(patient)s AND visit.status <> %(cancelled)s AND clinic.company = %(company)s
			AND (visit.status <> %(no_show)s OR service.no_show_fee = 1)
			AND (visit.payment_method = %(credit)s OR (%(by_desk)s AND visit.source = 'Desk'))
			AND (EXISTS (SELECT 1 FROM `tabBilling Task` task
					WHERE task.appointment = visit.name AND task.outbox_status <> 'Done')
				OR visit.status IN %(live)s AND NOT EXISTS (SELECT 1 FROM `tabSales Invoice` invoice
					WHERE invoice.clinic_booking_appointment = visit.name AND invoice.docstatus = 1
						AND invoice.is_return = 0))""",
		{
			"patient": patient,
			"credit": CREDIT,
			"cancelled": CANCELLED,
			"no_show": NO_SHOW,
			"company": company,
			"live": tuple(LIVE),
			"by_desk": not only_chosen,
		},
	)
	return rounded(amount, currency)


def balance(customer: str | None, company: str, currency: str) -> Decimal:
	"""The credit that a patient has with a company and can spend."""
	notes = available(customer, company, currency) if customer else []
	return sum((left for _note, left in notes), NOTHING)


def balances(customer: str, companies: set[str]) -> list[dict]:
	"""`[{company, amount, currency}]`: what a patient can spend with each of these companies, where it is anything."""
	kept = frappe.get_all(
		"Company", {"name": ("in", list(companies))}, ["name", "default_currency as currency"]
	)
	found = {row.name: balance(customer, row.name, row.currency) for row in kept}
	return [
		{"company": row.name} | money(found[row.name], row.currency)
		for row in sorted(kept, key=lambda row: row.name)
		if found[row.name]
	]


def available(customer: str, company: str, currency: str, of: str | None = None) -> list[tuple[str, Decimal]]:
	"""`(credit note, what is left of it)`, the oldest first, less what is promised to go back as money."""
	notes = frappe.get_all(
		INVOICE,
		{
			"customer": customer,
			"company": company,
			"is_return": 1,
			"docstatus": 1,
			"outstanding_amount": ("<", 0),
			**({"clinic_booking_appointment": of} if of else {}),
		},
		["name", "outstanding_amount", "clinic_booking_appointment as appointment"],
		order_by="creation",
	)
	promised = refunds.promised_of({note.appointment for note in notes if note.appointment}, currency)
	left = []
	for note in notes:
		amount = -rounded(note.outstanding_amount, currency)
		kept = min(promised.get(note.appointment, NOTHING), amount)
		if kept:
			promised[note.appointment] -= kept
		left.append((note.name, amount - kept))
	return left


def parts(notes: Iterable[tuple[str, Decimal]], amount: Decimal) -> Iterator[tuple[str, Decimal]]:
	"""`(credit note, amount)` until `amount` is reached."""
	for note, left in notes:
		part = min(amount, left)
		if part > 0:
			yield note, part
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
