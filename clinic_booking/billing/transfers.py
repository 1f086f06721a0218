"""Bank transfers that the clinic's staff have seen on its account (PY-3, BK-8)."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import frappe
from frappe.utils import today

from clinic_booking.billing import arrivals, asking, bank_transfer, masters, modes, refunds
from clinic_booking.billing.gateways.interface import PAID, Standing
from clinic_booking.billing.session import as_the_system
from clinic_booking.booking import claims, clock, from_request, paid, patients, payable, status
from clinic_booking.booking.alerts import add_to_alert
from clinic_booking.booking.clock import from_database
from clinic_booking.booking.money import rounded
from clinic_booking.booking.transaction import require_same, run
from clinic_booking.errors import Validation, _
from clinic_booking.scheduling.status import CANCELLED, REQUESTED

# Within these the same amount without the bank's reference is the same transfer, told twice.
TOLD_TWICE = timedelta(minutes=10)
PREPARED = _(
	"Two Payment Entries are prepared as drafts: that it came, and that it went back, to be submitted once it is sent."
)
NOT_PREPARED = _("No Payment Entry could be prepared for it: please have it entered by hand.")


def confirm(booking, amount: Decimal, bank_reference: str | None = None):
	"""The money is on the clinic's account: what waited for it is certain. The Online Payment of it.

	The caller has checked who may. Raises `Validation` for what is finer than the currency, less than is due, or more
	than is open, and for the same transfer told twice (MO-9). What comes too late is kept as such, and a Payment
	Entry for it is drafted.
	"""
	name = run(_take, amount, bank_reference, on=partial(_again, booking))
	frappe.db.commit()  # nosemgrep: the money has come, whatever becomes of its drafts
	payment = frappe.get_doc(asking.DOCTYPE, name)
	if payment.problem:
		_prepare(payment)
		frappe.db.commit()  # nosemgrep: ERPNext's documents in a transaction of their own (docs/claims.md)
	return payment


def _again(booking):
	return status.find_by_reference(booking.reference)


def _take(name: str, doctor: str, amount: Decimal, bank_reference: str | None) -> str:
	"""What is expected and its arrival in one transaction: nobody confirms another amount of it in between."""
	claims.lock_doctors([doctor])
	booking = _locked(name)
	require_same(doctor, booking)
	payment = _expected(booking, amount, bank_reference, clock.now())
	arrivals.take(payment, doctor, Standing(PAID, amount, booking.currency, payment_id=bank_reference))
	return payment


def _expected(booking, amount: Decimal, bank_reference: str | None, now: datetime) -> str:
	"""The Online Payment that waits for the transfer, over the amount that came; made if nobody asked for one."""
	transfers = [payment for payment in asking.of(booking) if payment.method == bank_transfer.METHOD]
	_require_new(transfers, amount, bank_reference, now)
	_require_fitting(booking, amount)
	open_one = next((payment for payment in transfers if payment.state != PAID), None)
	if open_one is None:
		return asking.insert(booking, bank_transfer.METHOD, amount, now).name
	open_one.db_set("amount", float(amount), update_modified=False)
	return open_one.name


def _locked(name: str):
	if frappe.db.exists("Clinic Appointment", name):
		request = frappe.db.get_value("Clinic Appointment", name, "request")
		return paid.locked(request, name)
	return paid.locked(name, None)


def _require_new(transfers: list, amount: Decimal, bank_reference: str | None, now: datetime) -> None:
	"""MO-9: a second click, or a call that a proxy makes once more, is no second transfer."""
	for payment in transfers:
		told = (rounded(payment.received, payment.currency), payment.payment_id or None)
		if payment.state != PAID or told != (amount, bank_reference or None):
			continue
		if bank_reference:
			raise Validation(fields={"bank_reference": _("This transfer is confirmed already.")})
		if now - from_database(payment.paid_at_utc) < TOLD_TWICE:
			raise Validation(
				fields={
					"bank_reference": _(
						"The same amount was confirmed just now. Is it another transfer? Then please give the bank's reference."
					)
				}
			)


def _require_fitting(booking, amount: Decimal) -> None:
	"""MO-5: what is less than due confirms nothing, so it must not look as if it did; what is more than open has come
	in part for something else."""
	if amount <= 0 or amount != rounded(amount, booking.currency):
		raise Validation(fields={"amount": _("This is no amount of this currency.")})
	if booking.doctype == "Booking Request" or booking.status == CANCELLED:
		most = rounded(booking.price, booking.currency)
	else:
		most = payable.left_of(booking)
	# Where nothing is open any more it is one too many, to be sent back.
	if amount > most > 0:
		raise Validation(
			fields={
				"amount": _(
					"This is more than is open. Please confirm what is open, then the rest by itself."
				)
			}
		)
	is_waiting = booking.doctype == "Booking Request" or booking.status == REQUESTED
	if is_waiting and amount < payable.due_of(booking):
		raise Validation(fields={"amount": _("This is less than is due.")})


def _prepare(payment) -> None:
	"""Draft what does not count, and say in its alert whether that could be done."""
	try:
		is_drafted = _draft(payment)
	except frappe.ValidationError:
		frappe.db.rollback()
		is_drafted = False
	told = PREPARED if is_drafted else NOT_PREPARED
	add_to_alert(arrivals.KIND, (asking.DOCTYPE, payment.name), frappe._(told))


def _draft(payment) -> bool:
	"""Payment Entries for money that does not count: it came, and it goes back, for an accountant to submit (BK-8).

	False where the books have no account for it, or nobody is known who paid.
	"""
	company = frappe.get_cached_doc("Company", frappe.db.get_value("Clinic", payment.clinic, "company"))
	account, customer = modes.account_of(payment.method, company.name), _customer(payment)
	if not account or not customer:
		return False
	receivable = company.default_receivable_account
	came = {"paid_from": receivable, "paid_to": account, "clinic_booking_payment": payment.name}
	goes_back = {"paid_from": account, "paid_to": receivable}
	with as_the_system():
		_entry(payment, company.name, customer, "Receive", came)
		for refund in refunds.of_payment(payment.name):
			_entry(payment, company.name, customer, "Pay", goes_back | {"clinic_booking_refund": refund.name})
	return True


def _entry(payment, company: str, customer: str, payment_type: str, accounts: dict) -> None:
	frappe.get_doc(
		doctype="Payment Entry",
		payment_type=payment_type,
		company=company,
		posting_date=today(),
		mode_of_payment=modes.mode_of(payment.method),
		party_type="Customer",
		party=customer,
		paid_amount=payment.received,
		received_amount=payment.received,
		source_exchange_rate=1,
		target_exchange_rate=1,
		reference_no=payment.payment_id or payment.reference,
		reference_date=today(),
		clinic_booking_appointment=payment.appointment,
		**accounts,
	).insert()


def _customer(payment) -> str | None:
	"""Who paid; None where the request was stripped of that by now."""
	if payment.appointment:
		return masters.customer_of(frappe.db.get_value("Clinic Appointment", payment.appointment, "patient"))
	request = frappe.get_doc("Booking Request", payment.request)
	if request.appointment:
		return masters.customer_of(frappe.db.get_value("Clinic Appointment", request.appointment, "patient"))
	if not request.patient_name:
		return None
	patient = patients.recognise_or_create(from_request.person_of(request), request.clinic)
	return masters.customer_of(patient.name)
