"""Where a video visit is joined. Only who keeps the visits' links knows:

clinic_booking_join_link = ["function of an appointment: the address to join it by, None if it has none"]
"""

import frappe

JOIN_LINK = "clinic_booking_join_link"


def link_of(appointment) -> str | None:
	"""The address that a visit is joined by; None for one at a clinic, and while nobody has a link for it."""
	links = (frappe.get_attr(path)(appointment) for path in frappe.get_hooks(JOIN_LINK))
	return next(filter(None, links), None)
