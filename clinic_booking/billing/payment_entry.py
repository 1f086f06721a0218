"""What an accountant does with our Payment Entries says what became of a payment or a refund."""

import frappe

from clinic_booking.billing import amending, refunds


def amended(entry, event: str) -> None:
	"""`doc_events`: the amended copy of one that was cancelled takes its place."""
	unique = ("clinic_booking_payment", "clinic_booking_refund")
	amending.take_over(entry, unique, more=("clinic_booking_appointment", "clinic_booking_cashier"))


def follow(entry, event: str) -> None:
	"""`doc_events`: a transfer to a patient whose entry is submitted has gone back; cancelled again, it has not.

	What came is posted by the entry that was submitted last.
	"""
	if entry.clinic_booking_payment and event == "on_submit":
		posted = {"payment_entry": entry.name}
		frappe.db.set_value("Online Payment", entry.clinic_booking_payment, posted, update_modified=False)
	if not entry.clinic_booking_refund:
		return
	refund = frappe.get_doc(refunds.DOCTYPE, entry.clinic_booking_refund)
	if refund.method in refunds.BY_HAND:
		(refunds.given_back if event == "on_submit" else refunds.failed)(refund)
