"""The Mode of Payment behind each way to pay online, and the account its money is booked on (PY-1)."""

from collections.abc import Iterable

import frappe
from frappe import _

DOCTYPE = "Mode of Payment"


def mode_of(method: str) -> str:
	"""`bank_transfer` is posted as Bank Transfer, `mercado_pago` as Mercado Pago."""
	return frappe.unscrub(method)


def accounts(companies: Iterable[str]) -> dict[tuple[str, str], str]:
	"""The accounts by mode of payment and company; one query.

	Without those of disabled modes, and those on which a payment can't be booked as it comes: disabled, or in another
	currency than the company's.
	"""
	rows = frappe.db.sql(
		"""SELECT mode.name, line.company, account.name FROM `tabMode of Payment` mode
		JOIN `tabMode of Payment Account` line ON line.parent = mode.name
		JOIN `tabCompany` company ON company.name = line.company
		JOIN `tabAccount` account ON account.name = line.default_account
		WHERE mode.enabled = 1 AND line.company IN %s AND account.disabled = 0
			AND account.account_currency = company.default_currency""",
		(tuple(companies),),
	)
	return {(mode, company): account for mode, company, account in rows}


def account_of(method: str, company: str) -> str | None:
	"""The company's account for what comes by a method; None where it has none."""
	return accounts([company]).get((mode_of(method), company))


def missing(method: str, company: str) -> str | None:
	"""Why money that comes by a method could not be booked, as a sentence; None where it can."""
	if account_of(method, company):
		return None
	return _("The mode of payment {0} has no account for {1} in its currency.").format(
		mode_of(method), company
	)


def prepare(method: str, company: str) -> None:
	"""Make the mode and choose the company's bank account for it, where that is missing and there is one to choose."""
	if account_of(method, company):
		return
	if frappe.db.exists(DOCTYPE, mode_of(method)):
		mode = frappe.get_doc(DOCTYPE, mode_of(method))
	else:
		mode = frappe.get_doc(doctype=DOCTYPE, mode_of_payment=mode_of(method), type="Bank", enabled=1)
	account = _bank_account(company)
	if account and company not in [row.company for row in mode.accounts]:
		mode.append("accounts", {"company": company, "default_account": account})
	# Whoever may set up a way to pay need not be an accountant; an account that was chosen is never changed.
	mode.save(ignore_permissions=True)


def _bank_account(company: str) -> str | None:
	"""The company's default bank account, or its only one."""
	if chosen := frappe.get_cached_value("Company", company, "default_bank_account"):
		return chosen
	currency = frappe.get_cached_value("Company", company, "default_currency")
	bank = {"company": company, "account_type": "Bank", "account_currency": currency, "is_group": 0}
	accounts = frappe.get_all("Account", bank | {"disabled": 0}, pluck="name")
	return accounts[0] if len(accounts) == 1 else None
