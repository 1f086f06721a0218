"""ERPNext's way to take a payment off an invoice: it changes the payment ledger past the ledger's own events."""

import frappe

from clinic_booking.billing import ledger


def follow(taken_off, event: str) -> None:
	"""`doc_events`: the appointments of the invoices and of the payment get their payment status anew (PY-5)."""
	about = {
		ledger.appointment_of(row.reference_name)
		for row in taken_off.allocations
		if row.reference_doctype == ledger.INVOICE
	}
	if taken_off.voucher_type == "Payment Entry":
		about.add(frappe.db.get_value("Payment Entry", taken_off.voucher_no, "clinic_booking_appointment"))
	for appointment in sorted(about - {None, ""}):
		ledger.refresh(appointment)
