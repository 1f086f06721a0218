"""A Sales Invoice for each visit that costs money, once, as it was quoted."""

import frappe
import pytest
from frappe.utils import add_days, today

from clinic_booking.billing import tasks
from clinic_booking.setup.demo import company_in
from tests.builders import a_patient, a_service
from tests.site.billing.practice import alerts, become, invoices, payment_status, posted, work_off


def due_again(appointment) -> None:
	frappe.db.sql(
		"UPDATE `tabBilling Task` SET due_at_utc = UTC_TIMESTAMP(6) WHERE appointment = %s", appointment.name
	)


def tax_of(clinic, rate=21):
	"""The clinic's company takes a tax, which its prices include."""
	company = frappe.get_doc("Company", clinic.company)
	account = frappe.get_doc(
		doctype="Account",
		account_name="Tax in the Price",
		account_type="Tax",
		company=company.name,
		parent_account=frappe.db.get_value(
			"Account", {"company": company.name, "root_type": "Liability", "is_group": 1}, order_by="lft desc"
		),
	).insert()
	template = frappe.get_doc(
		doctype="Sales Taxes and Charges Template",
		title=f"Tax {frappe.generate_hash(length=6)}",
		company=company.name,
		taxes=[
			{"charge_type": "On Net Total", "account_head": account.name, "description": "Tax", "rate": rate}
		],
	).insert()
	clinic.tax_template = template.name
	clinic.save()
	return template


def lose_the_income_account(company) -> None:
	frappe.db.set_value("Company", company, "default_income_account", None)
	frappe.clear_cache(doctype="Company")


def test_confirmed_visit_is_invoiced_after_the_commit(practice_abroad):
	"""PY-1, MO-15: in the clinic's company and currency, to its smallest unit, on its books, due at the visit."""
	visit = practice_abroad.visit()
	assert invoices(visit) == []
	work_off()
	(invoice,) = invoices(visit)
	assert (invoice.company, invoice.currency) == (practice_abroad.clinic.company, practice_abroad.currency)
	assert posted(invoice) == {"Asset": practice_abroad.price, "Income": -practice_abroad.price}
	assert invoice.rounded_total == 0 and invoice.outstanding_amount == float(practice_abroad.price)
	assert str(invoice.due_date) == add_days(today(), 2)
	assert payment_status(visit) == "Unpaid"


def test_price_includes_the_tax(practice_abroad):
	"""PY-1: the patient pays what was quoted, and the tax is taken out of it."""
	tax_of(practice_abroad.clinic)
	visit = practice_abroad.visit()
	work_off()
	(invoice,) = invoices(visit)
	sums = posted(invoice)
	assert sums["Asset"] == practice_abroad.price
	assert sums["Liability"] < 0 and sum(sums.values()) == 0
	assert round(invoice.net_total * 1.21, 1) == round(float(practice_abroad.price), 1)


def test_invoice_is_there_once_however_often_it_is_worked(practice):
	"""PY-1: tasks done again, and a check-in taken back, invoice nothing anew."""
	visit = practice.visit()
	work_off()
	frappe.db.sql("UPDATE `tabBilling Task` SET outbox_status = 'Waiting', attempts = 0")
	due_again(visit)
	become(become(visit, "Checked In"), "Confirmed")
	work_off()
	assert len(invoices(visit)) == 1
	assert not frappe.db.exists("Billing Task", {"outbox_status": ("!=", "Done")})


def test_job_woken_by_a_guest_works_as_the_system(practice):
	"""PY-1: a job is run as whoever caused it, and a guest may write no invoice."""
	visit = practice.visit()
	frappe.set_user("Guest")
	work_off()
	frappe.set_user("Administrator")
	assert len(invoices(visit)) == 1


def test_clinic_books_on_its_own_companys_accounts(practice, site):
	"""PY-1: income account, cost centre and taxes of another company are refused, its own are used."""
	other = company_in("JPY", "Practice in Japan", "Japan")
	practice.clinic.cost_center = frappe.get_cached_value("Company", other, "cost_center")
	with pytest.raises(frappe.ValidationError, match="another company"):
		practice.clinic.save()
	practice.clinic.reload()
	company = frappe.get_doc("Company", practice.clinic.company)
	kind = {"company": company.name, "root_type": "Income", "is_group": 0}
	others = kind | {"name": ("!=", company.default_income_account)}
	practice.clinic.income_account = frappe.db.get_value("Account", others)
	practice.clinic.save()
	visit = practice.visit()
	work_off()
	(invoice,) = invoices(visit)
	assert invoice.items[0].income_account == practice.clinic.income_account


def test_second_invoice_of_one_cause_is_refused_by_the_database(practice):
	"""PY-1: should two workers ever do one row, the database itself stops the second."""
	visit = practice.visit()
	work_off()
	(invoice,) = invoices(visit)
	with pytest.raises(frappe.UniqueValidationError):
		frappe.copy_doc(invoice).update({"clinic_booking_cause": invoice.clinic_booking_cause}).insert()


def test_books_know_no_patient(practice):
	"""PY-1: neither the customer nor the documents have a name or contact of the patient."""
	visit = practice.visit()
	work_off()
	(invoice,) = invoices(visit)
	customer = frappe.get_doc("Customer", invoice.customer)
	told = frappe.as_json([invoice, customer]).lower()
	patient = practice.patient
	for word in (*patient.patient_name.split()[:2], patient.email, patient.phone, patient.name):
		assert word.lower() not in told
	assert customer.name.startswith("CB-")


def test_patient_has_one_customer_and_service_one_item(practice):
	"""PY-1: made with the first invoice, used by the next."""
	first, second = practice.visit(), practice.visit()
	other = practice.visit(patient=a_patient().name)
	work_off()
	made = [invoices(visit)[0] for visit in (first, second, other)]
	assert made[0].customer == made[1].customer != made[2].customer
	assert len({invoice.items[0].item_code for invoice in made}) == 1


def test_each_visit_costs_what_was_agreed_for_it(practice):
	"""PY-1: what a price list of the company has learnt from earlier invoices changes nothing."""
	practice.visit()
	work_off()
	for price in (50, 20):
		visit = practice.visit(price=price)
		work_off()
		(invoice,) = invoices(visit)
		assert posted(invoice) == {"Asset": price, "Income": -price}


def test_free_visit_leaves_the_books_alone(practice):
	"""PY-1: no price, no task, nothing required."""
	practice.service = a_service(practice.clinic)
	practice.doctor.append("services", {"service": practice.service.name})
	practice.doctor.save()
	visit = practice.visit()
	assert not frappe.db.exists("Billing Task", {"appointment": visit.name})
	assert payment_status(visit) == "Not Required"


def test_visit_that_came_as_over_was_billed_elsewhere(practice):
	"""BK-10: an older system's completed visits cost nothing again."""
	visit = practice.visit(status="Completed", starts_at_utc=add_days(today(), -2) + " 10:00:00")
	assert not frappe.db.exists("Billing Task", {"appointment": visit.name})


def test_invoiced_on_completion_where_the_clinic_wants_it(practice):
	"""PY-1: the setting."""
	frappe.db.set_single_value("Clinic Booking Settings", "invoice_on", "Completion")
	visit = practice.visit()
	work_off()
	assert invoices(visit) == []
	become(visit, "Completed")
	work_off()
	(invoice,) = invoices(visit)
	assert str(invoice.due_date) == today()


def test_requested_visit_is_invoiced_once_approved(practice):
	"""BK-5: what nobody has approved costs nothing yet."""
	practice.doctor.approves_bookings = 1
	visit = practice.visit(status="Requested")
	work_off()
	assert invoices(visit) == []
	become(visit, "Confirmed")
	work_off()
	assert len(invoices(visit)) == 1


def test_ledger_that_refuses_alerts_and_is_asked_again(practice):
	"""MO-18: the appointment stands; once an account is there the invoice is made, once, and the alert is done."""
	company = frappe.get_doc("Company", practice.clinic.company)
	lose_the_income_account(company.name)
	visit = practice.visit()
	work_off()
	assert invoices(visit) == [] and len(alerts(visit)) == 1
	assert frappe.db.get_value("Clinic Appointment", visit.name, "status") == "Confirmed"
	due_again(visit)
	work_off()
	assert len(alerts(visit)) == 1
	company.db_set("default_income_account", company.default_income_account)
	frappe.clear_cache(doctype="Company")
	due_again(visit)
	work_off()
	assert len(invoices(visit)) == 1
	assert alerts(visit) == [] and len(alerts(visit, "Done")) == 1


def test_given_up_and_tried_again_by_hand(practice):
	"""MO-18, NT-3: after the last attempt the alert still stands; the button starts it anew."""
	company = frappe.get_doc("Company", practice.clinic.company)
	lose_the_income_account(company.name)
	visit = practice.visit()
	frappe.db.sql("UPDATE `tabBilling Task` SET attempts = %s", tasks.OUTBOX.attempts - 1)
	work_off()
	assert frappe.db.get_value("Billing Task", {"appointment": visit.name}, "outbox_status") == "Failed"
	assert len(alerts(visit)) == 1
	company.db_set("default_income_account", company.default_income_account)
	frappe.clear_cache(doctype="Company")
	tasks.try_again(visit.name)
	work_off()
	assert len(invoices(visit)) == 1 and alerts(visit) == []


def test_closed_period_alerts_with_erpnexts_reason(practice):
	"""MO-18: posted once the period is open again."""
	visit = practice.visit()
	frappe.db.set_single_value("Accounts Settings", "acc_frozen_upto", today())
	frappe.db.set_single_value("Accounts Settings", "frozen_accounts_modifier", "Clinic Manager")
	work_off()
	assert invoices(visit) == []
	(reason,) = alerts(visit)
	assert reason and practice.patient.patient_name.split()[0] not in reason
	frappe.db.set_single_value("Accounts Settings", "acc_frozen_upto", None)
	due_again(visit)
	work_off()
	assert len(invoices(visit)) == 1


def test_invoice_that_differs_from_the_quote_is_not_submitted(practice):
	"""PY-1: a tax that can't be in the price makes another sum of it: an alert, and no invoice."""
	template = tax_of(practice.clinic)
	template.append(
		"taxes",
		{
			"charge_type": "Actual",
			"account_head": template.taxes[0].account_head,
			"description": "Fee",
			"tax_amount": 3,
		},
	)
	template.save()
	visit = practice.visit()
	work_off()
	assert invoices(visit, docstatus=("!=", 2)) == []
	assert len(alerts(visit)) == 1


def test_what_an_accountant_cancels_stays_cancelled(practice):
	"""MO-18: a later event makes no second invoice; the amended one counts as the appointment's."""
	visit = practice.visit()
	work_off()
	(invoice,) = invoices(visit)
	invoice.cancel()
	become(visit, "Completed")
	work_off()
	assert invoices(visit) == [] and payment_status(visit) == "Unpaid"
	amended = frappe.copy_doc(invoice, ignore_no_copy=False)
	amended.update(
		{
			"amended_from": invoice.name,
			"clinic_booking_appointment": visit.name,
			"clinic_booking_cause": invoice.clinic_booking_cause,
		}
	)
	amended.insert().submit()
	assert [each.name for each in invoices(visit)] == [amended.name]


def test_price_and_payment_status_are_nobodys_to_write(practice):
	"""BK-6: REST may send what the form shows read-only; it stays what was agreed and what the books say."""
	visit = practice.visit()
	visit.reload()
	visit.update({"price": 1, "payment_status": "Paid", "contact_name": "Ana"}).save()
	visit.reload()
	assert (visit.price, visit.payment_status, visit.contact_name) == (35.35, "Unpaid", "Ana")
