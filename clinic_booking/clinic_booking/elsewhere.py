"""Who changes the offer of a doctor of several clinics changes it at their own only (SE-1).

That somebody may write the Doctor or the exception at all is in `clinic_booking/permissions.py`.
"""

import frappe
from frappe import _
from frappe.utils import flt, get_time, getdate

from clinic_booking.permissions import Reach, is_unlimited, reach_of

NOBODY = frappe._dict(clinics=[], services=[], availability=[])


def check_doctor(doctor) -> None:
	"""Refuse a Doctor as it is saved where it changes what holds at a clinic that the user does not manage.

	Hours are the doctor's own, too; where they work and what they charge is not.
	"""
	reach = _reach(doctor)
	if reach is None:
		return
	is_own = doctor.name in reach.doctors
	if is_own and not reach.managed:
		return  # a doctor without the office of a manager: Frappe takes back whatever else they wrote
	before = doctor.get_doc_before_save() or NOBODY
	elsewhere = (_named(before) | _named(doctor)) - reach.managed
	priced = _priced(elsewhere)
	for clinic in sorted(elsewhere):
		was, is_ = (_offer(version, clinic, priced) for version in (before, doctor))
		if was != is_ or (not is_own and _hours(before, clinic) != _hours(doctor, clinic)):
			title = frappe.get_cached_value("Clinic", clinic, "title")
			_refuse(_("Only a manager of {0} changes what a doctor offers there").format(title))


def check_exception(exception) -> None:
	"""Refuse an Availability Exception as it is saved or deleted that closes or opens a clinic where the user is
	no staff; one without a clinic is for all of the doctor's."""
	reach = _reach(exception)
	before = exception.get_doc_before_save()
	for version in filter(None, (before, exception)) if reach else ():
		clinics = {version.clinic} if version.clinic else _clinics_of(version.doctor)
		if version.doctor not in reach.doctors and clinics - reach.clinics:
			_refuse(_("The doctor works at other clinics, too: choose one of yours"))


def _reach(doc) -> Reach | None:
	"""What the user reaches; None where it does not matter."""
	user = frappe.session.user
	return None if doc.flags.ignore_permissions or is_unlimited(user) else reach_of(user)


def _refuse(message: str) -> None:
	frappe.throw(message, frappe.PermissionError)


def _named(doctor) -> set[str]:
	rows = (*doctor.clinics, *doctor.services, *doctor.availability)
	return {row.clinic for row in rows if row.clinic}


def _clinics_of(doctor: str) -> set[str]:
	return set(frappe.get_all("Doctor Clinic", {"parent": doctor, "parenttype": "Doctor"}, pluck="clinic"))


def _priced(clinics: set[str]) -> set[tuple[str, str]]:
	"""(service, clinic) of what is offered at these clinics."""
	filters = {"clinic": ("in", list(clinics)), "parenttype": "Clinic Service"}
	return set(frappe.get_all("Clinic Service Price", filters, ["parent", "clinic"], as_list=True))


def _offer(doctor, clinic: str, priced: set[tuple[str, str]]) -> tuple:
	"""Whether the doctor works there, and which services they give there, how long and for what price of their own."""
	works = clinic in [row.clinic for row in doctor.clinics]
	rows = [row for row in doctor.services if works and (row.service, clinic) in priced]
	lengths, prices = {}, {}
	for row in rows:
		lengths[row.service] = lengths.get(row.service) or row.duration_minutes or 0
		if row.clinic == clinic:
			prices[row.service] = flt(row.price)
	return works, lengths, prices


def _hours(doctor, clinic: str) -> list[tuple]:
	return sorted(
		(
			row.weekday,
			get_time(row.start_time),
			get_time(row.end_time),
			*(str(getdate(day)) if day else "" for day in (row.valid_from, row.valid_to)),
		)
		for row in doctor.availability
		if row.clinic == clinic
	)
