"""Does every live appointment and hold have its claims, and every claim its owner?

	bench --site SITE execute clinic_booking.booking.verify.report
	bench --site SITE execute clinic_booking.booking.verify.mend

Nothing in the app should ever make it find anything. It is for databases that hands or restores have been at.
"""

from dataclasses import dataclass

import frappe

from clinic_booking.booking import appointment_claims, claims, clock
from clinic_booking.booking.clock import to_database
from clinic_booking.booking.transaction import run
from clinic_booking.errors import SlotConflict

NO_KEY = "the database does not refuse overlaps"
OVERLAP = "overlaps another claim"
NO_OWNER = "a claim that belongs to nothing live"
NO_CLAIM = "a live appointment without its claims"
HOLD_WITHOUT_CLAIM = "a hold without its claim"


@dataclass(frozen=True)
class Finding:
	"""What is wrong, and with which record."""

	what: str
	doctype: str
	name: str


def report() -> list[str]:
	"""What is wrong, a line each; empty where all is well."""
	return [f"{finding.doctype} {finding.name}: {finding.what}" for finding in findings()]


def mend() -> list[str]:
	"""Put right what can be: claims without owner go, appointments without claims claim. The rest is returned.

	Two live appointments on one time can't both be right; whoever decides cancels or moves one of them.
	"""
	for finding in findings():
		if finding.what == NO_OWNER:
			claims.discard(finding.name)
		elif finding.what == HOLD_WITHOUT_CLAIM:
			frappe.db.set_value("Booking Request", finding.name, "status", "Expired")
		elif finding.what == NO_CLAIM:
			_claim_again(finding.name)
		frappe.db.commit()  # each by itself
	if not claims.overlapping():
		claims.ensure_key()
	return report()


def findings() -> list[Finding]:
	"""Everything that is wrong."""
	found = [] if claims.key_in_place() else [Finding(NO_KEY, "DocType", "Booked Slot")]
	found += [Finding(OVERLAP, "Booked Slot", name) for pair in claims.overlapping() for name in pair]
	found += [Finding(NO_OWNER, "Booked Slot", name) for name in _claims_without_owner()]
	found += [Finding(NO_OWNER, "Booked Slot", name) for name in _claims_elsewhere()]
	found += [Finding(NO_CLAIM, "Clinic Appointment", name) for name in _appointments_without_claims()]
	found += [Finding(HOLD_WITHOUT_CLAIM, "Booking Request", name) for name in _holds_without_claim()]
	return found


def _claim_again(name: str) -> None:
	"""Claim what the appointment says, if it is free."""
	appointment = frappe.get_doc("Clinic Appointment", name)
	appointment.flags.in_use_case = True

	def claim() -> None:
		claims.lock_doctors([appointment.doctor])
		appointment_claims.keep_claims(appointment)

	try:
		run(claim)
	except (SlotConflict, ValueError):
		# Taken, or no time that can be claimed: a person decides.
		frappe.db.rollback()


def _claims_without_owner() -> list[str]:
	return frappe.db.sql(
		"""SELECT s.name FROM `tabBooked Slot` s
		LEFT JOIN `tabClinic Appointment` a ON s.kind = 'Appointment' AND a.name = s.reference
			AND a.status IN ('Requested', 'Confirmed', 'Checked In')
		LEFT JOIN `tabBooking Request` r ON s.kind = 'Hold' AND r.name = s.reference
			AND r.status IN ('Held', 'Awaiting Payment')
		WHERE a.name IS NULL AND r.name IS NULL AND s.kind <> 'Block'""",
		pluck=True,
	)


def _claims_elsewhere() -> list[str]:
	"""Claims of live appointments on what isn't theirs, or outside their padded time."""
	return frappe.db.sql(
		"""SELECT s.name FROM `tabBooked Slot` s JOIN `tabClinic Appointment` a ON a.name = s.reference
		WHERE s.kind = 'Appointment' AND a.status IN ('Requested', 'Confirmed', 'Checked In')
		AND (s.resource NOT IN (CONCAT('Doctor:', a.doctor), CONCAT('Room:', COALESCE(a.room, '')))
			OR s.starts_at < a.starts_at_utc - INTERVAL a.buffer_before_minutes MINUTE
			OR s.ends_at > a.ends_at_utc + INTERVAL a.buffer_after_minutes MINUTE)""",
		pluck=True,
	)


def _appointments_without_claims() -> list[str]:
	"""Live ones whose padded time is not claimed, for the doctor or for the room they say they have."""
	return frappe.db.sql(
		"""SELECT a.name FROM `tabClinic Appointment` a
		LEFT JOIN `tabBooked Slot` d ON d.reference = a.name AND d.resource = CONCAT('Doctor:', a.doctor)
			AND d.starts_at = a.starts_at_utc - INTERVAL a.buffer_before_minutes MINUTE
			AND d.ends_at = a.ends_at_utc + INTERVAL a.buffer_after_minutes MINUTE
		LEFT JOIN `tabBooked Slot` r ON r.reference = a.name AND r.resource = CONCAT('Room:', a.room)
			AND r.starts_at = a.starts_at_utc - INTERVAL a.buffer_before_minutes MINUTE
			AND r.ends_at = a.ends_at_utc + INTERVAL a.buffer_after_minutes MINUTE
		WHERE a.status IN ('Requested', 'Confirmed', 'Checked In')
		AND (d.name IS NULL OR (COALESCE(a.room, '') <> '' AND r.name IS NULL))""",
		pluck=True,
	)


def _holds_without_claim() -> list[str]:
	return frappe.db.sql(
		"""SELECT r.name FROM `tabBooking Request` r
		LEFT JOIN `tabBooked Slot` s ON s.reference = r.name AND s.kind = 'Hold'
		WHERE r.status IN ('Held', 'Awaiting Payment') AND r.expires_at_utc > %s AND s.name IS NULL""",
		to_database(clock.now()),
		pluck=True,
	)
