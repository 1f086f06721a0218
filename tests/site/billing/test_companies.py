"""A visit stays in the books of the company that it was agreed with."""

import frappe
import pytest
from frappe.utils import add_to_date

from clinic_booking.booking import reschedule
from clinic_booking.booking.clock import from_database
from clinic_booking.errors import Validation
from tests.builders import a_clinic, a_doctor, a_patient, a_service
from tests.site.billing.practice import Practice, invoices, work_off


def two_clinics(price, **second):
	"""A practice whose doctor gives the same service at a second clinic, too, at other hours."""
	clinics = [a_clinic(), a_clinic(**second)]
	service = a_service(*clinics, price=price)
	doctor = a_doctor(service, clinics=clinics, hours=("06:00", "12:00"))
	for block in list(doctor.availability):
		doctor.append(
			"availability",
			{
				"clinic": clinics[1].name,
				"weekday": block.weekday,
				"start_time": "13:00",
				"end_time": "20:00",
			},
		)
	doctor.save()
	return clinics, service, doctor


@pytest.fixture
def other_company(site):
	beside = frappe.get_doc(
		doctype="Company",
		company_name="Practice Beside",
		abbr="PB",
		default_currency="EUR",
		country="Spain",
		create_chart_of_accounts_based_on="Standard Template",
		chart_of_accounts="Standard",
	)
	return {"company": beside.insert().name}


def move(visit, clinic):
	visit = frappe.get_doc("Clinic Appointment", visit.name)
	visit.flags.in_use_case = True
	visit.update({"clinic": clinic.name, "starts_at_utc": add_to_date(visit.starts_at_utc, hours=7)}).save()
	return visit


def a_visit(clinics, service, doctor):
	visit = Practice(clinics[0], service, doctor, a_patient(), price=35).visit()
	work_off()
	return visit


def test_visit_that_costs_money_is_not_moved_to_another_company(other_company):
	"""MO-19, PY-1: its invoice stays where it is, so the visit does, by staff and by the patient."""
	clinics, service, doctor = two_clinics(35, **other_company)
	visit = a_visit(clinics, service, doctor)
	with pytest.raises(Validation) as refused:
		move(visit, clinics[1])
	assert "clinic" in refused.value.facts["fields"]
	frappe.db.rollback()
	start = from_database(add_to_date(visit.starts_at_utc, hours=7))
	with pytest.raises(Validation):
		reschedule.reschedule(visit.name, doctor.name, start, clinics[1].name)


@pytest.mark.parametrize(("price", "is_beside"), [(0, True), (35, False)])
def test_within_a_company_or_free_it_is(other_company, price, is_beside):
	"""PO-1: what has no invoice, or keeps it, moves."""
	clinics, service, doctor = two_clinics(price, **(other_company if is_beside else {}))
	visit = move(a_visit(clinics, service, doctor), clinics[1])
	work_off()
	assert visit.clinic == clinics[1].name and len(invoices(visit)) == bool(price)
