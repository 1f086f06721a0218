"""What a form, REST or an import may not write: what was agreed, and what has happened."""

import json
from dataclasses import asdict
from datetime import timedelta

import frappe
import pytest

from clinic_booking.booking import expire, invoice_address, notes, terms
from clinic_booking.booking.clock import now, to_database
from clinic_booking.booking.kept import KEPT, MONEY
from tests.builders import a_clinic, a_doctor, a_patient, a_service, insert

OTHER = {
	"reference": "AAAA",
	"source": "Import",
	"old_id": "1",
	"policy": "{}",
	"moves": 2,
	"seat": 2,
	"rating": 5,
	"expires_at_utc": "2020-01-01 00:00:00",
	"approved_at_utc": "2020-01-01 00:00:00",
	"cancelled_by": "Patient",
	"refund": 35,
	"refund_as": "money",
	"payment_method": "stripe",
	"answers": "{}",
	"request": None,
}
PAID = {
	"price": 1,
	"deposit": 1,
	"currency": "JPY",
	"payment": "free",
	"payment_status": "Paid",
	"paid": 35,
}


@pytest.fixture
def facts(site):
	"""What a new visit says of itself, at a price of 35; each an hour later."""
	clinic = a_clinic()
	service = a_service(clinic, price=35)
	doctor = a_doctor(service, clinics=[clinic])
	first = now().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=3)

	def of(hours=0):
		return {
			"status": "Confirmed",
			"patient": a_patient().name,
			"contact_name": "Maria",
			"contact_email": "maria@example.com",
			"contact_phone": "+34611222333",
			"doctor": doctor.name,
			"service": service.name,
			"clinic": clinic.name,
			"starts_at_utc": to_database(first + timedelta(hours=hours)),
		}

	return of


@pytest.fixture
def visit(facts):
	made = insert("Clinic Appointment", **facts())
	return frappe.get_doc("Clinic Appointment", made.name)


def test_what_use_cases_write_nobody_else_does(visit):
	"""BK-9, PO-5: REST may send what a form shows read-only; it stays as it was."""
	before = {field: visit.get(field) for field in KEPT}
	assert set(OTHER) == set(KEPT)
	visit.update(OTHER)
	visit.save()
	visit.reload()
	assert {field: visit.get(field) for field in KEPT} == before


def stored(visit, fields) -> dict:
	return {field: frappe.db.get_value(visit.doctype, visit.name, field) for field in fields}


def test_what_use_cases_write_no_new_one_begins_with(facts):
	"""BK-9, BK-10, PO-1: a receptionist's REST could name a price, what was paid, and its own policy."""
	assert set(PAID) == set(MONEY)
	fields = (set(OTHER) | set(PAID)) - {"reference"}
	plain = insert("Clinic Appointment", **facts())
	tried = insert("Clinic Appointment", **facts(1) | OTHER | PAID)
	assert stored(tried, fields) == stored(plain, fields)
	assert (tried.source, tried.price, tried.payment_status) == ("Desk", 35, "Unpaid")
	assert json.loads(tried.policy) == asdict(terms.policy_now())
	assert tried.reference != OTHER["reference"]
	assert frappe.db.exists("Billing Task", {"appointment": tried.name})


def imported(values):
	"""As Frappe's Data Import makes a line of its file."""
	visit = frappe.new_doc("Clinic Appointment").update(values)
	frappe.flags.in_import = True
	try:
		visit.insert()
	finally:
		frappe.flags.in_import = False
	return frappe.get_doc(visit.doctype, visit.name)


def test_frappes_import_tells_of_the_past(facts):
	"""BK-10: where it comes from, its old ID, who cancelled it and what it cost; nothing of money with us."""
	visit = imported(facts(-24 * 9) | OTHER | PAID | {"status": "Cancelled", "cancel_reason": "Ill"})
	assert (visit.source, visit.old_id, visit.cancelled_by, visit.price) == ("Import", "1", "Patient", 1)
	assert (visit.paid, visit.payment_status, visit.payment_method) == (0, "Not Required", None)
	assert (visit.refund, visit.rating, visit.moves, visit.currency) == (0, 0, 0, "EUR")
	assert not frappe.db.exists("Billing Task", {"appointment": visit.name})


def test_frappes_import_without_a_source_is_the_desks(facts):
	"""BK-10: as if typed there, and billed so."""
	visit = imported(facts() | {"source": "Online"})
	assert (visit.source, visit.price) == ("Desk", 35)
	assert frappe.db.exists("Billing Task", {"appointment": visit.name})


def test_a_policy_with_words_of_another_version_counts(site):
	"""PO-1: what is known of it does."""
	assert terms.frozen('{"cancel_minutes": 7, "x": 1}').cancel_minutes == 7


def test_to_whom_an_invoice_goes_is_not_lost_to_an_old_form(visit):
	"""PY-6: what the patient told meanwhile; the form has to be loaded anew."""
	old = frappe.get_doc("Clinic Appointment", visit.name)
	company = invoice_address.Company("Sun Ltd.", None, "Main Street 1")
	invoice_address.address_to(visit.name, visit.doctor, visit.doctype, company)
	with pytest.raises(frappe.TimestampMismatchError):
		old.save()
	assert frappe.db.get_value("Clinic Appointment", visit.name, "invoice_company") == "Sun Ltd."


def test_cancelled_by_a_form_is_cancelled_by_the_clinic(visit):
	"""PO-2, PO-3: with a reason, and not in the patient's name."""
	visit.update({"status": "Cancelled", "cancelled_by": "Patient"})
	with pytest.raises(frappe.ValidationError):
		visit.save()
	visit.reload()
	visit.update({"status": "Cancelled", "cancelled_by": "Patient", "cancel_reason": "Ill"})
	visit.save()
	assert visit.cancelled_by == "Clinic"


def test_no_live_visit_is_moved_into_the_past(visit):
	"""AV-9: neither by the form, where nothing else would stop it."""
	visit.starts_at_utc = to_database(now() - timedelta(days=1))
	with pytest.raises(frappe.ValidationError):
		visit.save()


def test_another_patient_comes_with_their_own_contact(visit):
	"""BK-4: messages and the link go to who comes."""
	other = a_patient()
	visit.patient = other.name
	visit.save()
	assert (visit.contact_name, visit.contact_email, visit.contact_phone) == (
		other.patient_name,
		other.email,
		other.phone,
	)


def test_a_contact_typed_along_stays(visit):
	"""BK-4: a parent's phone for a child."""
	visit.update({"patient": a_patient().name, "contact_phone": "+34699999999"})
	visit.save()
	assert visit.contact_phone == "+34699999999"


def test_another_patient_gets_none_of_the_firsts_words(visit):
	"""PT-5, SE-1, BK-7: neither the note nor to whom the invoice goes; what is typed along stays."""
	company = invoice_address.Company("Sun Ltd.", "B1", "Main Street 1")
	invoice_address.address_to(visit.name, visit.doctor, visit.doctype, company)
	visit.reload().db_set("note_encrypted", notes.seal("My knee"))
	visit.update({"patient": a_patient().name, "invoice_tax_id": "B2"})
	visit.save()
	told = stored(visit, ("note_encrypted", *invoice_address.FIELDS))
	assert told == dict.fromkeys(told) | {"invoice_tax_id": "B2"}


def test_nobody_is_no_patient(facts, visit):
	"""IN-10, BK-4: neither a name that never was, nor somebody deleted while the form was open."""
	gone = a_patient()
	gone.delete()
	with pytest.raises(frappe.LinkValidationError):
		insert("Clinic Appointment", **facts(1) | {"patient": gone.name})
	visit.patient = gone.name
	with pytest.raises(frappe.LinkValidationError):
		visit.save()


@pytest.mark.parametrize("status", ["Checked In", "Cancelled"])
def test_no_form_begins_a_visit_in_the_middle(facts, status):
	"""BK-6: who is here, or cancels, was booked first."""
	with pytest.raises(frappe.ValidationError):
		insert("Clinic Appointment", **facts() | {"status": status, "cancel_reason": "Ill"})


def test_what_a_form_asks_for_is_answered_or_declined(facts):
	"""BK-5: it has until the notice limit or 24 hours, and none where that is over."""
	asked = insert("Clinic Appointment", **facts() | {"status": "Requested"})
	assert timedelta(hours=23) < asked.expires_at_utc - to_database(now()) <= timedelta(hours=24)
	expire.decline_unanswered(asked.name, asked.doctor, now() + timedelta(hours=25))
	assert stored(asked, ["status"]) == {"status": "Cancelled"}
	with pytest.raises(frappe.ValidationError):
		insert("Clinic Appointment", **facts(-24 * 9) | {"status": "Requested"})


@pytest.mark.parametrize(
	("field", "value"),
	[
		("cancel_reason", "x" * 501),
		("squeeze_reason", "x\ny"),
		("contact_name", "x"),
		("contact_email", "x\ny"),
		("contact_email", "<script>"),
		("timezone", "Mars/X"),
	],
)
def test_what_the_api_refuses_no_form_takes(facts, visit, field, value):
	"""SE-3, ME-11: nor does an old record that has it stand in the way of other changes."""
	with pytest.raises(frappe.ValidationError):
		insert("Clinic Appointment", **facts(1) | {field: value})
	with pytest.raises(frappe.ValidationError):
		visit.update({field: value}).save()
	frappe.db.set_value(visit.doctype, visit.name, field, value[:140])
	visit = frappe.get_doc(visit.doctype, visit.name)
	visit.update({"no_reminders": 1}).save()
