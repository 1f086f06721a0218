"""What goes back as money when a visit is cancelled: written down with the cancellation (PO-3).

The books may be closed by then; patients need not wait for them.
"""

from decimal import Decimal

import frappe

from clinic_booking.billing import refunds
from clinic_booking.billing.state import NOTHING
from clinic_booking.booking import fresh
from clinic_booking.booking.money import rounded
from clinic_booking.booking.refund import MONEY


def promise(appointment) -> None:
	"""Intents over what was paid, the way it was paid; what was paid with credit stays credit.

	Read as it is now: a form that cancels may be older than the last payment.
	"""
	left = rounded(appointment.refund, appointment.currency) if appointment.refund_as == MONEY else NOTHING
	if not left:
		return
	for payment in refunds.paid_online(appointment.name, fresh.read):
		part = min(left, refunds.left_of(payment))
		refunds.intend(payment.name, part, f"{appointment.name} cancelled {payment.name}")
		left -= part
	part = min(left, paid_at_the_desk(appointment, fresh.read))
	if owed := refunds.owe(appointment, part, f"{appointment.name} cancelled at the desk"):
		refunds.tell_staff(owed)


def came_by(appointment) -> list[str]:
	"""By which methods money has come that has not gone back, providers and transfers first (a hook of `ways_to_pay`)."""
	online = frappe.db.sql(
		"""SELECT payment.method FROM `tabOnline Payment` payment
		WHERE payment.appointment = %s AND payment.state = 'Paid' AND COALESCE(payment.problem, '') = ''
			AND payment.received > (SELECT COALESCE(SUM(refund.amount), 0) FROM `tabOnline Refund` refund
				WHERE refund.payment = payment.name AND refund.state <> 'Failed')
		ORDER BY payment.creation DESC""",
		appointment.name,
		pluck=True,
	)
	return [*online, *([refunds.AT_THE_DESK] if paid_at_the_desk(appointment) else [])]


def paid_at_the_desk(appointment, read=None) -> Decimal:
	"""What stands in the books as taken at the desk for an appointment, less what was handed out there; `read`:
	instead of `frappe.db.sql`."""
	((amount,),) = (read or frappe.db.sql)(
		"""SELECT SUM(IF(entry.payment_type = 'Receive', 1, -1) * entry.paid_amount) FROM `tabPayment Entry` entry
		WHERE entry.clinic_booking_appointment = %s AND entry.docstatus = 1
			AND entry.clinic_booking_cashier IS NOT NULL""",
		appointment.name,
	)
	return max(rounded(amount, appointment.currency), NOTHING)
