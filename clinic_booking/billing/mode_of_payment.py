"""A mode of payment that gets or loses an account opens or closes a way to pay."""

import frappe

from clinic_booking.booking import practices


def follow(mode, event: str) -> None:
	"""`doc_events`: every offer is looked at anew."""
	practices.changed(frappe.get_all("Doctor", pluck="name"))
