"""What an accountant may do with our invoices."""


def amended(invoice, event: str) -> None:
	"""`doc_events`: the amended copy of one that was cancelled is the accountant's own, of the same appointment."""
	if invoice.amended_from:
		invoice.clinic_booking_cause = None
