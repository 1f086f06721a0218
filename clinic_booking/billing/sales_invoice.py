"""What an accountant may do with our invoices."""

from clinic_booking.billing import to_do


def amended(invoice, event: str) -> None:
	"""`doc_events`: the amended copy of one that was cancelled is the accountant's own, of the same appointment."""
	if invoice.amended_from:
		invoice.clinic_booking_cause = None


def follow(invoice, event: str) -> None:
	"""`doc_events`: what was paid against one that is cancelled by hand is set against its amended copy (MO-18)."""
	is_by_hand = event == "on_cancel" or invoice.amended_from
	if invoice.clinic_booking_appointment and is_by_hand and not invoice.is_return:
		to_do.leave(invoice.clinic_booking_appointment, event)
