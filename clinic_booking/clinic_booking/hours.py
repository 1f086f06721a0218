"""A doctor's hours as they stand in a form: as facts for `scheduling`, and what it finds as sentences."""

from dataclasses import replace

import frappe
from frappe import _, _lt
from frappe.utils import get_time, getdate, today

from clinic_booking.booking import claims
from clinic_booking.booking.practices import WEEKDAYS
from clinic_booking.scheduling import checks
from clinic_booking.scheduling.calendar import Block, Calendar, Clinic, Override, Visit

# The longest exception: what is open is reckoned day by day.
LONGEST_EXCEPTION_DAYS = 3660

WEEK_PROBLEMS = {
	checks.NOT_FIVES: _lt("Hours, row {0}: times are multiples of 5 minutes"),
	checks.EMPTY: _lt("Hours, row {0}: it ends when it starts"),
	checks.TOO_SHORT: _lt("Hours, row {0}: a block is at least 30 minutes long"),
	checks.DATES_REVERSED: _lt("Hours, row {0}: its last day is before its first"),
	checks.OVERLAP: _lt("Hours: rows {0} and {1} overlap"),
}
DEFAULT_HOURS_PROBLEMS = {
	checks.NOT_FIVES: _lt("Default hours: times are multiples of 5 minutes"),
	checks.EMPTY: _lt("Default hours: they end when they start"),
	checks.TOO_SHORT: _lt("Default hours: they are at least 30 minutes long"),
}
EXCEPTION_PROBLEMS = {
	checks.NOT_FIVES: _lt("Times are multiples of 5 minutes"),
	checks.EMPTY: _lt("It ends when it starts"),
	checks.DATES_REVERSED: _lt("The last date is before the first"),
	checks.NO_CLINIC: _lt("Extra hours are at one of the doctor's clinics: choose it"),
	checks.NO_TIMES: _lt("Give both times, or the whole day"),
	checks.NOT_WITHIN_A_DAY: _lt(
		"Closed hours lie within one day; close the next morning with an exception of its own"
	),
	checks.OVERLAP: _lt("The doctor is open at {0} at that time: extra hours can't overlap another clinic's"),
}
VISIT_PROBLEMS = {
	checks.NOT_FIVES: _lt("{0} must be a multiple of 5"),
	checks.NEGATIVE: _lt("{0} can't be negative"),
	checks.TOO_SHORT: _lt("{0} must be at least 10 minutes"),
	checks.TOO_LONG: _lt("{0} can be at most 240 minutes"),
}


# -- facts -------------------------------------------------------------------------------------------


def calendar_of(doctor, instead=None, is_locked: bool = False) -> Calendar:
	"""The calendar of a Doctor document, saved or not; of other records, what is saved.

	`instead` is a Clinic document to take in place of the saved one. Where the doctor's row is locked
	(`is_locked`), exceptions are read as they are, not as this transaction's snapshot saw them.
	"""
	clinics = [_clinic(frappe.get_cached_doc("Clinic", row.clinic), instead) for row in doctor.clinics]
	return Calendar(
		clinics=tuple(clinics),
		blocks=tuple(_block(row) for row in doctor.availability),
		overrides=_overrides(doctor.name, is_locked and not frappe.flags.locks_came_first),
		grid_minutes=doctor.grid_minutes or 0,
	)


def locked_calendar(doctor: str) -> tuple:
	"""A saved Doctor document, locked until the transaction ends, and its calendar: both as they are now.

	Two forms would otherwise each see open hours that the other is about to fill.
	"""
	claims.lock_doctors([doctor])
	document = frappe.get_doc("Doctor", doctor, for_update=not frappe.flags.locks_came_first)
	return document, calendar_of(document, is_locked=True)


def override_of(exception) -> Override:
	return Override(
		kind=exception.kind.lower(),
		from_date=getdate(exception.from_date),
		to_date=getdate(exception.to_date),
		start=None if exception.all_day else typed_time(exception.start_time),
		end=None if exception.all_day else typed_time(exception.end_time),
		clinic=exception.clinic or None,
		name=exception.name,
	)


def _block(row) -> Block:
	return Block(
		clinic=row.clinic,
		weekday=WEEKDAYS.index(row.weekday),
		start=typed_time(row.start_time),
		end=typed_time(row.end_time),
		valid_from=row.valid_from and getdate(row.valid_from),
		valid_to=row.valid_to and getdate(row.valid_to),
	)


def _clinic(clinic, instead) -> Clinic:
	if instead and instead.name == clinic.name:
		clinic = instead
	holidays = clinic.holiday_list and frappe.get_all(
		"Holiday", {"parent": clinic.holiday_list}, pluck="holiday_date"
	)
	default_hours = (typed_time(clinic.default_hours_start), typed_time(clinic.default_hours_end))
	return Clinic(
		name=clinic.name,
		timezone=clinic.timezone,
		holidays=frozenset(holidays or ()),
		default_hours=default_hours if clinic.default_hours else None,
	)


def _overrides(doctor: str, past_the_snapshot: bool) -> tuple[Override, ...]:
	fields = ["name", "kind", "from_date", "to_date", "all_day", "start_time", "end_time", "clinic"]
	rows = frappe.db.get_values(
		"Availability Exception", {"doctor": doctor}, fields, as_dict=True, for_update=past_the_snapshot
	)
	return tuple(override_of(row) for row in rows)


def typed_time(value):
	"""The wall-clock time in a Time field, None if nobody typed one.

	Frappe fills a Time that a new document lacks with the present, to the microsecond; nobody types those.
	"""
	at = get_time(value) if value not in (None, "") else None
	return None if at is None or at.microsecond else at


# -- findings ----------------------------------------------------------------------------------------


def check_week(doctor, calendar: Calendar) -> None:
	"""AV-1: refuse weekly hours that are empty, too short, off the fives, or overlap."""
	for row in doctor.availability:
		if typed_time(row.start_time) is None or typed_time(row.end_time) is None:
			frappe.throw(_("Hours, row {0}: give both times").format(row.idx))
	for problem in checks.week_problems(calendar.blocks, calendar.clinics, getdate(today())):
		other = None if problem.other is None else doctor.availability[problem.other].idx
		frappe.throw(
			str(WEEK_PROBLEMS[problem.code]).format(doctor.availability[problem.row].idx, other),
			title=_("Weekly availability of {0}").format(doctor.doctor_name),
		)


def check_exception(exception, calendar: Calendar) -> None:
	"""AV-3: refuse an exception that says nothing clear, or extra hours over another clinic's."""
	override = override_of(exception)
	if (override.to_date - override.from_date).days > LONGEST_EXCEPTION_DAYS:
		frappe.throw(_("An exception lasts ten years at most"))
	if not exception.all_day and (override.start is None or override.end is None):
		frappe.throw(str(EXCEPTION_PROBLEMS[checks.NO_TIMES]))
	others = tuple(other for other in calendar.overrides if other.name != exception.name)
	for problem in checks.override_problems(override, replace(calendar, overrides=others), getdate(today())):
		frappe.throw(str(EXCEPTION_PROBLEMS[problem.code]).format(_title(problem.clinic)))


def warn_of_the_past(exception) -> None:
	"""Another month or year was meant, most likely."""
	if getdate(exception.to_date) < getdate(today()):
		frappe.msgprint(_("These days are over: nothing changes."), indicator="orange", alert=True)


def check_extra_hours(calendar: Calendar) -> None:
	"""AV-3, from the other side: what changes may not put open hours under extra hours elsewhere."""
	for override in calendar.overrides:
		if override.kind != "open" or override.to_date < getdate(today()):
			continue
		others = tuple(other for other in calendar.overrides if other is not override)
		for problem in checks.override_problems(
			override, replace(calendar, overrides=others), getdate(today())
		):
			if problem.code == checks.OVERLAP:
				frappe.throw(
					_("The extra hours at {0} from {1} on would overlap hours at {2}").format(
						_title(override.clinic), frappe.format(override.from_date), _title(problem.clinic)
					)
				)


def check_default_hours(clinic) -> None:
	"""AV-10: refuse default hours that would be refused as a block."""
	start, end = typed_time(clinic.default_hours_start), typed_time(clinic.default_hours_end)
	for problem in checks.week_problems((Block(clinic.name, 0, start, end),), (), getdate(today())):
		frappe.throw(str(DEFAULT_HOURS_PROBLEMS[problem.code]))


def check_visit(
	document, fields: dict[str, str], length_minutes: int, before: int, after: int, grid: int = 0
) -> None:
	"""AV-1, AV-4: lengths, buffers and grids. `fields` names the document's field for each number checked."""
	for problem in checks.visit_problems(Visit(length_minutes, before, after), grid):
		label = _(document.meta.get_label(fields[problem.field]))
		frappe.throw(str(VISIT_PROBLEMS[problem.code]).format(label))


def warn_of_services_that_fit_nowhere(visits: dict[str, Visit], calendar: Calendar, doctor_name: str) -> None:
	"""AV-11: say which services (by title) are longer than every block of this doctor."""
	long_ones = [
		title for title, visit in visits.items() if checks.fits_no_block(visit, calendar, getdate(today()))
	]
	if calendar.blocks and long_ones:
		frappe.msgprint(
			_("No block of {0} is long enough for: {1}").format(doctor_name, ", ".join(long_ones)),
			indicator="orange",
			alert=True,
		)


def _title(clinic: str | None) -> str | None:
	return clinic and frappe.get_cached_value("Clinic", clinic, "title")
