"""Whatever changes what is owed or paid goes through ERPNext's payment ledger, an accountant's hand included."""

import frappe

from clinic_booking.billing import ledger


def follow(entry, event: str) -> None:
	"""`doc_events`: the appointment whose invoice or payment this is about gets its payment status from the ledger
	(PY-5)."""
	about = set()
	if entry.against_voucher_type == ledger.INVOICE:
		about.add(ledger.appointment_of(entry.against_voucher_no))
	if entry.voucher_type == "Payment Entry":
		# Set against something else by hand, it is none of the visit's any more.
		about.add(frappe.db.get_value("Payment Entry", entry.voucher_no, "clinic_booking_appointment"))
	for appointment in sorted(about - {None, ""}):
		ledger.refresh(appointment)
