"""What happened to a payment elsewhere: given back at the provider's own page, or taken back by the patient's bank.

The books follow what the provider says, and a person hears of it (MO-9, MO-12).
"""

from decimal import Decimal

import frappe
from frappe import _

from clinic_booking.billing import refunds
from clinic_booking.billing.gateways.interface import Standing
from clinic_booking.billing.state import NOTHING
from clinic_booking.booking.alerts import raise_alert
from clinic_booking.booking.money import rounded
from clinic_booking.outbox.work import DONE


def follow(payment, standing: Standing) -> None:
	"""Bring what has gone back of a payment, which the caller has locked, to what its provider says of it.

	`payment.refunded` is still what the provider said before.
	"""
	known = refunds.of_payment(payment.name)
	_follow_refunds(payment, standing.refunded, [each for each in known if each.method != refunds.DISPUTE])
	_follow_dispute(payment, standing.disputed, [each for each in known if each.method == refunds.DISPUTE])


def _follow_refunds(payment, gone: Decimal, known: list) -> None:
	"""More than we asked for went back elsewhere. Of less, one has failed: ours are asked about first."""
	asked_for = _sum(payment, known, (refunds.WAITING, refunds.PENDING, refunds.REFUNDED))
	missing = _sum(payment, known, (refunds.REFUNDED,)) - gone
	if gone > asked_for:
		_note(payment, gone - asked_for, f"{gone} {len(known)}")
	elif missing > 0:
		refunds.look_again(payment.name)
		if not _may_be_ours(payment, gone, missing, known):
			_take_back(payment, missing, known)


def _may_be_ours(payment, gone: Decimal, missing: Decimal, known: list) -> bool:
	"""Whether one that we asked for may be what failed, and the provider has not been asked about it since."""
	ours = [each for each in known if each.state == refunds.REFUNDED and each.refund_id]
	asked = gone == rounded(payment.refunded, payment.currency) and all(
		each.outbox_status == DONE for each in ours
	)
	return not asked and any(rounded(each.amount, payment.currency) <= missing for each in ours)


def _take_back(payment, missing: Decimal, known: list) -> None:
	"""`missing` of what was given back at the provider came back after all: the one of that amount, else the latest."""
	elsewhere = [each for each in reversed(known) if each.state == refunds.REFUNDED and not each.refund_id]
	fit = [each for each in elsewhere if rounded(each.amount, payment.currency) == missing]
	for each in fit[:1] or elsewhere:
		if missing > 0:
			refunds.failed(frappe.get_doc(refunds.DOCTYPE, each.name))
			missing -= rounded(each.amount, payment.currency)
	if missing < 0:
		# Of one that we learned of as a whole, a part did go back.
		_note(payment, -missing, f"rest {len(known)}")


def _note(payment, amount: Decimal, cause: str) -> None:
	refunds.note_gone(payment, payment.method, amount, f"{payment.name} elsewhere {cause}")
	_tell(
		payment,
		_("{0} {1} of booking {2} were given back at the provider").format(
			amount, payment.currency, payment.reference
		),
		_("The books follow: the visit costs that much less."),
	)


def _follow_dispute(payment, is_disputed: bool, known: list) -> None:
	"""Disputed money is gone until the dispute is won; the visit is to be paid again."""
	lost = [each for each in known if each.state == refunds.REFUNDED]
	if is_disputed and not lost:
		amount = refunds.left_of(payment)
		if amount > 0:
			refunds.note_gone(payment, refunds.DISPUTE, amount, f"{payment.name} dispute {len(known) + 1}")
		_tell(
			payment,
			_("The payment of booking {0} is disputed").format(payment.reference),
			_(
				"The provider has taken it back. Please answer there; the visit is to be paid again meanwhile."
			),
		)
	elif lost and not is_disputed:
		for each in lost:
			refunds.came_back(each.name)
		_tell(
			payment,
			_("The payment of booking {0} is no longer disputed").format(payment.reference),
			_("The money is the clinic's again."),
		)


def _sum(payment, rows: list, states: tuple[str, ...]) -> Decimal:
	return sum((rounded(row.amount, payment.currency) for row in rows if row.state in states), NOTHING)


def _tell(payment, subject: str, message: str) -> None:
	raise_alert(
		subject,
		refunds.KIND,
		("Online Payment", payment.name),
		message=message,
		clinic=payment.clinic,
	)
