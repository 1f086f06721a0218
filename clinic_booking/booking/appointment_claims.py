"""An appointment's claims follow it, whichever road it is saved by (BK-3, BK-10, AV-15)."""

from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import get_datetime

from clinic_booking.booking import claims, clock
from clinic_booking.booking.claims import SQUEEZED, Claim
from clinic_booking.errors import SlotConflict
from clinic_booking.scheduling import status

KIND = "Appointment"


class TimeTaken(frappe.ValidationError):
	"""The desk's and REST's word for `ERR_SLOT_CONFLICT`."""

	http_status_code = 409


def keep_claims(appointment) -> None:
	"""Make the claims on doctor and room what the appointment says, or fail.

	Only what differs is given back and taken: what it keeps it never lets go, not even for a moment.
	"""
	if appointment.flags.hold:
		expected = 2 if appointment.room else 1
		claims.hand_over(appointment.flags.hold, appointment.name, expected)
		return
	# A new one has none, and looking for them would lock the gap where others' claims go.
	is_new = appointment.flags.in_insert
	if appointment.status not in status.LIVE:
		if not is_new:
			claims.release(appointment.name)
		return
	rooms = [appointment.room] if appointment.room else list(appointment.flags.rooms or ())
	claims.lock_doctors([appointment.doctor])
	claims.lock_rooms(rooms)
	held = set() if is_new else claims.held(appointment.name)
	time = _time(appointment)
	room = claims.in_room(appointment.room, time) if appointment.room else None
	gone = {claim for claim in held if claim not in (time, room) and not _is_under(claim, time)}
	needs_room = bool(rooms) and room not in held
	if time in held and not gone and not needs_room:
		return
	try:
		claims.release(appointment.name, only=gone)
		_take(appointment, time, held, rooms if needs_room else [])
	except SlotConflict:
		if appointment.flags.in_use_case:
			raise
		frappe.throw(_("That time is taken for this doctor or room"), TimeTaken)


def release(appointment) -> None:
	"""Give its time back when an appointment is deleted."""
	claims.release(appointment.name)


def _take(appointment, time: Claim, held: set[Claim], rooms: list[str]) -> None:
	now = clock.now()
	if time not in held and appointment.squeeze_in:
		claims.squeeze(time, appointment.name)
	elif time not in held:
		claims.take(time, KIND, appointment.name, now)
	if rooms:
		room = claims.take_room(rooms, time, KIND, appointment.name, now)
		if appointment.room != room:
			appointment.db_set("room", room, update_modified=False)


def _time(appointment) -> Claim:
	"""The claim on the doctor, buffers included; seat 2 for one that is squeezed in."""
	return Claim(
		claims.doctor(appointment.doctor),
		get_datetime(appointment.starts_at_utc) - timedelta(minutes=appointment.buffer_before_minutes or 0),
		get_datetime(appointment.ends_at_utc) + timedelta(minutes=appointment.buffer_after_minutes or 0),
		SQUEEZED if appointment.squeeze_in else 1,
	)


def _is_under(claim: Claim, time: Claim) -> bool:
	"""Whether a claim is a part of seat 1 that a squeezed-in appointment could get under its own time."""
	return (
		time.seat == SQUEEZED
		and (claim.resource, claim.seat) == (time.resource, 1)
		and time.starts_at <= claim.starts_at
		and claim.ends_at <= time.ends_at
	)
