"""What goes back as money when a visit is cancelled: written down with the cancellation (PO-3).

The books may be closed by then; patients need not wait for them.
"""

from decimal import Decimal

import frappe

from clinic_booking.billing import refunds
from clinic_booking.billing.state import NOTHING
from clinic_booking.booking.money import rounded
from clinic_booking.booking.refund import MONEY


def promise(appointment) -> None:
	"""Intents over what was paid, the way it was paid; what was paid with credit stays credit."""
	left = rounded(appointment.refund, appointment.currency) if appointment.refund_as == MONEY else NOTHING
	if not left:
		return
	for payment in refunds.paid_online(appointment.name):
		part = min(left, refunds.left_of(payment))
		refunds.intend(payment.name, part, f"{appointment.name} cancelled {payment.name}")
		left -= part
	part = min(left, paid_at_the_desk(appointment))
	if owed := refunds.owe(appointment, part, f"{appointment.name} cancelled at the desk"):
		refunds.tell_staff(owed)


def paid_at_the_desk(appointment) -> Decimal:
	"""What stands in the books as taken at the desk for an appointment, less what was handed out there."""
	((amount,),) = frappe.db.sql(
		"""SELECT SUM(IF(entry.payment_type = 'Receive', 1, -1) * entry.paid_amount) FROM `tabPayment Entry` entry
		WHERE entry.clinic_booking_appointment = %s AND entry.docstatus = 1
			AND entry.clinic_booking_cashier IS NOT NULL""",
		appointment.name,
	)
	return max(rounded(amount, appointment.currency), NOTHING)
