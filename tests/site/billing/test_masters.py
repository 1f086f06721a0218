"""The Customer of a patient and the Item of a service: the books make them once, and nobody else sets them (PY-1)."""

import frappe
import pytest

from clinic_booking.billing import masters
from tests.builders import a_clinic, a_patient, a_service, insert

MAKERS = {"Clinic Patient": ("customer", masters.customer_of), "Clinic Service": ("item", masters.item_of)}


@pytest.fixture(params=MAKERS)
def kind(site, request):
	return request.param


def a_record(doctype):
	return a_patient() if doctype == "Clinic Patient" else a_service(a_clinic(), price=35)


def of(record) -> str | None:
	return frappe.db.get_value(record.doctype, record.name, MAKERS[record.doctype][0])


def test_an_old_form_does_not_erase_it(kind):
	"""PY-1: opened before the first invoice, saved after it; the next invoice has the same."""
	record, make = a_record(kind), MAKERS[kind][1]
	form = frappe.get_doc(kind, record.name)
	made = make(record.name)
	form.save()
	assert of(record) == made == make(record.name)


def test_nobody_names_anothers(kind):
	"""PY-1, SE-1: what REST could write: neither on a record that is there nor on a new one."""
	field, make = MAKERS[kind]
	record, other = a_record(kind), a_record(kind)
	others = make(other.name)
	frappe.get_doc(kind, record.name).update({field: others}).save()
	assert of(record) is None
	new = insert(**frappe.copy_doc(record).as_dict() | {field: others})
	assert of(new) is None


def test_a_service_that_lost_its_item_gets_it_again(site):
	"""PY-1: by its name, else nothing of it could ever be invoiced again."""
	service = a_record("Clinic Service")
	made = masters.item_of(service.name)
	frappe.db.set_value("Clinic Service", service.name, "item", None)
	assert masters.item_of(service.name) == made


def test_an_old_id_is_an_imports(site):
	"""BK-10: a form neither writes nor erases it; Frappe's import of patients does."""
	patient = a_patient(old_id="P1")
	assert patient.old_id is None
	frappe.db.set_value("Clinic Patient", patient.name, "old_id", "P2", update_modified=False)
	patient.update({"old_id": "P1"}).save()
	assert frappe.db.get_value("Clinic Patient", patient.name, "old_id") == "P2"
	frappe.flags.in_import = True
	try:
		patient.update({"old_id": "P3"}).save()
	finally:
		frappe.flags.in_import = False
	assert frappe.db.get_value("Clinic Patient", patient.name, "old_id") == "P3"
