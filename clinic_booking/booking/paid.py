"""Money has come for a booking: what waited for it becomes certain, or it is too late (BK-5, BK-8).

Called by whoever keeps the payment, within its transaction, doctor first:

	versions = claims.lock_doctors([doctor])
	booking = paid.locked(request, appointment)
	... lock and settle the payment ...
	appointment = paid.make_certain(booking, amount, versions[doctor], now)
"""

from datetime import datetime
from decimal import Decimal

import frappe
from frappe.database.database import savepoint

from clinic_booking.booking import claims, from_request, payable, practices, requests
from clinic_booking.booking.changes import Actor
from clinic_booking.booking.claims import Claim
from clinic_booking.booking.clock import from_database
from clinic_booking.booking.place import find_place
from clinic_booking.booking.practice import OfferedService, Practice
from clinic_booking.errors import HoldExpired, SlotConflict, TimeWindow, Validation
from clinic_booking.scheduling import refusal, status

SYSTEM = Actor("Administrator", "System Manager")
# What was right when the patient picked the time, and may have passed since.
OVERRIDDEN = frozenset({refusal.NOTICE, refusal.HORIZON, refusal.OFF_GRID, refusal.OFFLINE})


def locked(request: str | None, appointment: str | None):
	"""The record that money came for, locked: the appointment, else the request that has not become one."""
	if request:
		found = requests.locked(request)
		appointment = found.appointment or appointment
	if appointment:
		found = frappe.get_doc("Clinic Appointment", appointment, for_update=True)
	return found


def make_certain(booking, amount: Decimal, version: str, now: datetime) -> str | None:
	"""The appointment that `amount` counts for: made, confirmed, or there already. None: it is too late.

	Money for a request that lapsed makes the appointment if its time is still free; what the patient or the
	clinic cancelled stays cancelled. `version` is that of the doctor's offer, read with the lock.
	"""
	if booking.doctype == "Booking Request":
		return _from_request(booking, practices.of(booking.doctor, version), now)
	if booking.status == status.CANCELLED:
		return None
	if booking.status == status.REQUESTED and booking.approved_at_utc and amount >= payable.due_of(booking):
		_confirm(booking, now)
	return booking.name


def _confirm(appointment, now: datetime) -> None:
	appointment.status = status.CONFIRMED
	appointment.flags.update({"in_use_case": True, "paid": True, "now": now, "actor": SYSTEM})
	# Approved by the doctor, paid by the patient: nobody else is asked.
	appointment.save(ignore_permissions=True)


def _from_request(request, practice: Practice, now: datetime) -> str | None:
	if request.room:
		claims.lock_rooms([request.room])
	if request.status not in (requests.AWAITING_PAYMENT, requests.EXPIRED) or not request.patient_name:
		return None
	if from_database(request.starts_at_utc) > now and _has_its_time(request, practice, now):
		person, note = from_request.person_of(request), request.note_encrypted
		# Whatever of its time has gone all the same: it is too late, and the money must not come to nothing.
		with savepoint(catch=HoldExpired):
			appointment = from_request.make(request, person, note, practice, now)
			request.db_update()
			return appointment.name
	_end(request)
	return None


def _has_its_time(request, practice: Practice, now: datetime) -> bool:
	"""Whether the request has its claims, or gets them again (BK-8)."""
	live = requests.status_at(request, now) == requests.AWAITING_PAYMENT
	if live and len(claims.held(request.name)) == requests.claims_of(request):
		return True
	service = practice.services.get(request.service)
	if not practice.row["enabled"] or service is None or request.clinic not in service.prices:
		return False
	claims.release(request.name)
	try:
		_claim_again(request, practice, service, now)
	except (SlotConflict, TimeWindow, Validation):
		return False
	return True


def _claim_again(request, practice: Practice, service: OfferedService, now: datetime) -> None:
	service = service.as_booked(request)
	start = from_database(request.starts_at_utc)
	place = find_place(practice, service, start, now, request.clinic, overriding=OVERRIDDEN)
	padded = service.visit.padded(start)
	time = Claim(claims.doctor(request.doctor), padded.start, padded.end)
	claims.take(time, "Hold", request.name, now, now)
	# The service may have come to need one since, or no more.
	request.room = None
	if place.room:
		rooms = [place.room, *(room for room in service.rooms[request.clinic] if room != place.room)]
		request.room = claims.take_room(rooms, time, "Hold", request.name, now, now)


def _end(request) -> None:
	"""Too late: what it may have got again it gives back."""
	claims.release(request.name)
	request.status = requests.EXPIRED
	request.db_update()
