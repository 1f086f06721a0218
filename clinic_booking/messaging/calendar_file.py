"""An appointment as the calendar file of its patient (BK-7, NT-2)."""

import uuid
from datetime import datetime

import frappe
from frappe.utils import get_url

from clinic_booking.booking import changes, status, tokens
from clinic_booking.booking.clock import from_database
from clinic_booking.messaging import ics
from clinic_booking.scheduling import status as states
from clinic_booking.translations import translate as _

STATUSES = {states.REQUESTED: ics.TENTATIVE, states.CANCELLED: ics.CANCELLED}
HOST = "clinic-booking"


def of(
	appointment, now: datetime, with_link: bool, attendee: str | None = None, organizer: str | None = None
) -> bytes:
	"""The file as of `now` (aware), in the language of the current request, in the zone the visit is told in.

	`with_link`: it goes to the patient themself, and may open the booking. `attendee`: the e-mail address that
	it is sent to, as an invitation by `organizer`, the clinic's own address if it is not given.
	"""
	doctor = frappe.get_cached_value("Doctor", appointment.doctor, "doctor_name")
	service = frappe.get_cached_doc("Clinic Service", appointment.service)
	clinic = frappe.get_cached_doc("Clinic", appointment.clinic)
	sequence, changed_at = changes.revision(appointment.name)
	return ics.write(
		ics.Visit(
			uid=_uid(appointment),
			sequence=sequence,
			starts_at=from_database(appointment.starts_at_utc),
			ends_at=from_database(appointment.ends_at_utc),
			timezone=status.zone_of(appointment),
			status=STATUSES.get(appointment.status, ics.CONFIRMED),
			summary=f"{_(service.title)}, {doctor}",
			location=_("Video visit") if service.video else address(clinic),
			description=_description(appointment, clinic),
			changed_at=from_database(changed_at) or now,
			organizer_name=clinic.title,
			organizer_email=organizer or clinic.email,
			url=get_url(f"/booking/{tokens.token_of(appointment.seed)}") if with_link else None,
			attendee=attendee,
		),
		now,
	)


def _uid(appointment) -> str:
	"""The same for the life of the booking, on any site; made of the token's hash, it opens nothing."""
	return f"{uuid.UUID(appointment.token_hash[:32])}@{HOST}"


def address(clinic) -> str:
	"""A clinic's title and address in one line."""
	lines = [clinic.title, *(clinic.address_line or "").splitlines()]
	if clinic.city and clinic.city not in " ".join(lines):
		lines.append(clinic.city)
	return ", ".join(line.strip() for line in lines if line.strip())


def _description(appointment, clinic) -> str:
	lines = [_("Reference: {0}").format(appointment.reference), clinic.title]
	if clinic.phone:
		lines.append(_("Phone: {0}").format(clinic.phone))
	return "\n".join(lines)
