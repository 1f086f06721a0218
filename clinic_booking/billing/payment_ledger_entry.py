"""Whatever changes what is owed or paid goes through ERPNext's payment ledger, an accountant's hand included."""

from clinic_booking.billing import ledger


def follow(entry, event: str) -> None:
	"""`doc_events`: the appointment whose invoice this is about gets its payment status from the ledger (PY-5)."""
	if entry.against_voucher_type != ledger.INVOICE:
		return
	if appointment := ledger.appointment_of(entry.against_voucher_no):
		ledger.refresh(appointment)
