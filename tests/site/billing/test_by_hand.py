"""What an accountant does by hand to documents of ours: no money is forgotten, asked for twice, or spent twice (MO-18, MO-19)."""

from decimal import Decimal

import frappe
import pytest
from frappe.utils import getdate, today

from clinic_booking.billing import credits, desk_refunds, payments, received, reconciliation, unallocated
from clinic_booking.booking import clock, payable
from tests.site.billing.accountant import amended, take_off
from tests.site.billing.gateway import give_back
from tests.site.billing.practice import alerts, invoices, payment_status, work_off
from tests.site.billing.test_credit import credit_of, paid
from tests.site.billing.test_money_back import balanced, cancel, entries, give, paid_by, rows
from tests.site.billing.test_outside import look


def found(practice) -> list[str]:
	"""What the reconciliation lists of the practice."""
	day = getdate(today())
	return [each.what for each in reconciliation.differences(day, day, [practice.clinic.name])]


def entry_of(visit, kind="Receive"):
	filters = {"clinic_booking_appointment": visit.name, "payment_type": kind, "docstatus": 1}
	return frappe.get_doc("Payment Entry", filters)


def asked_for(visit) -> Decimal:
	return payable.of(frappe.get_doc("Clinic Appointment", visit.name), clock.now()).open


def told(visit, status="Open") -> list[str]:
	about = {"kind": unallocated.KIND, "reference_name": visit.name, "status": status}
	return frappe.get_all("Clinic Alert", about, pluck="name")


def spendable(practice) -> Decimal:
	customer = frappe.db.get_value("Clinic Patient", practice.patient.name, "customer")
	return credits.balance(customer, practice.clinic.company, practice.currency)


@pytest.mark.parametrize("way", ["stripe", "Cash"])
def test_invoice_cancelled_and_amended_takes_its_payment_along(practice, gateway, way):
	"""PY-1: meanwhile nobody is asked again, the receipt says so, and the list and an alert tell of it."""
	visit = paid_by(practice, gateway) if way == "stripe" else paid(practice)
	(invoice,) = invoices(visit)
	invoice.cancel()
	assert payment_status(visit) == "Paid" and asked_for(visit) == 0
	assert [each.amount for each in received.of(visit)] == [practice.price]
	work_off()
	assert invoices(visit) == [] and len(told(visit)) == 1
	assert found(practice) == [reconciliation.NOT_ALLOCATED] * (way == "stripe")
	copy = amended(invoice)
	copy.submit()
	assert payment_status(visit) == "Paid" and payments.owed(visit) == 0
	work_off()
	copy.reload()
	assert copy.outstanding_amount == 0 and entry_of(visit).unallocated_amount == 0
	assert found(practice) == [] and told(visit) == [] and alerts(visit) == []
	assert payment_status(visit) == "Paid" and balanced(practice.clinic.company)
	cancel(visit)
	if way == "stripe":
		assert gateway.total() == practice.price and credit_of(practice) == 0
	else:
		assert credit_of(practice) == spendable(practice) == practice.price


def test_part_of_it_is_set_against_a_smaller_invoice(practice, gateway):
	"""MO-16: the rest is the patient's, and can go back the way it came."""
	visit = paid_by(practice, gateway)
	(invoice,) = invoices(visit)
	invoice.cancel()
	copy = amended(invoice)
	copy.items[0].rate = 30
	copy.save()
	copy.submit()
	work_off()
	assert entry_of(visit).unallocated_amount == pytest.approx(5.35)
	assert found(practice) == [reconciliation.NOT_ALLOCATED] and len(told(visit)) == 1
	visit.reload()
	give(visit, "Stripe", "5.35")
	give_back()
	work_off()
	assert gateway.total() == Decimal("5.35") and credit_of(practice) == 0
	assert found(practice) == [] and told(visit) == []


def test_visit_without_its_invoice_is_cancelled(practice, gateway):
	"""PO-3: the money goes back through the provider, and the books know it."""
	visit = paid_by(practice, gateway)
	(invoice,) = invoices(visit)
	invoice.cancel()
	cancel(visit)
	assert rows(visit) == [("stripe", "Refunded", 35.35)] and gateway.total() == practice.price
	(entry,) = entries(visit)
	assert entry.unallocated_amount == 35.35 and credit_of(practice) == 0
	assert payment_status(visit) == "Refunded" and alerts(visit) == [] and told(visit) == []
	assert found(practice) == [] and balanced(practice.clinic.company)
	amended(invoice).submit()
	work_off()
	assert payment_status(visit) == "Refunded" and credit_of(practice) == spendable(practice) == 0


def test_visit_without_its_invoice_is_cancelled_for_credit(practice, gateway):
	"""PO-3: nothing can be credited, so the alert stays, and the desk can hand it out."""
	visit = paid_by(practice, gateway)
	invoices(visit)[0].cancel()
	cancel(visit, "credit", cancelled_by="Patient")
	assert len(told(visit)) == 1 and gateway.calls == 0
	visit.reload()
	assert desk_refunds.refundable(visit) == practice.price
	give(visit, "Cash")
	work_off()
	assert credit_of(practice) == 0 and told(visit) == [] and payment_status(visit) == "Refunded"


def test_disputed_without_an_invoice_says_what_is_missing(practice, gateway):
	"""MO-12: an alert in words; amended, the books follow."""
	visit = paid_by(practice, gateway)
	(invoice,) = invoices(visit)
	invoice.cancel()
	look(visit, gateway, disputed=practice.price)
	assert alerts(visit) == ["The disputed payment stands against no invoice of this visit."]
	amended(invoice).submit()
	frappe.db.sql("UPDATE `tabBilling Task` SET due_at_utc = UTC_TIMESTAMP(6)")
	work_off()
	assert alerts(visit) == [] and payment_status(visit) == "Unpaid" and balanced(practice.clinic.company)


def test_payment_taken_off_its_invoice(practice, gateway):
	"""PY-5: by Unreconcile Payment: it is the visit's still; set against another's invoice it is not."""
	visit, other = paid_by(practice, gateway), practice.visit(source="Online")
	work_off()
	entry = entry_of(visit)
	take_off(entry)
	assert payment_status(visit) == "Paid" and asked_for(visit) == 0
	assert found(practice) == [reconciliation.NOT_ALLOCATED]
	tool = frappe.get_doc(doctype="Payment Reconciliation", company=entry.company, party_type="Customer")
	tool.update({"party": entry.party, "receivable_payable_account": entry.paid_from})
	tool.get_unreconciled_entries()
	(theirs,) = invoices(other)
	bills = [row.as_dict() for row in tool.invoices if row.invoice_number == theirs.name]
	tool.allocate_entries({"invoices": bills, "payments": [row.as_dict() for row in tool.payments]})
	tool.reconcile()
	assert (payment_status(visit), payment_status(other)) == ("Unpaid", "Paid")
	take_off(entry)
	assert (payment_status(visit), payment_status(other)) == ("Paid", "Unpaid")


def test_entry_of_a_payment_is_amended(practice, gateway):
	"""PY-5: the copy takes its place, and nothing is posted twice."""
	visit = paid_by(practice, gateway)
	entry = entry_of(visit)
	entry.cancel()
	assert found(practice) == [reconciliation.ENTRY_GONE]
	copy = amended(entry)
	copy.submit()
	work_off()
	payment = frappe.get_doc("Online Payment", {"appointment": visit.name})
	assert payment.payment_entry == copy.name and copy.clinic_booking_payment == payment.name
	assert payment_status(visit) == "Paid" and found(practice) == []
	cancel(visit)
	assert gateway.total() == practice.price and credit_of(practice) == 0 and found(practice) == []
	copy.reload()
	assert copy.docstatus == 1


def test_entry_of_a_refund_is_amended(practice, gateway):
	"""PY-5, PO-4: what has gone back is no credit meanwhile, for nobody to spend, and the list tells of it."""
	visit = cancel(paid_by(practice, gateway))
	entry = entry_of(visit, "Pay")
	entry.cancel()
	assert spendable(practice) == 0 and found(practice) == [reconciliation.REFUND_NOT_POSTED]
	visit.reload()
	assert desk_refunds.refundable(visit) == 0
	following = practice.visit()
	work_off()
	assert payment_status(following) == "Unpaid"
	copy = amended(entry)
	assert spendable(practice) == 0
	copy.submit()
	work_off()
	assert found(practice) == [] and spendable(practice) == 0 and len(entries(visit)) == 1
	assert credit_of(practice) == -practice.price, "what the following visit owes"


def test_entry_of_cash_handed_out_is_amended(practice, gateway):
	"""PO-4, MO-9: the cash is out meanwhile: nobody spends it, hands it out again, or tells the patient that it failed."""
	visit = cancel(paid(practice))
	give(visit, "Cash")
	entry = entry_of(visit, "Pay")
	entry.cancel()
	work_off()
	assert rows(visit) == [("at_clinic", "Refunded", 35.35)] and found(practice) == [
		reconciliation.REFUND_NOT_POSTED
	]
	assert spendable(practice) == 0 and desk_refunds.refundable(visit) == 0
	following = practice.visit()
	work_off()
	assert payment_status(following) == "Unpaid"
	amended(entry).submit()
	work_off()
	assert found(practice) == [] and spendable(practice) == 0 and payment_status(visit) == "Refunded"
	kinds = frappe.get_all("Clinic Message", {"appointment": visit.name}, pluck="kind")
	assert "refund_failed" not in kinds


def test_entry_of_a_transfer_back_is_amended(practice, gateway):
	"""BK-8: cancelled it has not gone back; the accountant's copy is not thrown away, and submitted it has."""
	visit = cancel(paid_by(practice, gateway, "bank_transfer"))
	entries(visit, docstatus=0)[0].submit()
	work_off()
	entry = entry_of(visit, "Pay")
	entry.cancel()
	copy = amended(entry)
	work_off()
	assert rows(visit) == [("bank_transfer", "Failed", 35.35)]
	frappe.get_doc("Payment Entry", copy.name).submit()
	work_off()
	assert rows(visit) == [("bank_transfer", "Refunded", 35.35)]
	assert credit_of(practice) == 0 and found(practice) == []


def test_entry_of_a_dispute_is_amended(practice, gateway):
	"""MO-12: cancelled by hand it is listed; the copy stands for the dispute, and goes when it is won."""
	visit = paid_by(practice, gateway)
	look(visit, gateway, disputed=practice.price)
	journal = frappe.get_doc("Journal Entry", {"clinic_booking_refund": ("is", "set"), "docstatus": 1})
	journal.cancel()
	assert reconciliation.REFUND_NOT_POSTED in found(practice)
	amended(journal).submit()
	assert payment_status(visit) == "Unpaid" and reconciliation.REFUND_NOT_POSTED not in found(practice)
	look(visit, gateway)
	assert payment_status(visit) == "Paid" and credit_of(practice) == 0


def test_reception_hears_no_hints_for_accountants(practice, gateway):
	"""PY-5: ERPNext's words about credit notes are for whoever makes them by hand."""
	visit = paid(practice)
	frappe.clear_messages()
	give(visit, "Cash")
	assert frappe.get_message_log() == []
