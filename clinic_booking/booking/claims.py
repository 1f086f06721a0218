"""The only writer of Booked Slot: who has which time of a doctor or a room.

A claim is a row `(resource, seat, starts_at, ends_at)`, in UTC, half-open, its buffers included. The
key `no_overlap` of the database refuses a second claim on the same time, however it arrives; the row
locks taken first only keep order, so that a storm does not drown in deadlocks (docs/claims.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import frappe
from frappe.utils import random_string

from clinic_booking.booking import fresh
from clinic_booking.booking.clock import to_database
from clinic_booking.errors import HoldExpired, SlotConflict

# The longest time one claim can cover: a visit of 240 minutes with its buffers. It bounds every search
# by time, because the key is ordered (resource, seat, ends_at, starts_at): an open end would be read,
# and locked, to the end of the resource.
LONGEST = timedelta(hours=12)
LOCK_WAIT_SECONDS = 3
# A form that waited in vain is given up, and so waits for several others.
FORM_WAIT_SECONDS = 20
DUPLICATE = 1062
# The seat of a second patient at one time.
SQUEEZED = 2
SEATS = (1, SQUEEZED)


@dataclass(frozen=True)
class Claim:
	"""Time of one resource ("Doctor:<name>", "Room:<name>"): naive or aware UTC, buffers included."""

	resource: str
	starts_at: datetime
	ends_at: datetime
	seat: int = 1


def doctor(name: str) -> str:
	return f"Doctor:{name}"


def room(name: str) -> str:
	return f"Room:{name}"


def lock_doctors(doctors: Iterable[str]) -> dict[str, str]:
	"""Lock the doctors' rows, in sorted order; return the offer version of each one that exists.

	The first statement of every transaction that claims (docs/claims.md).
	"""
	versions = {}
	for name in sorted(set(doctors)):
		rows = frappe.db.sql(
			"SELECT offer_version FROM `tabDoctor` WHERE name = %s FOR UPDATE WAIT %s",
			(name, _wait_seconds()),
		)
		if rows:
			versions[name] = rows[0][0]
	return versions


def lock_rooms(rooms: Iterable[str]) -> None:
	"""Lock the rooms' rows, in sorted order, always after the doctors'."""
	for name in sorted(set(rooms)):
		frappe.db.sql(
			"SELECT name FROM `tabClinic Room` WHERE name = %s FOR UPDATE WAIT %s", (name, _wait_seconds())
		)


def _wait_seconds() -> int:
	return LOCK_WAIT_SECONDS if frappe.flags.locks_came_first else FORM_WAIT_SECONDS


def claim(wanted: Claim, kind: str, reference: str, expires_at: datetime | None = None) -> None:
	"""Take the time, for good or until `expires_at`; `SlotConflict` when any of it is taken.

	`kind` is Hold, Appointment or Block; `reference` the name of what claims.
	"""
	check(wanted)
	row = (random_string(10), wanted.resource, wanted.seat, *_period(wanted), kind, reference)
	try:
		frappe.db.sql(
			"""INSERT INTO `tabBooked Slot`
			(name, creation, modified, resource, seat, starts_at, ends_at, kind, reference, expires_at)
			VALUES (%s, NOW(6), NOW(6), %s, %s, %s, %s, %s, %s, %s)""",
			(*row, to_database(expires_at)),
		)
	except Exception as error:
		if error.args and error.args[0] == DUPLICATE:
			raise SlotConflict from error
		raise


def take(wanted: Claim, kind: str, reference: str, now: datetime, expires_at: datetime | None = None) -> None:
	"""Clear what lapsed in the way, then claim."""
	clear_lapsed(wanted, now)
	claim(wanted, kind, reference, expires_at)


def take_room(
	rooms: Iterable[str],
	time: Claim,
	kind: str,
	reference: str,
	now: datetime,
	expires_at: datetime | None = None,
) -> str:
	"""Take, for the time of `time`, the first of `rooms` that the database gives us; return it (AV-15)."""
	for name in rooms:
		try:
			take(in_room(name, time), kind, reference, now, expires_at)
		except SlotConflict:
			continue
		return name
	raise SlotConflict


def in_room(name: str, time: Claim) -> Claim:
	"""The claim on a room that goes with a claim on a doctor."""
	return replace(time, resource=room(name), seat=1)


def squeeze(wanted: Claim, reference: str) -> None:
	"""Claim seat 2 for the whole time, and of seat 1 what is free (AV-9): a second patient on purpose.

	`SlotConflict` when seat 2 is taken as well. What others give back under it later, it takes too.
	"""
	claim(replace(wanted, seat=SQUEEZED), "Appointment", reference)
	_fill(replace(wanted, seat=1), reference)


def check(wanted: Claim) -> None:
	"""Refuse a claim that is empty, reversed or longer than every search by time looks back."""
	if not timedelta(0) < wanted.ends_at - wanted.starts_at <= LONGEST:
		raise ValueError("a claim ends after it starts and covers at most 12 hours")


def release(reference: str, only: Iterable[Claim] | None = None) -> None:
	"""Give back the time that `reference` has: all of it, or only those claims."""
	# Seat 2 first, or its owner would be given the part of seat 1 that it is giving back.
	if only is None:
		_delete(_names("reference = %s ORDER BY seat DESC", reference))
		return
	for gone in sorted(only, key=lambda claim: -claim.seat):
		_delete(
			_names(
				"reference = %s AND resource = %s AND seat = %s AND starts_at = %s",
				reference,
				gone.resource,
				gone.seat,
				to_database(gone.starts_at),
			)
		)


def discard(name: str) -> None:
	"""Give back one claim by its own name, whoever has it."""
	_delete([name])


def extend(reference: str, expires_at: datetime, expected: int) -> None:
	"""Keep what `reference` has until `expires_at` (UTC); `HoldExpired` where that is not `expected` claims."""
	for name in _all_of(reference, expected):
		frappe.db.sql(
			"UPDATE `tabBooked Slot` SET expires_at = %s WHERE name = %s", (to_database(expires_at), name)
		)


def hand_over(hold: str, appointment: str, expected: int) -> None:
	"""What was held is the appointment's, for good; `HoldExpired` where a part of it has gone."""
	for name in _all_of(hold, expected):
		frappe.db.sql(
			"""UPDATE `tabBooked Slot` SET kind = 'Appointment', reference = %s, expires_at = NULL
			WHERE name = %s""",
			(appointment, name),
		)


def _all_of(reference: str, expected: int) -> list[str]:
	names = _names("reference = %s", reference)
	if len(names) != expected:
		raise HoldExpired
	return names


def clear_lapsed(wanted: Claim, now: datetime) -> None:
	"""Delete the holds that lapsed and touch `wanted`, so that they no longer refuse it."""
	starts_at, ends_at = _period(wanted)
	bounds = (starts_at, to_database(wanted.ends_at + LONGEST), ends_at, to_database(now))
	_delete(
		_names(
			"""resource = %s AND seat = %s AND ends_at > %s AND ends_at <= %s AND starts_at < %s
			AND expires_at <= %s""",
			wanted.resource,
			wanted.seat,
			*bounds,
		)
	)


def _names(condition: str, *values) -> list[str]:
	"""Claims by name. Rows are changed by name only: any other key locks the gaps beside it, and with them
	the claims of strangers."""
	return [name for (name,) in fresh.read(f"SELECT name FROM `tabBooked Slot` WHERE {condition}", values)]


def _delete(names: list[str]) -> None:
	for name in names:
		((resource, starts_at, ends_at, seat),) = fresh.read(
			"SELECT resource, starts_at, ends_at, seat FROM `tabBooked Slot` WHERE name = %s", name
		) or ((None,) * 4,)
		frappe.db.sql("DELETE FROM `tabBooked Slot` WHERE name = %s", name)
		if seat == 1:
			_give_to_squeezed(Claim(resource, starts_at, ends_at))


def _give_to_squeezed(freed: Claim) -> None:
	"""Time of seat 1 that was given back goes to whoever was squeezed in over it."""
	for _name, starts_at, ends_at, reference in _overlapping(replace(freed, seat=SQUEEZED)):
		part = Claim(freed.resource, max(starts_at, freed.starts_at), min(ends_at, freed.ends_at))
		_fill(part, reference)


def _fill(wanted: Claim, reference: str) -> None:
	"""Claim of seat 1 what nobody has of a time."""
	starts_at, ends_at = _period(wanted)
	for _name, taken_from, taken_until, _reference in _overlapping(wanted):
		if starts_at < taken_from:
			claim(Claim(wanted.resource, starts_at, taken_from), "Appointment", reference)
		starts_at = max(starts_at, taken_until)
	if starts_at < ends_at:
		claim(Claim(wanted.resource, starts_at, ends_at), "Appointment", reference)


def _overlapping(wanted: Claim) -> list[tuple]:
	"""(name, start, end, reference) of the claims on the same seat that meet `wanted`, in order."""
	starts_at, ends_at = _period(wanted)
	return fresh.read(
		"""SELECT name, starts_at, ends_at, reference FROM `tabBooked Slot`
		WHERE resource = %s AND seat = %s AND ends_at > %s AND ends_at <= %s AND starts_at < %s
		ORDER BY starts_at""",
		(wanted.resource, wanted.seat, starts_at, to_database(wanted.ends_at + LONGEST), ends_at),
	)


def held(reference: str) -> set[Claim]:
	"""What `reference` has (naive UTC)."""
	rows = fresh.read(
		"SELECT resource, starts_at, ends_at, seat FROM `tabBooked Slot` WHERE reference = %s", reference
	)
	return {Claim(*row) for row in rows}


def _period(wanted: Claim) -> tuple[datetime, datetime]:
	return to_database(wanted.starts_at), to_database(wanted.ends_at)


# -- the key ---------------------------------------------------------------------------------------

TABLE = "`tabBooked Slot`"


def ensure_key() -> None:
	"""Put the period, the key and NOT NULL in place; safe to repeat (install, migrate, restore).

	Stops with the list of overlapping claims where old data stands in the way.
	"""
	if key_in_place():
		return
	if overlaps := overlapping():
		frappe.throw("Booked Slot has overlapping claims:\n" + "\n".join(map(str, overlaps)))
	frappe.db.sql_ddl(
		f"""ALTER TABLE {TABLE}
		MODIFY resource varchar(160) NOT NULL,
		MODIFY seat int(11) NOT NULL DEFAULT 1,
		MODIFY starts_at datetime(6) NOT NULL,
		MODIFY ends_at datetime(6) NOT NULL"""
	)
	frappe.db.sql_ddl(f"ALTER TABLE {TABLE} ADD PERIOD IF NOT EXISTS FOR busy (starts_at, ends_at)")
	frappe.db.sql_ddl(
		f"""ALTER TABLE {TABLE} ADD UNIQUE KEY IF NOT EXISTS no_overlap
		(resource, seat, busy WITHOUT OVERLAPS)"""
	)


def key_in_place() -> bool:
	"""Whether the database would refuse an overlap right now."""
	definition = frappe.db.sql(f"SHOW CREATE TABLE {TABLE}")[0][1]
	return "`busy` WITHOUT OVERLAPS" in definition and "`resource` varchar(160) NOT NULL" in definition


def overlapping() -> list[tuple[str, str]]:
	"""Pairs of claims (names) on one seat of one resource that overlap; empty where all is well."""
	return list(
		frappe.db.sql(
			f"""SELECT a.name, b.name FROM {TABLE} a JOIN {TABLE} b
			ON a.resource = b.resource AND a.seat = b.seat AND a.name < b.name
			AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"""
		)
	)
