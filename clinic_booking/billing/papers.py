"""Receipt and invoice of a visit as pages for paper: facts from the ledger, people from the booking (PY-6).

The ledger keeps opaque names. Who the patient is, and which company asked for the invoice, stands with the
appointment and is put beside the figures only when somebody prints who may see it.
"""

from datetime import date
from pathlib import Path

import frappe
from frappe.utils import getdate
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from clinic_booking import formats
from clinic_booking.billing import received
from clinic_booking.billing.ledger import INVOICE, documents_of
from clinic_booking.booking import clock, countries, status
from clinic_booking.booking.money import money, rounded
from clinic_booking.errors import Validation, _
from clinic_booking.translations import translate

TEMPLATES = Path(__file__).parents[1] / "templates/papers"
RECEIPT = "receipt"
LABELS = {
	"invoice": _("Invoice"),
	"credit_note": _("Credit note"),
	"receipt": _("Receipt"),
	"number": _("Number"),
	"issued": _("Issued on"),
	"day": _("Day"),
	"due": _("Due"),
	"to": _("To"),
	"visit": _("Visit"),
	"reference": _("Reference"),
	"phone": _("Phone"),
	"tax_number": _("Tax number"),
	"amount": _("Amount"),
	"net": _("Net amount"),
	"total": _("Total amount"),
	"open": _("Still to be paid"),
	"paid": _("Paid"),
	"invoices": _("Invoices"),
	"against": _("For invoice"),
}
NOBODY = {"name": "", "tax_id": "", "address": "", "patient": ""}
NOTHING_INVOICED = _("There is no invoice for this yet.")
NOTHING_PAID = _("Nothing has been paid for this yet.")

_environment = Environment(
	loader=FileSystemLoader(TEMPLATES),
	autoescape=True,
	undefined=StrictUndefined,
	trim_blocks=True,
	lstrip_blocks=True,
)


def made(document: str, appointment) -> str:
	"""The "receipt" or "invoice" of an appointment as HTML, in the language of the current request.

	The caller has checked who asks. `Validation` where nothing is paid, or invoiced.
	"""
	return receipt(appointment) if document == RECEIPT else invoice(appointment)


def receipt(appointment) -> str:
	"""What was paid for it and what went back, whether it stands in the books yet or not."""
	payments = received.of(appointment)
	if not payments:
		raise Validation(NOTHING_PAID)
	currency = appointment.currency
	facts = {
		"rows": [(_told(row.date), frappe._(row.label), _money(row.amount, currency)) for row in payments],
		"total": _money(sum(row.amount for row in payments), currency),
		"invoices": ", ".join(documents_of(appointment.name)),
		"date": _told(max(row.date for row in payments)),
		"number": appointment.reference,
	}
	return _page("receipt.html", appointment, facts)


def invoice(appointment) -> str:
	"""Its invoices and credit notes, each on a page of its own."""
	names = documents_of(appointment.name)
	if not names:
		raise Validation(NOTHING_INVOICED)
	documents = sorted(map(_figures, names), key=lambda figures: figures["order"])
	return _page("invoice.html", appointment, {"documents": documents})


def one_invoice(doc, appointment, is_patient_seen: bool) -> str:
	"""One Sales Invoice by itself; the customer's opaque name where the patient is not to be seen."""
	return _page("invoice.html", appointment, {"documents": [_figures(doc.name)]}, is_patient_seen)


def _figures(name: str) -> dict:
	"""What stands in a Sales Invoice, in words and figures."""
	document = frappe.get_doc(INVOICE, name)
	currency = document.currency
	taxes = [(tax.description, _money(tax.tax_amount, currency)) for tax in document.taxes if tax.tax_amount]
	still_open = rounded(document.outstanding_amount, currency)
	return {
		"title": "credit_note" if document.is_return else "invoice",
		"number": document.name,
		"customer": document.customer,
		"against": document.return_against or "",
		"date": _told(document.posting_date),
		"due": "" if document.is_return else _told(document.due_date),
		"amounts": [_money(item.amount, currency) for item in document.items],
		"net": _money(document.net_total, currency),
		"taxes": taxes,
		"total": _money(document.grand_total, currency),
		"open": _money(still_open, currency) if still_open > 0 else "",
		"order": (document.is_return, document.creation),
	}


def _page(template: str, appointment, facts: dict, is_patient_seen: bool = True) -> str:
	language = _language()
	clinic = frappe.get_cached_doc("Clinic", appointment.clinic)
	company = frappe.get_cached_doc("Company", clinic.company)
	start = formats.in_zone(clock.from_database(appointment.starts_at_utc), status.zone_of(appointment))
	return _environment.get_template(template).render(
		language=language,
		direction=formats.direction(language),
		label={key: translate(text) for key, text in LABELS.items()},
		clinic=clinic,
		clinic_phone=formats.phone(clinic.phone) if clinic.phone else "",
		company=company,
		to=_addressee(appointment) if is_patient_seen else NOBODY,
		service=translate(frappe.get_cached_value("Clinic Service", appointment.service, "title")),
		doctor=frappe.get_cached_value("Doctor", appointment.doctor, "doctor_name")
		if is_patient_seen
		else "",
		visit=f"{formats.full_date(start.date(), language)}, {formats.clock(start)}",
		reference=appointment.reference,
		**facts,
	)


def _addressee(appointment) -> dict:
	"""The company that asked for the invoice, with the patient as the reason; else the patient."""
	patient = appointment.contact_name or appointment.patient_name
	if not appointment.invoice_company:
		return NOBODY | {"name": patient}
	return {
		"name": appointment.invoice_company,
		"tax_id": appointment.invoice_tax_id or "",
		"address": appointment.invoice_address or "",
		"patient": patient,
	}


def _told(day: date | str) -> str:
	return formats.dated(getdate(day), _language())


def _money(amount, currency: str) -> str:
	return formats.money(money(amount, currency), _language())


def _language() -> str:
	return countries.written(frappe.local.lang or "en")
