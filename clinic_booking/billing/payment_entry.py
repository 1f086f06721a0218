"""What an accountant does with Payment Entries, ours and by hand, says what became of a payment or a refund."""

import frappe

from clinic_booking.billing import amending, arrivals, ledger, refunds, surplus


def amended(entry, event: str) -> None:
	"""`doc_events`: the amended copy of one that was cancelled takes its place."""
	unique = ("clinic_booking_payment", "clinic_booking_refund")
	amending.take_over(entry, unique, more=("clinic_booking_appointment", "clinic_booking_cashier"))


def follow(entry, event: str) -> None:
	"""`doc_events`: a transfer to a patient whose entry is submitted has gone back; cancelled again, it has not, but what
	was handed out of a till has.

	What came is posted by the entry that was submitted last. What an entry by hand leaves open may be what came.
	"""
	if entry.clinic_booking_payment and event == "on_submit":
		posted = {"payment_entry": entry.name}
		frappe.db.set_value("Online Payment", entry.clinic_booking_payment, posted, update_modified=False)
	if entry.clinic_booking_refund:
		_follow_refund(entry, event)
	elif event == "on_cancel" and not entry.clinic_booking_payment:
		surplus.follow(
			row.reference_name for row in entry.references if row.reference_doctype == ledger.INVOICE
		)


def _follow_refund(entry, event: str) -> None:
	refund = frappe.get_doc(refunds.DOCTYPE, entry.clinic_booking_refund)
	if refund.method not in refunds.BY_HAND:
		return
	if event == "on_submit":
		refunds.given_back(refund)
		if not refund.appointment:
			arrivals.all_is_well(refund.payment)
	elif not entry.clinic_booking_cashier:
		refunds.failed(refund)
