"""What an accountant does with the prepared entry of a refund says what became of it."""

import frappe

from clinic_booking.billing import refunds


def follow(entry, event: str) -> None:
	"""`doc_events`: a transfer to a patient whose entry is submitted has gone back; cancelled again, it has not."""
	if not entry.clinic_booking_refund:
		return
	refund = frappe.get_doc(refunds.DOCTYPE, entry.clinic_booking_refund)
	if refund.method in refunds.BY_HAND:
		(refunds.given_back if event == "on_submit" else refunds.failed)(refund)
