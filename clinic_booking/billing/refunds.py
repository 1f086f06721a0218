"""Money that goes back: the intent first, then the gateway, then the books (PY-5, PO-3, BK-8).

`intend` writes down what is to go back, in the transaction of its cause. The worker asks the gateway
(`refund_work`); a Billing Task then brings it into the books (`repayments`). What can't go back by itself
(transfers, the desk) waits for staff. What fails for good is the patient's credit: the credit note stands already
and nothing has taken it.
"""

from decimal import Decimal

import frappe
from frappe import _

from clinic_booking.billing import to_do
from clinic_booking.billing.state import NOTHING
from clinic_booking.booking import clock
from clinic_booking.booking.alerts import end_alert, raise_alert
from clinic_booking.booking.money import rounded
from clinic_booking.outbox.work import DONE, wake
from clinic_booking.outbox.work import WAITING as DUE

DOCTYPE = "Online Refund"
KIND = "Refund"
JOB = "clinic_booking.billing.refund_work.every_minute"
WAITING, PENDING, REFUNDED, FAILED = "Waiting", "Pending", "Refunded", "Failed"
# Nobody can be asked to send it back but people.
BANK_TRANSFER, AT_THE_DESK = "bank_transfer", "at_clinic"
BY_HAND = (BANK_TRANSFER, AT_THE_DESK)
# Taken back by the patient's bank.
DISPUTE = "dispute"


def intend(payment: str, amount: Decimal, cause: str) -> str | None:
	"""Write down that `amount` of an online payment is to go back; its name, or None where there is nothing to.

	Once for each cause, and no more than is left of the payment (MO-9, MO-10). In the current transaction, from
	which the worker follows; staff are told what they are to do, of what does not count by the alert that says so.
	Waits for others who give back of the same payment.
	"""
	paid = frappe.get_doc("Online Payment", payment, for_update=True)
	before = of_payment(payment)
	if any(refund.cause == cause for refund in before):
		return None
	amount = min(amount, _received(paid) - _sum(before, paid.currency))
	if amount <= 0:
		return None
	by_hand = paid.method in BY_HAND
	name = _insert(
		method=paid.method,
		amount=float(amount),
		cause=cause,
		key=frappe.generate_hash(length=32),
		outbox_status=DONE if by_hand else DUE,
		**_about(paid),
	)
	if by_hand and not paid.problem:
		tell_staff(name)
	elif not by_hand:
		wake(JOB)
	return name


def note_gone(payment, method: str, amount: Decimal, cause: str) -> str | None:
	"""Write down that `amount` of an online payment has gone already, without us; its name, once for each cause."""
	if any(refund.cause == cause for refund in of_payment(payment.name)):
		return None
	refund = _insert(method=method, amount=float(amount), cause=cause, **_about(payment))
	given_back(frappe.get_doc(DOCTYPE, refund))
	return refund


def came_back(name: str) -> None:
	"""What the patient's bank had taken is the clinic's again."""
	refund = frappe.get_doc(DOCTYPE, name)
	refund.db_set("state", FAILED, update_modified=False)
	_to_the_books(refund)


def owe(appointment, amount: Decimal, cause: str) -> str | None:
	"""Write down that `amount` of what was paid at the desk is to be handed out there, once for each cause."""
	if amount <= 0 or frappe.db.exists(DOCTYPE, {"cause": cause}):
		return None
	return _insert(
		appointment=appointment.name,
		clinic=appointment.clinic,
		reference=appointment.reference,
		method=AT_THE_DESK,
		amount=float(amount),
		currency=appointment.currency,
		cause=cause,
	)


def left_of(payment) -> Decimal:
	"""What of an online payment has not gone back and is not about to."""
	return _received(payment) - _sum(of_payment(payment.name), payment.currency)


def paid_online(appointment: str, read=None) -> list:
	"""The online payments of an appointment that have come, the latest first; `read`: instead of `frappe.db.sql`."""
	return (read or frappe.db.sql)(
		"""SELECT name, method, amount, received, currency FROM `tabOnline Payment`
		WHERE appointment = %s AND state = 'Paid' AND COALESCE(problem, '') = '' ORDER BY creation DESC""",
		appointment,
		as_dict=True,
	)


def any_of(appointment: str) -> bool:
	"""Whether anything of what was paid for an appointment went back or is about to, disputed money included."""
	return bool(frappe.db.exists(DOCTYPE, {"appointment": appointment, "state": ("!=", FAILED)}))


def promised(appointment) -> Decimal:
	"""What is to go back for an appointment and is not in the books yet."""
	return promised_of({appointment.name}, appointment.currency).get(appointment.name, NOTHING)


def promised_of(appointments: set[str], currency: str, for_people: bool = True) -> dict[str, Decimal]:
	"""The same by appointment, with or without what waits `for_people` to give it back."""
	if not appointments:
		return {}
	rows = frappe.db.sql(
		"""SELECT refund.appointment, SUM(refund.amount) FROM `tabOnline Refund` refund
		LEFT JOIN `tabPayment Entry` entry ON entry.clinic_booking_refund = refund.name AND entry.docstatus = 1
		WHERE refund.appointment IN %s AND refund.method <> %s AND refund.state <> 'Failed'
			AND (%s OR refund.method NOT IN %s OR refund.state <> 'Waiting') AND entry.name IS NULL
		GROUP BY refund.appointment""",
		(tuple(appointments), DISPUTE, for_people, BY_HAND),
	)
	return {appointment: rounded(amount, currency) for appointment, amount in rows}


def waiting_for_people(appointment: str) -> list:
	"""What staff have to give back by hand, the oldest first."""
	names = frappe.get_all(
		DOCTYPE,
		{"appointment": appointment, "state": WAITING, "method": ("in", BY_HAND)},
		pluck="name",
		order_by="creation",
	)
	return [frappe.get_doc(DOCTYPE, name) for name in names]


def split(refund, part: Decimal) -> str:
	"""The refund if `part` is all of it; else a new one of `part`, by which this one is less."""
	amount = rounded(refund.amount, refund.currency)
	if part == amount:
		return refund.name
	refund.db_set("amount", float(amount - part), update_modified=False)
	cause = f"{refund.name} part {frappe.generate_hash(length=10)}"
	same = {field: refund.get(field) for field in ("payment", "appointment", "clinic", "reference", "method")}
	return _insert(amount=float(part), currency=refund.currency, cause=cause, **same)


def given_back(refund) -> None:
	"""The money is on its way to the patient: the books follow, and whoever listens is told, once."""
	if refund.state == REFUNDED:
		return
	refund.db_set(
		{"state": REFUNDED, "refunded_at_utc": clock.to_database(clock.now())}, update_modified=False
	)
	end_alert(KIND, (DOCTYPE, refund.name))
	_to_the_books(refund)
	if refund.method != DISPUTE:
		refund.run_method("on_refunded")


def failed(refund) -> None:
	"""It does not go back: what it was for stays the patient's credit, and they and a person at the clinic hear of it (MO-11)."""
	if refund.state == FAILED:
		return
	refund.db_set("state", FAILED, update_modified=False)
	_to_the_books(refund)
	refund.run_method("on_refund_failed")
	end_alert(KIND, (DOCTYPE, refund.name))
	raise_alert(
		_("{0} {1} of booking {2} could not be given back").format(
			rounded(refund.amount, refund.currency), refund.currency, refund.reference
		),
		KIND,
		(DOCTYPE, refund.name),
		message=_("It is the patient's credit now. Refund on the appointment gives it back in another way.")
		if refund.appointment
		else _("No appointment came of this payment: please give it back by hand."),
		clinic=refund.clinic,
	)


def all_is_well(appointment: str) -> None:
	"""What failed to go back for an appointment went another way, or was spent: nobody has to look at it any more."""
	for name in frappe.get_all(DOCTYPE, {"appointment": appointment, "state": FAILED}, pluck="name"):
		end_alert(KIND, (DOCTYPE, name))


def tell_silence(refund) -> None:
	"""An alert for what a provider has accepted and says nothing of any more; it ends when that does."""
	raise_alert(
		_("It is not known whether {0} {1} of booking {2} were given back").format(
			rounded(refund.amount, refund.currency), refund.currency, refund.reference
		),
		KIND,
		(DOCTYPE, refund.name),
		message=_(
			"The provider has accepted it and can't be asked. Please look at it there, and don't give it back in another way before."
		),
		clinic=refund.clinic,
	)


def look_again(payment: str) -> None:
	"""Have the gateway asked anew about what it gave back of a payment: it may have failed since (MO-11)."""
	frappe.db.sql(
		"""UPDATE `tabOnline Refund` SET outbox_status = %s, attempts = 0, due_at_utc = UTC_TIMESTAMP(6)
		WHERE payment = %s AND state IN (%s, %s) AND refund_id IS NOT NULL""",
		(DUE, payment, PENDING, REFUNDED),
	)
	wake(JOB)


def _to_the_books(refund) -> None:
	if refund.appointment:
		to_do.leave(refund.appointment, "on_refund")


def _about(payment) -> dict:
	"""What a refund carries of its payment. Money that does not count for a visit is not in its books."""
	return {
		"payment": payment.name,
		"appointment": None if payment.problem else payment.appointment,
		"clinic": payment.clinic,
		"reference": payment.reference,
		"currency": payment.currency,
	}


def _insert(**values) -> str:
	facts = {"outbox_status": DONE, "state": WAITING, "due_at_utc": clock.to_database(clock.now())}
	refund = frappe.get_doc(doctype=DOCTYPE, **facts | values)
	# Every link was read in this transaction; a payment newer than its snapshot Frappe would not find.
	refund.flags.ignore_links = True
	# Written by the system from what the rules say, whoever is signed in.
	return refund.insert(ignore_permissions=True).name


def tell_staff(name: str) -> None:
	"""An alert for what people have to give back by hand; it is done when they have."""
	refund = frappe.get_doc(DOCTYPE, name)
	raise_alert(
		_("{0} {1} of booking {2} are to be given back").format(
			rounded(refund.amount, refund.currency), refund.currency, refund.reference
		),
		KIND,
		(DOCTYPE, refund.name),
		severity="Info",
		message=_("By bank transfer: a Payment Entry is prepared, to be submitted once the money is sent.")
		if refund.method == BANK_TRANSFER
		else _("At the desk: Refund on the appointment hands it out."),
		clinic=refund.clinic,
	)


def of_payment(payment: str) -> list:
	"""What goes back of a payment, the oldest first, as it is now and not as this transaction saw it first."""
	return frappe.db.sql(
		"""SELECT name, cause, state, method, amount, refund_id, outbox_status FROM `tabOnline Refund`
		WHERE payment = %s ORDER BY creation, name FOR UPDATE""",
		payment,
		as_dict=True,
	)


def _received(payment) -> Decimal:
	return rounded(payment.received or payment.amount, payment.currency)


def _sum(refunds: list, currency: str) -> Decimal:
	return sum((rounded(each.amount, currency) for each in refunds if each.state != FAILED), NOTHING)
