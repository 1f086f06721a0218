"""What a clinic's company needs in ERPNext before a visit can be invoiced; what is missing is said in sentences (PY-1)."""

import frappe
from frappe import _

from clinic_booking.booking.money import unit


def missing(clinic) -> list[str]:
	"""Why no invoice of a clinic could be made; none if all is there."""
	company = frappe.get_cached_doc("Company", clinic.company)
	needed = (
		(clinic.income_account or company.default_income_account, "default_income_account"),
		(clinic.cost_center or company.cost_center, "cost_center"),
		(company.default_receivable_account, "default_receivable_account"),
	)
	labels = [_(company.meta.get_label(field)) for value, field in needed if not value]
	reasons = [_("The company {0} has no {1}.").format(company.name, label) for label in labels]
	return [*reasons, *filter(None, [too_coarse(company.default_currency)])]


def too_coarse(currency: str) -> str | None:
	"""Where the site rounds amounts before the currency's smallest coin: what to do about it."""
	digits, kept = -unit(currency).as_tuple().exponent, frappe.get_precision("Sales Invoice", "grand_total")
	if kept >= digits:
		return None
	told = _(
		"Amounts in {0} have {1} decimals and this site keeps {2}: set Currency Precision in System Settings to {1}."
	)
	return told.format(currency, digits, kept)
