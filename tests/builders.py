"""Records with good defaults for tests on a site; give only what matters.

Each returns the saved document and leaves the commit to the test.
"""

from itertools import count

import frappe

number = count(1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def a_clinic(**values):
	"""A clinic in Madrid, of the site's default company (EUR)."""
	values = {
		"title": f"Clinic {next(number)} {frappe.generate_hash(length=6)}",
		"city": "Madrid",
		"country": "Spain",
		"phone": "+34911234567",
		"timezone": "Europe/Madrid",
		"company": frappe.db.get_single_value("Global Defaults", "default_company"),
	} | values
	return insert("Clinic", **values)


def a_room(clinic, **values):
	"""A room of kind "Consulting" at `clinic`."""
	values = {"title": f"Room {next(number)}", "clinic": clinic.name, "kind": "Consulting"} | values
	if values["kind"] not in [row.kind for row in clinic.room_kinds]:
		clinic.append("room_kinds", {"kind": values["kind"]})
		clinic.save()
	return insert("Clinic Room", **values)


def a_service(*clinics, price=0, **values):
	"""A free visit of 30 minutes, offered at `clinics` for `price`."""
	values = {
		"title": f"Visit {next(number)} {frappe.generate_hash(length=6)}",
		"duration_minutes": 30,
		"payment": "At Clinic" if price else "Free",
		"prices": [{"clinic": clinic.name, "price": price} for clinic in clinics],
	} | values
	return insert("Clinic Service", **values)


def a_doctor(*services, clinics, hours=("06:00", "22:00"), weekdays=WEEKDAYS, **values):
	"""A doctor open daily from 6 to 22 at the first of `clinics`, who gives `services`."""
	surname = frappe.generate_hash(length=8)
	values = {
		"doctor_name": f"Ana {surname}",
		"buffer_after_minutes": 0,
		"clinics": [{"clinic": clinic.name} for clinic in clinics],
		"services": [{"service": service.name} for service in services],
		"availability": [a_block(clinics[0], weekday, *hours) for weekday in weekdays],
	} | values
	return insert("Doctor", **values)


def a_block(clinic, weekday, start_time, end_time, **values):
	"""A row of weekly availability."""
	return {
		"clinic": clinic.name,
		"weekday": weekday,
		"start_time": start_time,
		"end_time": end_time,
	} | values


def a_patient(**values):
	"""A patient with a phone and an e-mail of their own."""
	unique = next(number)
	values = {
		"patient_name": f"Maria Ionescu {unique}",
		"email": f"maria{unique}.{frappe.generate_hash(length=6)}@example.com",
		"phone": f"+34611{unique:06d}",
	} | values
	return insert("Clinic Patient", **values)


def an_exception(doctor, **values):
	"""The doctor is away, all day, on `from_date`."""
	values = {"doctor": doctor.name, "kind": "Closed", "all_day": 1} | values
	values.setdefault("to_date", values["from_date"])
	return insert("Availability Exception", **values)


def insert(doctype, **values):
	"""Insert as the test's user, without permissions in the way."""
	return frappe.get_doc(doctype=doctype, **values).insert(ignore_permissions=True)
