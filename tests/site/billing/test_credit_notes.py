"""What was not paid is credited when the visit is cancelled, or missed without a fee."""

import frappe
import pytest

from clinic_booking.billing import credit_notes, to_do
from tests.site.billing.accountant import amended
from tests.site.billing.practice import a_practice, become, invoices, payment_status, posted, work_off


def test_cancelled_unpaid_is_credited(practice_abroad):
	"""PY-8: a credit note over all of it, nothing outstanding, nothing required any more."""
	visit = practice_abroad.visit()
	work_off()
	become(visit, "Cancelled")
	work_off()
	invoice, note = invoices(visit)
	assert note.is_return and note.return_against == invoice.name
	assert posted(note) == {"Asset": -practice_abroad.price, "Income": practice_abroad.price}
	assert invoice.outstanding_amount == 0
	assert payment_status(visit) == "Not Required"


def test_cancelled_before_it_was_invoiced_never_is(practice):
	"""PY-8: both tasks are worked after the cancellation, in whatever order."""
	visit = practice.visit()
	become(visit, "Cancelled")
	work_off()
	assert invoices(visit) == []
	assert payment_status(visit) == "Not Required"


@pytest.mark.parametrize(("fee", "documents", "status"), [(0, 2, "Not Required"), (1, 1, "Unpaid")])
def test_no_show_is_owed_where_the_service_says_so(site, fee, documents, status):
	"""PY-8: stays owed with a no-show fee, else credited."""
	practice = a_practice(price="35.00", no_show_fee=fee)
	visit = practice.visit()
	work_off()
	become(visit, "No Show")
	work_off()
	assert len(invoices(visit)) == documents
	assert payment_status(visit) == status


def test_no_show_taken_back_is_invoiced_again(practice):
	"""BK-6, PY-1: reopened, it costs what it cost; missed again, it is credited again."""
	visit = practice.visit()
	for _each in range(2):
		become(visit, "No Show")
		work_off()
		become(visit, "Confirmed")
		work_off()
	assert [each.is_return for each in invoices(visit)] == [0, 1, 0]
	assert payment_status(visit) == "Unpaid"


def test_one_that_an_accountant_cancels_is_not_made_again(practice):
	"""MO-18: an alert asks them; amended, all is well."""
	visit = practice.visit()
	work_off()
	become(visit, "Cancelled")
	work_off()
	(note,) = invoices(visit, is_return=1)
	note.cancel()
	to_do.leave(visit.name, "again")
	work_off()
	about = {"kind": credit_notes.KIND, "reference_name": visit.name}
	assert invoices(visit, is_return=1) == []
	assert frappe.get_all("Clinic Alert", about, pluck="status") == ["Open"]
	amended(note).submit()
	to_do.leave(visit.name, "again")
	work_off()
	assert len(invoices(visit, is_return=1)) == 1 and payment_status(visit) == "Not Required"
	assert frappe.get_all("Clinic Alert", about, pluck="status") == ["Done"]
