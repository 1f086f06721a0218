"""To whom an invoice is made out, where it is not the patient: a company, on request (PY-6)."""

from dataclasses import dataclass

import frappe

from clinic_booking.booking import claims
from clinic_booking.booking.transaction import require_same

FIELDS = ("invoice_company", "invoice_tax_id", "invoice_address")


@dataclass(frozen=True)
class Company:
	"""As printed: name, tax number (or None), address in lines."""

	name: str
	tax_id: str | None
	address: str


def address_to(name: str, doctor: str, doctype: str, company: Company) -> None:
	"""Keep the company with a booking (`doctype` Booking Request or Clinic Appointment), whatever its state.

	What is invoiced already is printed anew with it; the ledger knows no names and stays as it is.
	"""
	claims.lock_doctors([doctor])
	booking = frappe.get_doc(doctype, name, for_update=True)
	require_same(doctor, booking)
	values = (company.name, company.tax_id, company.address)
	# With `modified`: an older form, which staff may write these on, too, would blank them.
	booking.db_set(dict(zip(FIELDS, values, strict=True)))
