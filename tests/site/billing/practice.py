"""A practice whose visits cost money, and its books."""

from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe.utils import add_to_date, now_datetime

from clinic_booking.billing import tasks
from clinic_booking.booking.clock import from_database
from tests.builders import a_clinic, a_doctor, a_patient, a_service


@dataclass
class Practice:
	"""One clinic, its doctor, a service with a price, and a patient."""

	clinic: object
	service: object
	doctor: object
	patient: object
	price: Decimal
	hour: int = 0

	@property
	def currency(self) -> str:
		return self.clinic.currency

	def visit(self, **values):
		"""A confirmed visit the day after tomorrow, an hour after the last one."""
		self.hour += 1
		midnight = now_datetime().replace(hour=0, minute=0, second=0, microsecond=0)
		appointment = frappe.get_doc(
			{
				"doctype": "Clinic Appointment",
				"doctor": self.doctor.name,
				"service": self.service.name,
				"clinic": self.clinic.name,
				"patient": self.patient.name,
				"starts_at_utc": add_to_date(midnight, days=2, hours=self.hour + 6),
			}
			| values
		)
		appointment.flags.in_use_case = True
		return appointment.insert(ignore_permissions=True)


def a_practice(price, company=None, no_show_fee=0, **clinic) -> Practice:
	clinic = a_clinic(**({"company": company} if company else {}), **clinic)
	service = a_service(clinic, price=float(price), no_show_fee=no_show_fee)
	doctor = a_doctor(service, clinics=[clinic])
	frappe.db.commit()
	return Practice(clinic, service, doctor, a_patient(), Decimal(price))


def work_off() -> None:
	"""What the worker does after the commit."""
	frappe.db.commit()
	tasks.every_minute()


def become(appointment, status, **values):
	"""Change the state as the desk does, whatever the hour."""
	values = {"cancel_reason": "Ill", "cancelled_by": "Clinic"} | values if status == "Cancelled" else values
	if status in ("No Show", "Completed"):
		past = add_to_date(now_datetime(), days=-1).replace(microsecond=0, second=0)
		frappe.db.set_value(
			"Clinic Appointment",
			appointment.name,
			{"starts_at_utc": past, "ends_at_utc": add_to_date(past, minutes=30)},
		)
	appointment = frappe.get_doc("Clinic Appointment", appointment.name)
	appointment.flags.why = "Because"
	if status == "Checked In":
		appointment.flags.now = from_database(appointment.starts_at_utc)
	appointment.flags.in_use_case = True
	appointment.update({"status": status, **values}).save()
	return appointment


def invoices(appointment, **filters) -> list:
	"""The submitted invoices of an appointment, credit notes included, the oldest first."""
	filters = {"clinic_booking_appointment": appointment.name, "docstatus": 1} | filters
	names = frappe.get_all("Sales Invoice", filters, pluck="name", order_by="creation")
	return [frappe.get_doc("Sales Invoice", name) for name in names]


def posted(document) -> dict[str, Decimal]:
	"""Debit less credit by kind of account, of what a document has in the General Ledger."""
	rows = frappe.db.sql(
		"""SELECT account.root_type, SUM(entry.debit - entry.credit) FROM `tabGL Entry` entry
		JOIN `tabAccount` account ON account.name = entry.account
		WHERE entry.voucher_no = %s AND entry.is_cancelled = 0 GROUP BY account.root_type""",
		document.name,
	)
	return {kind: Decimal(str(amount)).quantize(Decimal("0.001")) for kind, amount in rows}


def payment_status(appointment) -> str:
	return frappe.db.get_value("Clinic Appointment", appointment.name, "payment_status")


def alerts(appointment, status="Open") -> list[str]:
	filters = {"reference_name": appointment.name, "kind": tasks.KIND, "status": status}
	return frappe.get_all("Clinic Alert", filters, pluck="message")
