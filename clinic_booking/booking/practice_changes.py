"""What changes a doctor's practice, by DocType; hooks.py is the table of contents.

Each notes the doctors concerned in the transaction of the change itself (see `practices`): as they are, not as its
snapshot saw them, or whoever joined since would go on with what was before the change.
"""

import frappe

from clinic_booking.booking import claims, practices


def doctor(doc, method=None) -> None:
	"""Before a doctor is saved: the new version goes into the same row."""
	doc.offer_version = practices.new_version(doc.name)


def availability_exception(doc, method=None) -> None:
	before = doc.get_doc_before_save()
	practices.changed({doc.doctor, before.doctor if before else doc.doctor})


def clinic(doc, method=None) -> None:
	practices.changed(doctors_at([doc.name]))


def clinic_room(doc, method=None) -> None:
	before = doc.get_doc_before_save()
	practices.changed(doctors_at({doc.clinic, before.clinic if before else doc.clinic}))


def clinic_service(doc, method=None) -> None:
	practices.changed(doctors_giving(doc.name))


def specialty(doc, method=None) -> None:
	practices.changed(_parents("Doctor Specialty", "specialty", [doc.name]))


def holiday_list(doc, method=None) -> None:
	practices.changed(doctors_under(doc.name))


def holiday(doc, method=None) -> None:
	"""A row of a Holiday List that is saved or deleted by itself; those of the list's own form come with it."""
	practices.changed(doctors_under(doc.parent))


def doctors_giving(service: str) -> list[str]:
	"""Who gives a service."""
	return _parents("Doctor Service", "service", [service])


def doctors_at(clinics) -> list[str]:
	"""Who works at one of these clinics."""
	return _parents("Doctor Clinic", "clinic", clinics)


def doctors_under(holiday_list: str) -> list[str]:
	"""Who works at a clinic that a Holiday List closes."""
	return doctors_at(
		frappe.db.sql(
			"SELECT name FROM tabClinic WHERE holiday_list = %s LOCK IN SHARE MODE", holiday_list, pluck=True
		)
	)


def everybody() -> list[str]:
	"""Every doctor."""
	return frappe.db.sql("SELECT name FROM tabDoctor ORDER BY name FOR UPDATE", pluck=True)


def _parents(child: str, field: str, values) -> list[str]:
	query = f"SELECT DISTINCT parent FROM `tab{child}` WHERE `{field}` IN %s AND parenttype = 'Doctor'"
	if not (values := tuple(values)):
		return []
	# First those that are known, as a doctor's own form does: itself, then its rows.
	claims.lock_doctors(frappe.db.sql(query, (values,), pluck=True))
	return frappe.db.sql(f"{query} LOCK IN SHARE MODE", (values,), pluck=True)
