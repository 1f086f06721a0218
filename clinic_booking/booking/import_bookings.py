"""Bookings of an older system taken over, line by line, each whole or not at all (BK-10).

The old IDs stay on the records, so that the same file imported again changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime

import frappe

from clinic_booking.booking import claims, clock, overrules, patients, practices, terms
from clinic_booking.booking.appointments import IMPORTED
from clinic_booking.booking.clock import to_database
from clinic_booking.booking.patients import Contact
from clinic_booking.errors import TimeWindow, Validation, _
from clinic_booking.scheduling import status, walltime


@dataclass(frozen=True)
class Taken:
	"""One line: the patient and, unless `start` (the clinic's wall clock, naive) is None, the appointment.

	`doctor` and `service` are names or titles.
	"""

	old_id: str
	contact: Contact
	old_patient_id: str | None = None
	doctor: str | None = None
	service: str | None = None
	start: datetime | None = None


def import_line(clinic: str, line: Taken, now: datetime | None = None) -> tuple[str | None, list[str]]:
	"""Take over one line: the name of the appointment or patient made (None where it was there already), and the
	codes of the rules that the appointment breaks.

	Opening hours don't count, since what was agreed is agreed; those overridden are kept with its history. Raises `Validation` by column, `TimeWindow` for
	what is over, `SlotConflict` for a time that is taken.
	"""
	if line.start is None:
		return _patient_alone(clinic, line), []
	if not (line.doctor and line.service):
		raise Validation(fields={"doctor": _("An appointment needs a doctor and a service.")})
	doctor = _named("Doctor", "doctor_name", line.doctor, "doctor", practice_of(clinic))
	versions = claims.lock_doctors([doctor])
	now = now or clock.now()
	if frappe.db.exists("Clinic Appointment", {"clinic": clinic, "old_id": line.old_id}):
		return None, []
	practice = practices.of(doctor, versions[doctor])
	offered = practice.services
	titles = {service.title: name for name, service in offered.items()}
	service = line.service if line.service in offered else titles.get(line.service)
	if service is None:
		raise Validation(fields={"service": _("This doctor does not offer this.")})
	start = _instant(clinic, line.start)
	if start <= now:
		raise TimeWindow(_("This time is over."))
	visit = offered[service].visit
	overridden = overrules.broken(practice, service, visit, start, now, clinic)
	return _appointment(clinic, line, doctor, service, start, overridden).name, overridden


def practice_of(clinic: str) -> set[str]:
	"""The doctors who work at a clinic."""
	return set(frappe.get_all("Doctor Clinic", {"clinic": clinic, "parenttype": "Doctor"}, pluck="parent"))


def _appointment(clinic: str, line: Taken, doctor: str, service: str, start: datetime, overridden: list[str]):
	patient, _is_new = _patient(clinic, line)
	appointment = frappe.get_doc(
		doctype="Clinic Appointment",
		status=status.CONFIRMED,
		source=IMPORTED,
		old_id=line.old_id,
		patient=patient,
		contact_name=line.contact.name,
		contact_email=line.contact.email,
		contact_phone=line.contact.phone,
		doctor=doctor,
		service=service,
		clinic=clinic,
		starts_at_utc=to_database(start),
		policy=terms.freeze(terms.policy_now()),
	)
	appointment.flags.in_use_case = True
	appointment.flags.overridden = overridden
	# Only who manages the clinic imports there; the patient may be one of another clinic, known by contact.
	return appointment.insert(ignore_permissions=True)


def _patient_alone(clinic: str, line: Taken) -> str | None:
	if not (line.old_patient_id or line.contact.phone or line.contact.email):
		raise Validation(fields={"phone": _("A patient needs a phone, an e-mail or an ID of their own.")})
	patient, is_new = _patient(clinic, line)
	return patient if is_new else None


def _patient(clinic: str, line: Taken) -> tuple[str, bool]:
	"""The patient by the old ID, else by contact (BK-4), else new; and whether they are."""
	old = line.old_patient_id
	if old and (known := frappe.db.get_value("Clinic Patient", {"clinic": clinic, "old_id": old})):
		return known, False
	known = patients.recognise(line.contact)
	found = known or patients.recognise_or_create(line.contact, clinic)
	if old and not known:
		frappe.db.set_value("Clinic Patient", found.name, "old_id", old, update_modified=False)
	return found.name, not known


def _named(doctype: str, title: str, wanted: str, column: str, among: set[str]) -> str:
	"""The record of that name or title; `Validation` for none, and for a title that several have."""
	found = frappe.get_all(
		doctype,
		{"name": ("in", list(among))},
		["name"],
		or_filters={"name": wanted, title: wanted},
		pluck="name",
	)
	if len(found) != 1:
		raise Validation(fields={column: _("Nobody, or more than one, is called this here.")})
	return found[0]


def _instant(clinic: str, wall: datetime) -> datetime:
	"""The instant of the clinic's wall clock; the first where it comes twice (AV-8)."""
	zone = frappe.get_cached_value("Clinic", clinic, "timezone")
	instants = walltime.to_utc(wall.date(), wall.time(), zone)
	if not instants:
		raise Validation(fields={"start": _("The clocks skip this time.")})
	return instants[0]
