"""What staff book and move: the same rules, of which they may override some (AV-9), never a claim."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import frappe

from clinic_booking.booking import claims, clock, overrules, patients, practices, terms
from clinic_booking.booking.clock import from_database, to_database
from clinic_booking.booking.patients import Contact
from clinic_booking.booking.place import Place, find_place
from clinic_booking.booking.practices import OfferedService, Practice
from clinic_booking.booking.transaction import require_same
from clinic_booking.errors import NotFound, TimeWindow, Validation, _
from clinic_booking.scheduling import status
from clinic_booking.scheduling.calendar import Visit
from clinic_booking.scheduling.refusal import DESK_MAY_OVERRIDE, NOTICE, OFF_GRID, why_not

# Whoever walks in is nobody's surprise for coming now: neither warned of nor kept.
WALK_IN_BREAKS = frozenset({NOTICE, OFF_GRID})
MOVABLE = frozenset({status.REQUESTED, status.CONFIRMED})


@dataclass(frozen=True)
class Wanted:
	"""A time that staff want: `start` is aware; `override` says that they saw the warning and go on.

	`squeeze_in`: as a second patient at a time that is taken, for a reason. `is_walk_in`: from now on.
	"""

	doctor: str
	service: str
	start: datetime
	clinic: str | None = None
	override: bool = False
	squeeze_in: bool = False
	is_walk_in: bool = False

	def for_walk_in(self, start: datetime) -> "Wanted":
		"""The same for somebody who is here: the desk has decided, hours or not."""
		return replace(self, start=start, override=True, is_walk_in=True)


def book(patient: str | Contact, wanted: Wanted, reason: str | None = None, now: datetime | None = None):
	"""A confirmed appointment made at the desk, returned. Overridden rules are kept with its first change.

	They stand in `flags.overridden`, as codes.

	The patient is one whom the user may see, or a contact: recognised as online (BK-4), else created. Raises
	what `hold` raises; `Validation`, `TimeWindow` for a rule that `override` would let through.
	"""
	practice, now = _locked_practice([wanted.doctor], wanted.doctor, now)
	service = _service(practice, wanted.service, wanted.clinic)
	place, overridden = _find(practice, service, wanted, now)
	person, contact = _person(patient, place.clinic)
	visit = service.visit.at(wanted.start)
	appointment = frappe.get_doc(
		doctype="Clinic Appointment",
		status=status.CONFIRMED,
		source="Desk",
		patient=person.name,
		contact_name=contact.name,
		contact_email=contact.email,
		contact_phone=contact.phone,
		language=person.language,
		channel=person.preferred_channel,
		timezone=person.timezone,
		doctor=wanted.doctor,
		service=wanted.service,
		clinic=place.clinic,
		room=place.room,
		starts_at_utc=to_database(visit.start),
		ends_at_utc=to_database(visit.end),
		policy=terms.freeze(terms.policy_now()),
		squeeze_in=int(wanted.squeeze_in),
		squeeze_reason=reason if wanted.squeeze_in else None,
	)
	appointment.flags.in_use_case = True
	appointment.flags.now = now
	appointment.flags.why = reason
	appointment.flags.overridden = overridden
	# Who gives name and contact in full books for a patient of another clinic, too (SE-1); what else it takes
	# was checked with the contact.
	return appointment.insert(ignore_permissions=isinstance(patient, Contact))


def move(
	name: str,
	current_doctor: str,
	wanted: Wanted,
	reason: str | None = None,
	now: datetime | None = None,
):
	"""Move an appointment, to another doctor too; it does not count as one of the patient's moves (PO-1)."""
	practice, now = _locked_practice([wanted.doctor, current_doctor], wanted.doctor, now)
	appointment = frappe.get_doc("Clinic Appointment", name, for_update=True)
	require_same(current_doctor, appointment)
	if appointment.status not in MOVABLE:
		raise Validation(_("This appointment can no longer be moved."))
	service = _with_length(_service(practice, wanted.service, wanted.clinic), appointment)
	place, overridden = _find(practice, service, wanted, now, name, appointment.clinic)
	visit = service.visit.at(wanted.start)
	appointment.update(
		{
			"doctor": wanted.doctor,
			"clinic": place.clinic,
			"room": place.room,
			"starts_at_utc": to_database(visit.start),
			"ends_at_utc": to_database(visit.end),
		}
	)
	if appointment.status == status.REQUESTED:
		appointment.expires_at_utc = to_database(terms.waits_until(appointment, practice, wanted.start, now))
	appointment.flags.in_use_case = True
	appointment.flags.now = now
	appointment.flags.why = reason
	appointment.flags.overridden = overridden
	return appointment.save()


def _locked_practice(doctors: list[str], doctor: str, now: datetime | None) -> tuple[Practice, datetime]:
	versions = claims.lock_doctors(doctors)
	if doctor not in versions:
		raise NotFound
	return practices.of(doctor, versions[doctor]), now or clock.now()


def offering(doctor: str, service: str, clinic: str | None = None) -> tuple[Practice, OfferedService]:
	"""What the desk may book: `NotFound` for an unknown doctor, `Validation` for what they don't give there."""
	practice = practices.of(doctor)
	if practice is None:
		raise NotFound
	return practice, _service(practice, service, clinic)


def offers(versions: dict[str, str]) -> list[dict]:
	"""`[{doctor, name, services: [{service, title, minutes, clinics: [{clinic, title, timezone}]}]}]`.

	`versions`: the doctors to tell about, each with the current version of their offer.
	"""
	return [_offer_shape(practice) for practice in practices.of_many(versions).values()]


def _offer_shape(practice: Practice) -> dict:
	clinics = {
		name: {"clinic": name, "title": row["title"], "timezone": row["timezone"]}
		for name, row in practice.clinics.items()
	}
	return {
		"doctor": practice.doctor,
		"name": practice.row["doctor_name"],
		"services": [
			{
				"service": service.name,
				"title": service.title,
				"minutes": service.visit.length_minutes,
				"clinics": [clinics[name] for name in service.clinics],
			}
			for service in practice.services.values()
			if service.clinics
		],
	}


def _person(patient: str | Contact, clinic: str) -> tuple:
	"""The Clinic Patient, and the contact that stands on the appointment."""
	if isinstance(patient, Contact):
		frappe.has_permission("Clinic Appointment", "create", throw=True)
		frappe.has_permission("Clinic", "read", clinic, throw=True)
		found = patients.recognise(patient)
		if not found:
			frappe.has_permission("Clinic Patient", "create", throw=True)
			found = patients.recognise_or_create(patient, clinic)
		return frappe.get_doc("Clinic Patient", found.name), patient
	person = frappe.get_doc("Clinic Patient", patient)
	person.check_permission("read")
	return person, Contact(person.patient_name, person.email, person.phone)


def _service(practice: Practice, name: str, clinic: str | None) -> OfferedService:
	"""Anything the doctor gives there; what patients can't book online the desk can."""
	service = practice.services.get(name)
	if service is None:
		raise Validation(fields={"service": _("This doctor does not offer this.")})
	if not service.is_at(clinic):
		raise Validation(fields={"clinic": _("This is not offered at this clinic.")})
	return service


def _with_length(service: OfferedService, appointment) -> OfferedService:
	"""The length that was agreed stays; buffers are those of whoever takes it now."""
	length = from_database(appointment.ends_at_utc) - from_database(appointment.starts_at_utc)
	visit = Visit(
		length_minutes=length // timedelta(minutes=1),
		buffer_before_minutes=service.visit.buffer_before_minutes,
		buffer_after_minutes=service.visit.buffer_after_minutes,
	)
	return replace(service, visit=visit)


def _find(
	practice: Practice,
	service: OfferedService,
	wanted: Wanted,
	now: datetime,
	without: str | None = None,
	current_clinic: str | None = None,
) -> tuple[Place, list[str]]:
	"""The place, and the codes of the rules that were overridden, if any.

	What is refused names all of them, in words, as `rules`. Without a clinic it stays where it is or goes to
	the doctor's first, if no clinic is open then.
	"""
	clinic, overridden = wanted.clinic, []
	if why_not(practice.calendar_of(service), service.visit, None, wanted.start, now, clinic):
		clinic = clinic or (current_clinic if current_clinic in service.prices else service.clinics[0])
		overridden = overrules.broken(practice, service.name, service.visit, wanted.start, now, clinic)
	try:
		place = find_place(
			practice,
			service,
			wanted.start,
			now,
			clinic,
			without,
			overriding=DESK_MAY_OVERRIDE if wanted.override else frozenset(),
			squeeze_in=wanted.squeeze_in,
		)
	except (TimeWindow, Validation) as error:
		error.facts["rules"] = overrules.sentences(overridden)
		raise
	return place, [code for code in overridden if not (wanted.is_walk_in and code in WALK_IN_BREAKS)]
