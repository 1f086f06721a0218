"""A clinic that is saved may have another company, or a new way to pay."""

import frappe
from frappe import _

from clinic_booking.billing import company_accounts, registry


def prepare(clinic, event: str) -> None:
	"""`doc_events`: what its invoices and ways to pay need in ERPNext is made, or said to be missing."""
	if reasons := company_accounts.missing(clinic):
		frappe.msgprint("<br>".join(reasons), _("Visits can't be invoiced yet"), indicator="orange")
	if reasons := registry.prepare(clinic):
		frappe.msgprint("<br>".join(reasons), _("Patients can't pay that way yet"), indicator="orange")
