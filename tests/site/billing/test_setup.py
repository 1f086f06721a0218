"""What a clinic's books lack is said when the clinic is saved, and nothing is offered that they can't take (PY-1)."""

import frappe
import pytest

from clinic_booking.billing import payments, registry
from clinic_booking.setup.demo import company_in
from tests.builders import insert
from tests.site.billing.gateway import takes
from tests.site.billing.online import BANK
from tests.site.billing.practice import a_practice, alerts, invoices, work_off


def told_on_saving(clinic) -> str:
	frappe.clear_messages()
	frappe.get_doc("Clinic", clinic.name).save()
	return " ".join(message["message"] for message in frappe.get_message_log())


def test_nothing_is_missing(practice):
	"""PY-1: what is well is not spoken of."""
	assert told_on_saving(practice.clinic) == ""


@pytest.mark.parametrize(
	("field", "named"),
	[
		("default_income_account", "Default Income Account"),
		("cost_center", "Default Cost Center"),
		("default_receivable_account", "Default Receivable Account"),
	],
)
def test_what_the_company_lacks(practice, field, named):
	"""PY-1: each by its label; what the clinic has of its own it need not have."""
	company = frappe.get_doc("Company", practice.clinic.company)
	had = company.get(field)
	company.db_set(field, None)
	assert named in told_on_saving(practice.clinic)
	own = {"default_income_account": "income_account", "cost_center": "cost_center"}.get(field)
	if own:
		frappe.db.set_value("Clinic", practice.clinic.name, own, had)
		assert told_on_saving(practice.clinic) == ""


def test_currency_of_finer_coins_than_the_site_knows(site):
	"""PY-1, MO-15: said when the clinic is saved, and by the alert instead of blaming the taxes."""
	company = company_in("KWD", "Practice in Kuwait", "Kuwait")
	frappe.db.set_single_value("System Settings", "currency_precision", "2")
	frappe.db.set_default("currency_precision", "2")
	practice = a_practice("12.345", company=company)
	assert "Currency Precision" in told_on_saving(practice.clinic)
	visit = practice.visit()
	work_off()
	(told,) = alerts(visit)
	assert invoices(visit) == [] and "Currency Precision" in told and "taxes" not in told


@pytest.mark.parametrize("values", [{"account_currency": "USD"}, {"disabled": 1}])
def test_account_that_can_take_nothing(practice, values):
	"""PY-1, PY-7: of another currency, or no longer in use: the way is not offered, not even at the desk."""
	practice.clinic.update(BANK).save()
	takes(practice, "bank_transfer")
	mode = frappe.get_doc("Mode of Payment", "Bank Transfer")
	(row,) = (row for row in mode.accounts if row.company == practice.clinic.company)
	offered = [[way.method for way in registry.ways_to_pay([practice.clinic])[practice.clinic.name]]]
	account = insert(
		"Account",
		account_name="Another",
		company=practice.clinic.company,
		account_type="Cash",
		parent_account=frappe.db.get_value("Account", row.default_account, "parent_account"),
	)
	row.db_set("default_account", account.name)
	account.db_set(values)
	offered.append([way.method for way in registry.ways_to_pay([practice.clinic])[practice.clinic.name]])
	assert offered == [["bank_transfer"], []]
	assert "Bank Transfer" not in payments.modes(practice.clinic.name)
	assert "Bank Transfer" in told_on_saving(practice.clinic)
