"""The file of an older system's bookings: a CSV, taken apart and checked line by line (BK-10). Pure."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, ValidationError

from clinic_booking.errors import Validation, _
from clinic_booking.inputs import TEXT, Email, Model, Name, Phone, RecordName, fields_of, refused

MOST_LINES = 5000
DELIMITERS = ";,\t"
REQUIRED = ("id", "patient_name")
# Excel's way to keep "0040…" text.
QUOTED = re.compile(r'="(.*)"')
FORMULA = ("=", "+", "-", "@")
DATES = ("%Y-%m-%d", "%d.%m.%Y")
STARTS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S")


def _moment(formats: tuple[str, ...], message: str) -> BeforeValidator:
	def parsed(text: str) -> datetime:
		for written in formats:
			try:
				return datetime.strptime(text.replace("T", " "), written)
			except ValueError:
				continue
		raise refused(message)

	return BeforeValidator(parsed)


WallClock = Annotated[
	datetime, _moment(STARTS, _("Please write it like 2026-03-02 09:00 or 02.03.2026 09:00."))
]
BirthDate = Annotated[datetime, _moment(DATES, _("Please write it like 1980-03-02 or 02.03.1980."))]


class Booking(Model):
	"""One line. Without `start` it is a patient alone; `start` is the clinic's wall clock, naive."""

	id: RecordName
	patient_id: RecordName | None = None
	patient_name: Name
	phone: Phone | None = None
	email: Email | None = None
	birth_date: BirthDate | None = None
	doctor: RecordName | None = None
	service: RecordName | None = None
	start: WallClock | None = None

	@property
	def born(self) -> date | None:
		return self.birth_date and self.birth_date.date()


@dataclass(frozen=True)
class Line:
	"""A line of the file by its number there: the booking, or what is wrong with it by column."""

	number: int
	booking: Booking | None
	errors: dict[str, str]


def lines_of(content: bytes) -> list[Line]:
	"""Every line of a file in UTF-8 (with or without a mark), separated by semicolons, commas or tabs.

	Raises `Validation` for what can't be read as a whole: another encoding, columns missing or unknown, too
	many lines.
	"""
	try:
		text = content.decode("utf-8-sig")
	except UnicodeDecodeError:
		raise Validation(_("Please save the file as UTF-8.")) from None
	head = text.partition("\n")[0]
	reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=head.count))
	columns = [(name or "").strip().lower() for name in reader.fieldnames or ()]
	if not set(REQUIRED) <= set(columns) or set(columns) - set(Booking.model_fields) - {""}:
		known = ", ".join(Booking.model_fields)
		raise Validation(
			_("The first line must name these columns, the first and third at least:") + f" {known}"
		)
	reader.fieldnames = columns
	lines = [_line(reader.line_num, row) for row in reader if any(row.values())]
	if len(lines) > MOST_LINES:
		raise Validation(_("Please import at most 5,000 lines at once."))
	return _without_repeated(lines)


def _line(number: int, row: dict[str | None, str | list | None]) -> Line:
	if None in row or None in row.values():
		return Line(number, None, {"line": _("This line has another number of columns than the first.")})
	values = {column: _cell(text) for column, text in row.items() if column and text.strip()}
	if formulas := [column for column, text in values.items() if _is_formula(column, text)]:
		return Line(number, None, dict.fromkeys(formulas, _("This is a formula, not a value.")))
	try:
		return Line(number, Booking.model_validate(values, context=TEXT), {})
	except ValidationError as error:
		return Line(number, None, fields_of(error))


def _cell(text: str) -> str:
	quoted = QUOTED.fullmatch(text.strip())
	return (quoted[1] if quoted else text).strip()


def _is_formula(column: str, text: str) -> bool:
	"""IN-7: what a spreadsheet would reckon instead of show. A phone begins with +."""
	return text.startswith(FORMULA) and not (column == "phone" and text.startswith("+"))


def _without_repeated(lines: list[Line]) -> list[Line]:
	first: dict[str, int] = {}
	kept = []
	for line in lines:
		if line.booking and first.setdefault(line.booking.id, line.number) != line.number:
			line = Line(line.number, None, {"id": _("This ID stands in an earlier line, too.")})
		kept.append(line)
	return kept
