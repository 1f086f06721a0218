"""What is brought over from an older system (BK-10)."""

from pathlib import Path

import frappe

from clinic_booking.api.booking_file import Booking, Line, lines_of
from clinic_booking.api.door import desk
from clinic_booking.api.failures import answer_to, translated
from clinic_booking.api.reach import reach
from clinic_booking.booking import claims, overrules
from clinic_booking.booking.claims import Claim
from clinic_booking.booking.import_bookings import Taken, import_line
from clinic_booking.booking.patients import Contact
from clinic_booking.booking.transaction import one_at_a_time, run
from clinic_booking.errors import BookingError, SlotConflict, _
from clinic_booking.inputs import Flag, RecordName, e164
from clinic_booking.translations import translate


@desk("POST", "Clinic Manager", "System Manager")
def bookings(clinic: RecordName, file: RecordName, dry_run: Flag = True) -> dict:
	"""Patients and appointments to come from a CSV.

	`{lines, imported, unchanged, failed, errors: [{line, column, error}], outside: [{line, rules}]}`: the first is
	the sum of the next three; `outside` are those imported that break rules of ours, such as opening hours.

	`file` is the name of an uploaded File, `clinic` one that the caller manages. Each good line is kept, of a
	bad one nothing is written; a second time the same IDs change nothing. `dry_run` tells the same and keeps
	nothing (a room that two lines want is found out only in earnest).
	"""
	place = reach("Clinic", clinic, "write")
	document = reach("File", file)
	lines = lines_of(Path(document.get_full_path()).read_bytes())
	country = frappe.get_cached_value("Country", place.country, "code")
	frappe.db.rollback()
	# Two imports of one file at once would both find that an ID is new.
	one_at_a_time(f"import {place.name}")
	return _imported(place.name, country, lines, dry_run)


def _imported(clinic: str, country: str, lines: list[Line], dry_run: bool) -> dict:
	report = {"lines": len(lines), "imported": 0, "unchanged": 0, "failed": 0, "errors": [], "outside": []}
	tried: list[Claim] = []
	for line in lines:
		made, overridden, errors = None, [], line.errors
		if line.booking:
			made, overridden, errors = _one(clinic, country, line.booking, tried if dry_run else None)
		report["failed" if errors else "imported" if made else "unchanged"] += 1
		if overridden and not errors:
			report["outside"].append({"line": line.number, "rules": overrules.sentences(overridden)})
		report["errors"] += [
			{"line": line.number, "column": column, "error": error} for column, error in errors.items()
		]
	return report


def _one(
	clinic: str, country: str, booking: Booking, tried: list[Claim] | None
) -> tuple[str | None, list[str], dict[str, str]]:
	"""What one line made, the rules that it breaks, and what was wrong with it. `tried`: the claims of a dry run so far, none in earnest."""
	try:
		made, overridden = run(import_line, clinic, _taken(booking, country))
		if tried is None:
			frappe.db.commit()  # nosemgrep: each line stands for itself
		elif made:
			_try(made, tried)
		return made, overridden, {}
	except Exception as error:
		return None, [], _told(answer_to(error, __name__, for_staff=True))
	finally:
		frappe.db.rollback()
		frappe.clear_messages()


def _taken(booking: Booking, country: str) -> Taken:
	phone = booking.phone and e164(booking.phone, country, "phone")
	return Taken(
		old_id=booking.id,
		contact=Contact(booking.patient_name, booking.email, phone, birth_date=booking.born),
		old_patient_id=booking.patient_id,
		doctor=booking.doctor,
		service=booking.service,
		start=booking.start,
	)


def _try(appointment: str, tried: list[Claim]) -> None:
	"""What an earlier line of a dry run would have by now is taken."""
	mine = [claim for claim in claims.held(appointment) if claim.resource.startswith(claims.doctor(""))]
	for claim in mine:
		if any(
			other.resource == claim.resource
			and other.starts_at < claim.ends_at
			and claim.starts_at < other.ends_at
			for other in tried
		):
			raise SlotConflict
	tried += mine


def _told(error: BookingError) -> dict[str, str]:
	if isinstance(error, SlotConflict):
		return {"start": translate(_("This time is taken."))}
	facts = translated(error)
	return facts.get("fields") or {"line": facts["message"]}
