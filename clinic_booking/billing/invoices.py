"""Sales Invoices and credit notes of appointments, as ERPNext makes them (PY-1, PY-8)."""

from datetime import date
from decimal import Decimal

import frappe
from erpnext.controllers.sales_and_purchase_return import make_return_doc
from frappe import _
from frappe.utils import getdate, today

from clinic_booking.billing.company_accounts import too_coarse
from clinic_booking.billing.ledger import INVOICE
from clinic_booking.billing.masters import customer_of, item_of
from clinic_booking.booking.clock import from_database
from clinic_booking.booking.money import rounded
from clinic_booking.scheduling import walltime


class DiffersFromQuote(frappe.ValidationError):
	"""The taxes or settings of the company make another sum of it than the patient was told (PY-1)."""


def charge(appointment, amount: Decimal, cause: str) -> None:
	"""Submit an invoice of `amount`, unless one with this cause was made before, even if it is cancelled by now."""
	if not is_made(cause):
		invoice = _invoice(appointment, amount, cause)
		invoice.clinic_booking_appointment = appointment.name
		_submit(invoice, amount, appointment.currency)


def is_made(cause: str) -> bool:
	"""Whether there is an invoice with this cause, even if it is cancelled by now."""
	return bool(frappe.db.exists(INVOICE, {"clinic_booking_cause": cause}))


def give(appointment, amount: Decimal, cause: str, is_on_top: bool = False) -> str:
	"""Submit a credit note of `amount` that stands by itself; its name.

	One that is on top is no part of what the appointment costs.
	"""
	note = _invoice(appointment, amount, cause)
	note.is_return, note.due_date = 1, today()
	note.items[0].qty = -1
	note.clinic_booking_appointment = None if is_on_top else appointment.name
	_submit(note, -amount, appointment.currency)
	return note.name


def credit(appointment, invoice: str, amount: Decimal, cause: str, as_credit: bool) -> str:
	"""Submit a credit note of `amount` against an invoice; its name.

	It closes what is open of the invoice, or stands by itself as the patient's credit.
	"""
	note = make_return_doc(INVOICE, invoice)
	note.posting_date, note.due_date = today(), today()
	(item,) = note.items
	item.rate = float(amount)
	item.price_list_rate = item.discount_amount = item.discount_percentage = 0
	# Before ERPNext compares it with what is open.
	note.calculate_taxes_and_totals()
	note.update_outstanding_for_self = int(as_credit)
	note.clinic_booking_appointment, note.clinic_booking_cause = appointment.name, cause
	_submit(note, -amount, appointment.currency)
	return note.name


def _invoice(appointment, amount: Decimal, cause: str):
	clinic = frappe.get_cached_doc("Clinic", appointment.clinic)
	company = frappe.get_cached_doc("Company", clinic.company)
	return frappe.get_doc(
		doctype=INVOICE,
		customer=customer_of(appointment.patient),
		company=company.name,
		currency=appointment.currency,
		conversion_rate=1,
		# Never to be asked of a service outside: no price of ours comes from a price list.
		plc_conversion_rate=1,
		ignore_pricing_rule=1,
		posting_date=today(),
		due_date=max(_day(appointment, clinic.timezone), getdate(today())),
		payment_terms_template=None,
		disable_rounded_total=1,
		cost_center=clinic.cost_center or company.cost_center,
		taxes_and_charges=clinic.tax_template,
		taxes=_taxes(clinic.tax_template),
		items=[
			{
				"item_code": item_of(appointment.service),
				"qty": 1,
				"rate": float(amount),
				"income_account": clinic.income_account or company.default_income_account,
				"cost_center": clinic.cost_center or company.cost_center,
			}
		],
		clinic_booking_cause=cause,
	)


def _submit(invoice, amount: Decimal, currency: str) -> None:
	# Nobody is signed in: the system invoices what was booked.
	invoice.flags.ignore_permissions = True
	invoice.insert()
	total = rounded(invoice.grand_total, currency)
	if total != amount:
		raise DiffersFromQuote(
			too_coarse(currency)
			or _("The invoice comes to {0} and the price is {1}: look at the taxes of the clinic").format(
				total, amount
			)
		)
	invoice.submit()


def _taxes(template: str | None) -> list[dict]:
	"""The rows of a tax template, each included in the price."""
	if not template:
		return []
	fields = ("charge_type", "row_id", "account_head", "description", "cost_center", "rate", "tax_amount")
	rows = frappe.get_cached_doc("Sales Taxes and Charges Template", template).taxes
	return [{field: row.get(field) for field in fields} | {"included_in_print_rate": 1} for row in rows]


def _day(appointment, zone: str) -> date:
	"""The day of the visit at the clinic."""
	return walltime.local(from_database(appointment.starts_at_utc), zone).date()
