"""ERPNext's way to take a payment off an invoice: it changes the payment ledger past the ledger's own events."""

import frappe

from clinic_booking.billing import ledger, surplus


def follow(taken_off, event: str) -> None:
	"""`doc_events`: the appointments of the invoices and of the payment get their payment status anew (PY-5).

	What another's payment leaves open may be what came; a visit's own was taken off for something else.
	"""
	own = None
	invoices = {
		row.reference_name for row in taken_off.allocations if row.reference_doctype == ledger.INVOICE
	}
	if taken_off.voucher_type == "Payment Entry":
		own = frappe.db.get_value("Payment Entry", taken_off.voucher_no, "clinic_booking_appointment")
	for appointment in sorted({own, *map(ledger.appointment_of, invoices)} - {None, ""}):
		ledger.refresh(appointment)
	surplus.follow(invoices, but=own)
