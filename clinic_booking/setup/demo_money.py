"""How the demo clinic is paid before a visit: by bank transfer, onto made-up accounts."""

import frappe

from clinic_booking.setup.demo_clinic import LONDON, MADRID
from clinic_booking.setup.demo_records import make_once, name_of

ACCOUNTS = {
	MADRID: {
		"bank_account_holder": "Sunrise Clinic Madrid S.L.",
		"bank_account_number": "ES91 2100 0418 4502 0005 1332",
		"bank_bic": "CAIXESBBXXX",
	},
	LONDON: {
		"bank_account_holder": "Sunrise Clinic London Ltd",
		"bank_account_number": "GB82 WEST 1234 5698 7654 32",
		"bank_bic": "WESTGB2L",
	},
}


def make_bank_transfers() -> None:
	"""Give each clinic an account to pay on, and its company one in the books; what somebody chose since stays."""
	for title, account in ACCOUNTS.items():
		clinic = frappe.get_doc("Clinic", name_of("Clinic", title))
		if not clinic.bank_account_number:
			_in_the_books(clinic.company)
			clinic.update(account).save()


def _in_the_books(company: str) -> None:
	"""A chart of accounts that no wizard made has no bank."""
	group = frappe.db.get_value("Account", {"company": company, "account_type": "Bank", "is_group": 1})
	if not frappe.db.get_value("Company", company, "default_bank_account"):
		bank = {"account_name": "Sunrise Bank", "company": company}
		account = make_once("Account", bank, parent_account=group, account_type="Bank")
		frappe.db.set_value("Company", company, "default_bank_account", account)
