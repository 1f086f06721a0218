"""The settings may switch gateways on and off."""

import frappe

from clinic_booking.billing import registry
from clinic_booking.booking import practice_changes, practices


def follow(settings, event: str) -> None:
	"""`doc_events`: what a gateway needs in ERPNext is made for every clinic, and every offer looked at anew."""
	for clinic in frappe.get_all("Clinic", fields=["*"]):
		registry.prepare(clinic)
	practices.changed(practice_changes.everybody())
