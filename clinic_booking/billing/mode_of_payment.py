"""A mode of payment that gets or loses an account opens or closes a way to pay."""

from clinic_booking.booking import practice_changes, practices


def follow(mode, event: str) -> None:
	"""`doc_events`: every offer is looked at anew."""
	practices.changed(practice_changes.everybody())
