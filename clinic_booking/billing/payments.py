"""Cash and card taken at the desk: a Payment Entry against the appointment's invoice (PY-4)."""

from decimal import Decimal
from functools import partial

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from frappe.utils import today

from clinic_booking.billing import books, ledger, registry
from clinic_booking.billing.modes import accounts
from clinic_booking.billing.session import as_the_system
from clinic_booking.billing.state import NOTHING
from clinic_booking.booking.money import rounded
from clinic_booking.booking.transaction import run
from clinic_booking.errors import PaymentFailed, Validation, _


def modes(clinic: str) -> list[str]:
	"""The modes of payment for which the clinic's company has an account, by name; none of a provider's."""
	company = frappe.db.get_value("Clinic", clinic, "company")
	names = {name for name, _company in accounts([company])}
	return sorted(names - registry.modes_of_gateways())


def owed(appointment) -> Decimal:
	"""What is still to be paid: on the appointment's invoices, or of its price before there is one."""
	account = ledger.account_of(appointment.name, appointment.currency)
	if books.can_be_invoiced_early(appointment):
		return max(rounded(appointment.price, appointment.currency) - account.kept, NOTHING)
	return account.open


def left(appointment) -> Decimal:
	"""What can be paid of a visit that is not cancelled: what is open of its invoices, or of its price as long as the
	books know nothing of it."""
	account = ledger.account_of(appointment.name, appointment.currency)
	if account.is_invoiced or account.returned:
		return account.open
	return max(rounded(appointment.price, appointment.currency) - account.kept, NOTHING)


def take(
	appointment, mode_of_payment: str, amount: Decimal | None, cashier: str, of: Decimal | None = None
) -> None:
	"""Post what was paid, all that is open if no `amount` is given; the caller has checked who may, and commits.

	`of`: what was open when it was asked, so that a second click takes nothing (MO-9); None: whatever it was. Starts a
	fresh transaction, in which nobody cancels the visit or pays it online (MO-20). Raises `Validation` for more than is
	open (MO-10), for what is finer than the currency, and where the mode has no account; `PaymentFailed` where ERPNext
	refuses. A visit that is to come and has no invoice yet is invoiced first.
	"""
	run(_take, mode_of_payment, amount, cashier, of, on=partial(books.find, appointment.name))


def _take(
	name: str,
	doctor: str,
	mode_of_payment: str,
	amount: Decimal | None,
	cashier: str,
	of: Decimal | None,
) -> None:
	appointment = books.at_the_till(name, doctor)
	if mode_of_payment not in modes(appointment.clinic):
		raise Validation(fields={"mode_of_payment": _("This has no account in the clinic's books.")})
	left = owed(appointment)
	if of not in (None, left):
		raise Validation(fields={"open": _("Something was paid or given back meanwhile. Please look again.")})
	if not left:
		raise Validation(_("Nothing is open: the invoice is paid, or not made yet."))
	amount = left if amount is None else amount
	if amount <= 0 or amount != rounded(amount, appointment.currency):
		raise Validation(fields={"amount": _("This is no amount of this currency.")})
	if amount > left:
		raise Validation(fields={"amount": _("This is more than is open.")})
	try:
		with as_the_system():
			books.invoice_early(appointment)
		for invoice, part in ledger.open_invoices(appointment.name, amount, appointment.currency):
			_post(appointment, invoice, part, mode_of_payment, cashier)
	except frappe.ValidationError as error:
		raise PaymentFailed(
			_("The books do not take this payment now. Please ask the accountant.")
		) from error


def _post(appointment, invoice: str, amount: Decimal, mode_of_payment: str, cashier: str) -> None:
	company = frappe.db.get_value(ledger.INVOICE, invoice, "company")
	account = frappe.db.get_value(
		"Mode of Payment Account", {"parent": mode_of_payment, "company": company}, "default_account"
	)
	with as_the_system():
		payment = get_payment_entry(
			ledger.INVOICE,
			invoice,
			party_amount=float(amount),
			bank_account=account,
			bank_amount=float(amount),
		)
		payment.update(
			{
				"mode_of_payment": mode_of_payment,
				"reference_no": appointment.reference,
				"reference_date": today(),
				"clinic_booking_appointment": appointment.name,
				"clinic_booking_cashier": cashier,
			}
		)
		payment.insert()
		payment.submit()
