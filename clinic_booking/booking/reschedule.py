"""A patient moves their appointment (PO-1)."""

from dataclasses import replace
from datetime import datetime

import frappe

from clinic_booking.booking import answers, appointments, claims, clock, practices, requests, status, terms
from clinic_booking.booking.clock import from_database, to_database
from clinic_booking.booking.place import find_place
from clinic_booking.booking.practice import OfferedService, Practice
from clinic_booking.booking.transaction import require_same
from clinic_booking.errors import MaxReschedules, TimeWindow, Validation, _
from clinic_booking.scheduling import policy
from clinic_booking.scheduling import status as states

MOVABLE = frozenset({states.REQUESTED, states.CONFIRMED})


def reschedule(
	name: str, doctor: str, start: datetime, clinic: str | None = None, now: datetime | None = None
):
	"""Move the appointment `name` to `start` (aware) and return it; price and payment carry over.

	Moving it to where it is changes nothing and does not count, until it is over. Raises `TimeWindow` after the
	deadline or outside notice and horizon, `MaxReschedules`, `SlotConflict`, `Validation`.
	"""
	return _move(*_locked(name, doctor, now), start, clinic)


def answer(
	name: str,
	doctor: str,
	start: datetime,
	clinic: str | None = None,
	request_id: str | None = None,
	now: datetime | None = None,
) -> dict:
	"""The same, and what its patient sees then (api.md `booking`); a retried call gets its first answer."""
	appointment, practice, now = _locked(name, doctor, now)
	# What the desk booked or an older system had has no request.
	keeper = requests.locked(appointment.request) if appointment.request else appointment
	call = answers.fingerprint("reschedule", [start, clinic])
	if first := answers.recall(keeper, request_id, call, now):
		return first
	shown = status.shown(_move(appointment, practice, now, start, clinic), now)
	answers.keep(keeper, request_id, call, shown, now)
	return shown


def _locked(name: str, doctor: str, now: datetime | None):
	"""The appointment, its doctor's practice, and the clock, read after the locks."""
	versions = claims.lock_doctors([doctor])
	practice = practices.of(doctor, versions.get(doctor))
	now = now or clock.now()
	appointment = frappe.get_doc("Clinic Appointment", name, for_update=True)
	require_same(doctor, appointment)
	return appointment, practice, now


def _move(appointment, practice: Practice, now: datetime, start: datetime, clinic: str | None):
	if appointment.status not in MOVABLE:
		raise Validation(_("This appointment can no longer be moved."))
	if from_database(appointment.starts_at_utc) == start and clinic in (None, appointment.clinic):
		return appointment
	_require_allowed(appointment, now)
	service = _as_agreed(practice.booked_service(appointment.service, clinic), appointment)
	if not service.is_at(clinic):
		raise Validation(fields={"clinic": _("This is not offered at this clinic.")})
	place = find_place(practice, service, start, now, clinic, without=appointment.name)
	visit = service.visit.at(start)
	appointment.update(
		{
			"starts_at_utc": to_database(visit.start),
			"ends_at_utc": to_database(visit.end),
			"clinic": place.clinic,
			"room": place.room,
			"moves": appointment.moves + 1,
		}
	)
	if appointment.status == states.REQUESTED:
		appointment.expires_at_utc = to_database(terms.waits_until(appointment, practice, start, now))
	appointment.flags.in_use_case = True
	appointment.flags.now = now
	# Whoever has the token moves their own; the policy was asked above.
	appointment.save(ignore_permissions=True)
	return appointment


def _require_allowed(appointment, now: datetime) -> None:
	rules = terms.frozen(appointment.policy)
	answer = policy.can_reschedule(
		rules,
		from_database(appointment.starts_at_utc),
		now,
		appointment.moves,
		terms.moves_this_month(appointment, rules, now),
	)
	if answer:
		return
	raise (
		MaxReschedules
		if answer.reason in ("max_moves", "max_moves_per_month")
		else TimeWindow(reason=answer.reason)
	)


def _as_agreed(service: OfferedService, appointment) -> OfferedService:
	"""The service with the appointment's own length and buffers, at clinics that take its currency.

	One that costs money stays with the company that it was agreed with.
	"""
	prices = {
		clinic: price
		for clinic, price in service.prices.items()
		if price.currency == appointment.currency
		and (not appointment.price or appointments.same_books(clinic, appointment.clinic))
	}
	return replace(service.as_booked(appointment), prices=prices)
