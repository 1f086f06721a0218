"""Appointments that lose their open time when hours change: listed first, then kept or cancelled (AV-11).

hooks.py binds `look` and `settle` to every DocType that decides when a doctor is open, so that no road to
them (form, REST, import) goes around. A document says what becomes of the appointments in `affected`
("keep" or "cancel", the latter with `affected_reason`), which is no field and never stored; a use case
says it in a `Decision`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import frappe
from frappe import _
from frappe.utils import escape_html, formatdate

from clinic_booking.booking import claims, clock, lifecycle, practice_changes, practices
from clinic_booking.booking.clock import from_database, to_database
from clinic_booking.booking.practices import Practice
from clinic_booking.errors import BookingError, Forbidden, Validation
from clinic_booking.errors import _ as marked
from clinic_booking.scheduling import status
from clinic_booking.scheduling.affected import Booked, closed_by
from clinic_booking.scheduling.interval import Interval

KEEP, CANCEL = "keep", "cancel"
LONGEST_REASON = 500
# More are counted, not written out, in a sentence for people.
LISTED = 50

Result = TypeVar("Result")


class AppointmentsAffected(frappe.ValidationError):
	"""What the desk and REST get where a use case gets `Validation`; the desk's scripts ask what to do."""


class DeletionAffectsAppointments(AppointmentsAffected):
	"""The same for hours that are deleted: nothing can be said with that, the doctor's call takes them back."""


@dataclass(frozen=True)
class Decision:
	"""What becomes of the appointments that are hit: "keep", "cancel" for a reason, or nothing said yet."""

	what: str | None = None
	reason: str | None = None


# -- a document is saved or deleted ------------------------------------------------------------------


def look(doc, method=None) -> None:
	"""Before the change: remember how the doctors concerned are open."""
	if not doc.flags.hours_watched:
		doc.flags.practices_before = practices.load(sorted(CONCERNED[doc.doctype](doc)))


def settle(doc, method=None) -> None:
	"""After it: refuse it with the list of appointments hit, or do with them what was decided."""
	if before := doc.flags.pop("practices_before", None):
		decision = Decision(doc.get("affected"), doc.get("affected_reason"))
		try:
			decide(lost(before), decision)
		except BookingError as error:
			_throw(error, DeletionAffectsAppointments if method == "after_delete" else AppointmentsAffected)


def _of_exception(doc) -> set[str]:
	before = doc.get_doc_before_save()
	return {doc.doctor, before.doctor if before else doc.doctor}


CONCERNED: dict[str, Callable[..., Iterable[str]]] = {
	"Doctor": lambda doc: [doc.name],
	"Availability Exception": _of_exception,
	"Clinic": lambda doc: practice_changes.doctors_at([doc.name]),
	"Clinic Service": lambda doc: practice_changes.doctors_giving(doc.name),
	"Holiday List": lambda doc: practice_changes.doctors_under(doc.name),
	# A row that is saved by itself.
	"Holiday": lambda doc: practice_changes.doctors_under(doc.parent),
}


# -- a use case --------------------------------------------------------------------------------------


def change(doctor: str, edit: Callable[[], Result], decision: Decision) -> Result:
	"""Let `edit` change the doctor's hours, all of it as one change, and return what it returns.

	Raises `Validation` with `appointments` when it hits some and nothing is decided.
	"""
	result, hit = _changed(doctor, edit)
	decide(hit, decision)
	return result


def hit_by(doctor: str, edit: Callable[[], object]) -> list[dict]:
	"""The appointments that `edit` would hit. It is done to find out: roll back what called this."""
	return _changed(doctor, edit)[1]


def _changed(doctor: str, edit: Callable[[], Result]) -> tuple[Result, list[dict]]:
	claims.lock_doctors([doctor])
	before = practices.load([doctor])
	return edit(), lost(before)


# -- what is hit, and what becomes of it -------------------------------------------------------------


def lost(before: dict[str, Practice], now: datetime | None = None) -> list[dict]:
	"""The live appointments still to come that what changed since `before` takes the open time or service from.

	Rows of the appointments, by start. The doctors' rows are locked by then, and these read past the
	transaction's snapshot: what was booked a moment ago is among them.
	"""
	rows = _to_come(list(before), now or clock.now())
	after = practices.load(sorted({row.doctor for row in rows}))
	hit = set()
	for doctor, practice in after.items():
		mine = [row for row in rows if row.doctor == doctor]
		hit.update(closed_by(before[doctor].calendar, practice.calendar, map(_booked, mine)))
		dropped = _offered(before[doctor]) - _offered(practice)
		hit.update(row.name for row in mine if (row.service, row.clinic) in dropped)
	return [row for row in rows if row.name in hit]


def _offered(practice: Practice) -> set[tuple[str, str]]:
	"""(service, clinic) of everything that has a price there; nothing of a doctor who is switched off."""
	if not practice.row["enabled"]:
		return set()
	return {(name, clinic) for name, service in practice.services.items() for clinic in service.clinics}


def decide(hit: list[dict], decision: Decision) -> None:
	"""Keep or cancel what is hit, as decided; cancelled ones are announced as any the clinic cancels (PO-2)."""
	if not hit or decision.what == KEEP:
		return
	if decision.what != CANCEL:
		raise Validation(
			marked("This hits appointments. Please say whether to keep or to cancel them."),
			fields={"affected": marked("Please say keep or cancel.")},
			appointments=shapes(hit),
		)
	reason = (decision.reason or "").strip()
	if not reason or len(reason) > LONGEST_REASON:
		raise Validation(fields={"reason": marked("Please give a reason, of at most 500 characters.")})
	if not all(_may("write", row) for row in hit):
		raise Forbidden(marked("Some of these appointments are at a clinic where you do not work."))
	for row in hit:
		lifecycle.cancel(row.name, row.doctor, reason, is_checked=True)


def shapes(hit: list[dict]) -> list[dict]:
	"""`[{appointment, reference, patient, start, end, clinic, service}]`, the patient's name for whoever may see it."""
	return [_shape(row) for row in hit]


def _shape(row: dict) -> dict:
	zone = frappe.get_cached_value("Clinic", row.clinic, "timezone")
	return {
		"appointment": row.name,
		"reference": row.reference,
		"patient": row.patient_name if _may("read", row) else None,
		"start": clock.iso(row.starts_at_utc, zone),
		"end": clock.iso(row.ends_at_utc, zone),
		"clinic": row.clinic,
		"service": row.service,
	}


def _may(what: str, row: dict) -> bool:
	"""Whether the user may do that with an appointment: by its row, since a form's snapshot may not know it yet."""
	visit = frappe.get_doc(dict(row, doctype="Clinic Appointment"))
	visit.flags.as_stored = True
	return frappe.has_permission("Clinic Appointment", what, visit)


def _to_come(doctors: list[str], now: datetime) -> list[dict]:
	# By another index it would lock visits of strangers, whom another form is about to cancel.
	return doctors and frappe.db.sql(
		"""SELECT name, reference, patient, patient_name, doctor, clinic, service, starts_at_utc, ends_at_utc
		FROM `tabClinic Appointment` FORCE INDEX (doctor_starts_at_utc_index)
		WHERE doctor IN %s AND starts_at_utc > %s AND status IN %s
		ORDER BY starts_at_utc, name LOCK IN SHARE MODE""",
		(doctors, to_database(now), tuple(status.LIVE)),
		as_dict=True,
	)


def _booked(row: dict) -> Booked:
	return Booked(
		row.name, row.clinic, Interval(from_database(row.starts_at_utc), from_database(row.ends_at_utc))
	)


def _throw(error: BookingError, affected: type[AppointmentsAffected]) -> None:
	"""The same refusal as a form, REST or an import understands it."""
	if appointments := error.facts.get("appointments"):
		frappe.throw(_sentences(appointments), affected, title=_("Appointments are affected"))
	kind = frappe.PermissionError if isinstance(error, Forbidden) else frappe.ValidationError
	frappe.throw(_(next(iter(error.facts.get("fields", {}).values()), error.message)), kind)


def _sentences(appointments: list[dict]) -> str:
	lines = [
		" ".join(
			(
				formatdate(shape["start"][:10]),
				shape["start"][11:16],
				shape["patient"] or "",
				shape["reference"],
			)
		)
		for shape in appointments[:LISTED]
	]
	if len(appointments) == 1:
		head = _("1 appointment lies in what would no longer be offered:")
	else:
		head = _("{0} appointments lie in what would no longer be offered:").format(len(appointments))
	foot = _("Keep them, or cancel them with a reason.")
	items = "".join(f"<li>{escape_html(line)}</li>" for line in lines)
	return f"{escape_html(head)}<ul>{items}</ul>{escape_html(foot)}"
