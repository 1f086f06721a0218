"""What an accountant may do with our Journal Entries."""

from clinic_booking.billing import amending, ledger, surplus


def amended(entry, event: str) -> None:
	"""`doc_events`: the amended copy of one over a disputed payment takes its place."""
	amending.take_over(entry, ("clinic_booking_refund",))


def follow(entry, event: str) -> None:
	"""`doc_events`: what one that is cancelled leaves open may be what came."""
	surplus.follow(row.reference_name for row in entry.accounts if row.reference_type == ledger.INVOICE)
