"""A clinic that is saved may have a new way to pay."""

import frappe
from frappe import _

from clinic_booking.billing import registry


def prepare(clinic, event: str) -> None:
	"""`doc_events`: what its ways to pay need in ERPNext is made, or said to be missing."""
	if reasons := registry.prepare(clinic):
		frappe.msgprint("<br>".join(reasons), _("Patients can't pay that way yet"), indicator="orange")
