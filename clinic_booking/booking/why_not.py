"""Why a given time is not offered, in words (AV-14)."""

from datetime import datetime

import frappe

from clinic_booking.booking import availability, claims, clock, overrules, practices
from clinic_booking.errors import NotFound, Validation, _
from clinic_booking.scheduling.claims import Claim
from clinic_booking.scheduling.refusal import why_not


def explain(
	doctor: str, service: str, start: datetime, clinic: str | None = None, now: datetime | None = None
) -> dict:
	"""`{offered, code, text, claim}`: the first rule that speaks against a visit at `start` (aware).

	`claim` is `{start, end, kind, reference, patient}` of what has the time, its reference (the appointment's
	name) and patient's name only for whoever may see it. Raises `NotFound` and `Validation` for a doctor or service that are not there.
	"""
	practice = practices.of(doctor)
	if practice is None:
		raise NotFound
	offered = practice.services.get(service)
	if offered is None:
		raise Validation(fields={"service": _("This doctor does not offer this.")})
	now = now or clock.now()
	rooms = offered.all_rooms(clinic)
	padded = offered.visit.padded(start)
	read = availability.read_claims([doctor], rooms, padded.start, padded.end, now=now)
	reason = why_not(
		practice.calendar_of(offered),
		offered.visit,
		_with_buffers(doctor, padded),
		start,
		now,
		clinic,
		read.of_rooms(offered),
	)
	if reason is None:
		return {"offered": True, "code": None, "text": None, "claim": None}
	claim = _claim_at(doctor, reason.interval) if reason.interval else None
	(text,) = overrules.sentences([reason.code])
	return {"offered": False, "code": reason.code, "text": text, "claim": claim}


def _with_buffers(doctor: str, padded) -> list[Claim]:
	"""The claims around a time, each with the buffers that are part of it."""
	return [
		Claim(start, end, before or 0, after or 0)
		for start, end, before, after in frappe.db.sql(
			"""SELECT TIMESTAMPDIFF(MINUTE, '1970-01-01', s.starts_at),
			TIMESTAMPDIFF(MINUTE, '1970-01-01', s.ends_at),
			COALESCE(a.buffer_before_minutes, r.buffer_before_minutes),
			COALESCE(a.buffer_after_minutes, r.buffer_after_minutes)
			FROM `tabBooked Slot` s
			LEFT JOIN `tabClinic Appointment` a ON a.name = s.reference
			LEFT JOIN `tabBooking Request` r ON r.name = s.reference
			WHERE s.resource = %s AND s.seat IN %s AND s.ends_at > %s AND s.ends_at <= %s AND s.starts_at < %s
			AND (s.expires_at IS NULL OR s.expires_at > UTC_TIMESTAMP(6))""",
			(
				claims.doctor(doctor),
				claims.SEATS,
				clock.to_database(padded.start),
				clock.to_database(padded.end + claims.LONGEST),
				clock.to_database(padded.end),
			),
		)
	]


def _claim_at(doctor: str, interval) -> dict:
	"""What has the time of `interval` (a claim's, buffers included)."""
	rows = frappe.db.sql(
		"""SELECT kind, reference FROM `tabBooked Slot`
		WHERE resource = %s AND seat IN %s AND starts_at = %s AND ends_at = %s""",
		(
			claims.doctor(doctor),
			claims.SEATS,
			clock.to_database(interval.start),
			clock.to_database(interval.end),
		),
	)
	kind, reference = rows[0] if rows else (None, None)
	seen = kind == "Appointment" and frappe.has_permission("Clinic Appointment", "read", reference)
	return {
		"start": interval.start.isoformat(),
		"end": interval.end.isoformat(),
		"kind": kind,
		"reference": reference if seen else None,
		"patient": frappe.db.get_value("Clinic Appointment", reference, "patient_name") if seen else None,
	}
