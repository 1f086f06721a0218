"""What an accountant may do with our Journal Entries."""

from clinic_booking.billing import amending


def amended(entry, event: str) -> None:
	"""`doc_events`: the amended copy of one over a disputed payment takes its place."""
	amending.take_over(entry, ("clinic_booking_refund",))
