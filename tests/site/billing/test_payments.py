"""Payments at the desk, and payment states that follow the ledger whoever writes into it."""

from decimal import Decimal

import frappe
import pytest
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry

from clinic_booking.billing import payments
from clinic_booking.booking import clock, status
from clinic_booking.booking.money import rounded, unit
from clinic_booking.errors import PaymentFailed, Validation
from tests.site.billing.gateway import paid_online, takes
from tests.site.billing.practice import become, invoices, payment_status, posted, work_off

CASHIER = "Administrator"


@pytest.fixture
def visit(practice):
	return billed(practice)


def billed(practice):
	visit = practice.visit()
	work_off()
	return frappe.get_doc("Clinic Appointment", visit.name)


def take(visit, amount=None, mode="Cash"):
	frappe.db.commit()
	payments.take(visit, mode, amount and Decimal(amount), CASHIER)


def entries(visit):
	names = frappe.get_all(
		"Payment Entry", {"clinic_booking_appointment": visit.name, "docstatus": 1}, pluck="name"
	)
	return [frappe.get_doc("Payment Entry", name) for name in names]


def test_cash_pays_the_invoice(practice_abroad):
	"""PY-4, MO-15: all that is open, to the smallest unit, from the receivables into the till."""
	visit = billed(practice_abroad)
	take(visit)
	(entry,) = entries(visit)
	assert rounded(entry.paid_amount, practice_abroad.currency) == practice_abroad.price
	assert posted(entry) == {"Asset": 0}
	assert invoices(visit)[0].outstanding_amount == 0
	assert payment_status(visit) == "Paid"
	assert entry.clinic_booking_cashier == CASHIER


def test_paid_in_parts(practice_abroad):
	"""PY-5: the smallest unit first, then the rest."""
	visit = billed(practice_abroad)
	take(visit, unit(practice_abroad.currency))
	assert payment_status(visit) == "Partly Paid"
	take(visit)
	assert payment_status(visit) == "Paid"
	assert len(entries(visit)) == 2


@pytest.mark.parametrize("amount", ["35.36", "0", "0.001", "100000"])
def test_no_more_than_is_open_and_no_finer_than_the_currency(visit, amount):
	"""MO-10, MO-15: refused, and nothing is posted."""
	with pytest.raises(Validation):
		take(visit, amount)
	assert entries(visit) == [] and payment_status(visit) == "Unpaid"


def test_paid_is_not_paid_again(visit):
	"""MO-10: a second click finds nothing open."""
	take(visit)
	with pytest.raises(Validation):
		take(visit)
	assert len(entries(visit)) == 1


def test_a_second_click_takes_nothing(visit):
	"""MO-9: a part that was taken meanwhile is not taken again; what the desk sees by now can be."""
	there = payments.owed(visit)
	payments.take(visit, "Cash", Decimal(10), CASHIER, of=there)
	frappe.db.commit()
	with pytest.raises(Validation):
		payments.take(visit, "Cash", Decimal(10), CASHIER, of=there)
	frappe.db.rollback()
	assert len(entries(visit)) == 1
	payments.take(visit, "Cash", Decimal(10), CASHIER, of=payments.owed(visit))
	assert len(entries(visit)) == 2


def test_mode_without_an_account_is_refused(visit):
	"""PY-4: it says what is missing."""
	frappe.get_doc(doctype="Mode of Payment", mode_of_payment="Shells", type="General").insert()
	with pytest.raises(Validation) as refused:
		take(visit, mode="Shells")
	assert "mode_of_payment" in refused.value.facts["fields"]


def test_closed_period_takes_no_payment(visit):
	"""MO-18: the desk is told; nothing is posted."""
	frappe.db.set_single_value("Accounts Settings", "acc_frozen_upto", frappe.utils.today())
	frappe.db.set_single_value("Accounts Settings", "frozen_accounts_modifier", "Clinic Manager")
	with pytest.raises(PaymentFailed):
		take(visit)


@pytest.mark.parametrize("deposit", [None, "10.00"])
def test_taken_before_the_visit_is_invoiced(practice, deposit):
	"""PY-1, PY-4, MO-16: where the invoice waits for the visit, who pays at the desk gets it first, and once."""
	frappe.db.set_single_value("Clinic Booking Settings", "invoice_on", "Completion")
	takes(practice, "stripe")
	visit = practice.visit(source="Online")
	if deposit:
		paid_online(visit, amount=deposit)
	work_off()
	assert invoices(visit) == []
	rest = practice.price - Decimal(deposit or 0)
	assert payments.owed(visit) == rest
	take(visit, "5.00")
	take(visit)
	assert payment_status(visit) == "Paid" and payments.owed(visit) == 0
	become(visit, "Completed")
	work_off()
	(invoice,) = invoices(visit)
	assert (invoice.grand_total, invoice.outstanding_amount) == (35.35, 0)
	assert sum(entry.paid_amount for entry in entries(visit)) == 35.35


def test_closed_books_take_nothing_before_the_visit_is_invoiced(practice):
	"""MO-18, PY-4: said as it is; no half of it is left."""
	frappe.db.set_single_value("Clinic Booking Settings", "invoice_on", "Completion")
	frappe.db.set_single_value("Accounts Settings", "acc_frozen_upto", frappe.utils.today())
	frappe.db.set_single_value("Accounts Settings", "frozen_accounts_modifier", "Clinic Manager")
	visit = practice.visit()
	work_off()
	with pytest.raises(PaymentFailed):
		take(visit)
	frappe.db.rollback()
	assert invoices(visit) == [] == entries(visit)


@pytest.mark.parametrize(
	("state", "source"), [("Requested", "Desk"), ("Cancelled", "Desk"), ("Confirmed", "Import")]
)
def test_what_is_not_charged_is_not_taken(practice, state, source):
	"""PY-1, PY-4: a request, what was cancelled, and what the older system charges."""
	visit = practice.visit(source=source)
	frappe.db.set_value("Clinic Appointment", visit.name, "status", state)
	assert payments.owed(visit.reload()) == 0
	with pytest.raises(Validation):
		take(visit)
	frappe.db.rollback()
	assert invoices(visit) == []


def test_what_an_accountant_cancelled_is_not_made_again(visit):
	"""MO-18, PY-4: an invoice that was cancelled by hand stays so, at the desk, too."""
	invoices(visit)[0].cancel()
	assert payments.owed(visit) == 0
	with pytest.raises(Validation):
		take(visit)


def test_cashier_needs_no_role_of_an_accountant(visit):
	"""PY-4, SE-1: who takes a payment was let in at the door; the session is theirs again afterwards."""
	user = frappe.get_doc(doctype="User", email="till@example.com", first_name="Till", send_welcome_email=0)
	user.insert().add_roles("Clinic Receptionist")
	frappe.db.commit()
	frappe.set_user(user.name)
	payments.take(visit, "Cash", None, user.name)
	assert frappe.session.user == user.name
	frappe.set_user("Administrator")
	assert entries(visit)[0].clinic_booking_cashier == user.name


def test_accountants_own_payment_counts(visit):
	"""PY-5, MO-18: a Payment Entry made by hand and one cancelled by hand are followed."""
	(invoice,) = invoices(visit)
	entry = get_payment_entry("Sales Invoice", invoice.name)
	entry.update({"reference_no": "1", "reference_date": frappe.utils.today()})
	entry.paid_to = frappe.db.get_value(
		"Account", {"company": invoice.company, "account_type": "Cash", "is_group": 0}
	)
	entry.insert().submit()
	assert payment_status(visit) == "Paid"
	entry.cancel()
	assert payment_status(visit) == "Unpaid"


def test_accountants_journal_entry_counts(visit):
	"""PY-5, MO-18: written off by hand, it is paid; taken back, it is not."""
	(invoice,) = invoices(visit)
	company = frappe.get_doc("Company", invoice.company)
	half = 10.0
	entry = frappe.get_doc(
		doctype="Journal Entry",
		company=company.name,
		posting_date=frappe.utils.today(),
		accounts=[
			{
				"account": invoice.debit_to,
				"party_type": "Customer",
				"party": invoice.customer,
				"credit_in_account_currency": half,
				"reference_type": "Sales Invoice",
				"reference_name": invoice.name,
			},
			{
				"account": company.write_off_account or company.default_expense_account,
				"debit_in_account_currency": half,
				"cost_center": company.cost_center,
			},
		],
	)
	entry.insert().submit()
	assert payment_status(visit) == "Partly Paid"
	entry.cancel()
	assert payment_status(visit) == "Unpaid"


def test_missed_after_a_part_was_paid_only_the_rest_is_credited(visit):
	"""PY-8: what was paid stays paid, the invoice is closed."""
	take(visit, "10.00")
	become(visit, "No Show")
	work_off()
	invoice, note = invoices(visit)
	assert posted(note) == {"Asset": Decimal("-25.35"), "Income": Decimal("25.35")}
	assert invoice.outstanding_amount == 0
	assert payment_status(visit) == "Paid"


def test_patient_reads_what_was_paid_and_what_would_come_back(visit):
	"""PO-5: on the booking's own page, as the books have it."""
	take(visit, "10.00")
	visit.reload()
	shown = status.shown(visit, clock.now())
	assert shown["payment_status"] == "Partly Paid"
	assert shown["paid"] == {"amount": "10.00", "currency": "EUR"}
	assert shown["terms"]["refund_if_cancelled_now"]["amount"] == "10.00"
	become(visit, "Cancelled")
	work_off()
	visit.reload()
	shown = status.shown(visit, clock.now())
	assert shown["payment_status"] == "Refunded" and shown["paid"]["amount"] == "0.00"
