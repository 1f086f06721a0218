"""What happened to a payment elsewhere: given back at the provider's own page, or taken back by the patient's bank.

The books follow what the provider says, and a person hears of it (MO-9, MO-12).
"""

from decimal import Decimal

import frappe
from frappe import _

from clinic_booking.billing import refunds
from clinic_booking.billing.gateways.interface import Standing
from clinic_booking.billing.state import NOTHING
from clinic_booking.booking.alerts import end_alert, raise_alert
from clinic_booking.booking.money import rounded
from clinic_booking.outbox.work import WAITING

PAYMENT = "Online Payment"
# Kinds of alerts, each ended and raised by itself.
GIVEN_BACK, DISPUTED, QUESTIONED = "Given Back", "Dispute", "Inquiry"


def follow(payment, standing: Standing) -> None:
	"""Bring what has gone back of a payment, which the caller has locked, to what its provider says of it.

	`payment.refunded`, `disputed` and `questioned` are still what the provider said before.
	"""
	known = refunds.of_payment(payment.name)
	_follow_refunds(payment, standing.refunded, [each for each in known if each.method != refunds.DISPUTE])
	_follow_dispute(payment, standing.disputed, [each for each in known if each.method == refunds.DISPUTE])
	_follow_question(payment, standing.questioned)


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
		each.outbox_status != WAITING for each in ours
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
	refund = refunds.note_gone(payment, payment.method, amount, f"{payment.name} elsewhere {cause}")
	if refund:
		raise_alert(
			_("{0} {1} of booking {2} were given back at the provider").format(
				amount, payment.currency, payment.reference
			),
			GIVEN_BACK,
			(refunds.DOCTYPE, refund),
			message=_("The books follow: the visit costs that much less."),
			clinic=payment.clinic,
		)


def _follow_dispute(payment, taken: Decimal, known: list) -> None:
	"""What the patient's bank has taken is gone until the dispute is won; the visit is to be paid again.

	Of what had gone back before, nothing is the visit's: if the bank takes that too, it is the clinic's loss.
	"""
	lost = [each for each in known if each.state == refunds.REFUNDED]
	before = _sum(payment, lost, (refunds.REFUNDED,))
	gone = min(taken, before + refunds.left_of(payment))
	if gone < before:
		for each in lost:
			refunds.came_back(each.name)
	missing = gone if gone < before else gone - before
	if missing > 0:
		refunds.note_gone(payment, refunds.DISPUTE, missing, f"{payment.name} dispute {len(known) + 1}")
	if taken and (gone > before or not payment.disputed):
		_tell_of_dispute(payment, taken, is_booked=gone > before)
	elif not taken and (lost or payment.disputed):
		_tell(
			payment,
			DISPUTED,
			_("The payment of booking {0} is no longer disputed").format(payment.reference),
			_("The money is the clinic's again."),
		)


def _tell_of_dispute(payment, taken: Decimal, is_booked: bool) -> None:
	told = (
		_("The provider has taken it back. Please answer there; the visit is to be paid again meanwhile.")
		if is_booked
		else _("The provider has taken it, though it had gone back before. Please answer there.")
	)
	subject = _("{0} {1} of the payment of booking {2} are disputed")
	_tell(payment, DISPUTED, subject.format(taken, payment.currency, payment.reference), told)


def _follow_question(payment, is_asked: bool) -> None:
	"""An inquiry takes no money: somebody should answer before it becomes a dispute."""
	if is_asked and not payment.questioned:
		_tell(
			payment,
			QUESTIONED,
			_("The patient's bank asks about the payment of booking {0}").format(payment.reference),
			_("No money was taken. Please answer at the provider, before it becomes a dispute."),
		)
	elif not is_asked and payment.questioned:
		end_alert(QUESTIONED, (PAYMENT, payment.name))


def _sum(payment, rows: list, states: tuple[str, ...]) -> Decimal:
	return sum((rounded(row.amount, payment.currency) for row in rows if row.state in states), NOTHING)


def _tell(payment, kind: str, subject: str, message: str) -> None:
	"""The alert that matters now, in the place of what was said of the same before."""
	end_alert(kind, (PAYMENT, payment.name))
	raise_alert(subject, kind, (PAYMENT, payment.name), message=message, clinic=payment.clinic)
