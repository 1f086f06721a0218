"""The daily cash-up: by mode, cashier and clinic, a total for each currency (PY-4)."""

from decimal import Decimal

import frappe
import pytest
from frappe.desk import query_report
from frappe.utils import add_days, getdate, today

from clinic_booking.billing import cash_up, desk_refunds, payments
from clinic_booking.setup.demo import company_in
from tests.builders import insert
from tests.site.billing.practice import a_practice, work_off


@pytest.fixture
def practice(site):
	return a_practice("35.00")


def paid(practice, amount=None, mode="Cash", cashier="Administrator"):
	visit = practice.visit()
	work_off()
	payments.take(visit.reload(), mode, amount and Decimal(amount), cashier)
	frappe.db.commit()
	return visit.reload()


def figures(line):
	return (line.mode, line.cashier, line.count, line.received, line.returned, line.net)


def till(*practices):
	return cash_up.lines(getdate(today()), getdate(today()), [each.clinic.name for each in practices])


def test_by_mode_and_cashier(practice):
	"""PY-4: what each took, in which mode; parts count each; what went back is taken off."""
	rita = insert("User", email="rita@till.example", first_name="Rita", send_welcome_email=0).name
	paid(practice, "10")
	visit = paid(practice)
	paid(practice, cashier=rita)
	desk_refunds.give(visit, "Cash", Decimal(5), desk_refunds.refundable(visit), "Administrator")
	frappe.db.commit()
	assert [figures(line) for line in till(practice)] == [
		("Cash", "Administrator", 3, 45, 5, 40),
		("Cash", rita, 1, 35, 0, 35),
	]


def test_of_the_days_and_clinics_asked_for(practice):
	"""PY-4, SE-1: another clinic's money, another day's and a cancelled entry are not in it."""
	visit = paid(practice)
	other = a_practice("20.00")
	paid(other)
	assert [line.received for line in till(other)] == [20]
	yesterday = getdate(add_days(today(), -1))
	assert cash_up.lines(yesterday, yesterday, [practice.clinic.name]) == []
	(entry,) = frappe.get_all("Payment Entry", {"clinic_booking_appointment": visit.name}, pluck="name")
	frappe.get_doc("Payment Entry", entry).cancel()
	assert till(practice) == []


def test_a_total_for_each_currency(practice):
	"""PY-4, MO-15: yen and euro are not added up."""
	company = company_in("JPY", "Practice in Japan", "Japan")
	tokyo = a_practice("5001", company=company)
	paid(practice), paid(practice), paid(tokyo)
	sums = cash_up.totals(till(practice, tokyo))
	assert sums == {"EUR": (Decimal(70), Decimal(0)), "JPY": (Decimal(5001), Decimal(0))}


def reported(user, name="Cash-up", **filters):
	frappe.set_user(user)
	answer = query_report.run(name, filters=filters | {"from_date": today(), "to_date": today()})
	frappe.set_user("Administrator")
	return answer["result"]


def test_reception_sees_the_till_of_its_clinics(practice):
	"""SE-1, IN-12: a receptionist's report has their clinics only, whatever the filter says; with its totals."""
	other = a_practice("20.00")
	paid(practice), paid(other)
	user = insert("User", email="desk@till.example", first_name="Desk", send_welcome_email=0)
	user.add_roles("Clinic Receptionist")
	clinic = frappe.get_doc("Clinic", practice.clinic.name)
	clinic.append("staff", {"user": user.name, "role": "Receptionist"})
	clinic.save()
	rows = reported(user.name)
	assert [(row.get("clinic"), row["net"]) for row in rows] == [(practice.clinic.title, 35), (None, 35)]
	assert reported(user.name, clinic=other.clinic.name) == []
	assert (
		len(
			{row.get("clinic") for row in reported("Administrator")}
			& {practice.clinic.title, other.clinic.title}
		)
		== 2
	)


def test_a_doctor_sees_no_till(practice):
	"""SE-1: nor does anybody else without the role."""
	user = insert("User", email="doctor@till.example", first_name="Ana", send_welcome_email=0)
	user.add_roles("Clinic Doctor")
	for name in ("Cash-up", "Payment Reconciliation"):
		with pytest.raises(frappe.PermissionError):
			reported(user.name, name)
	frappe.set_user("Administrator")
