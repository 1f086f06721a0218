"""A CSV of an older system: what is read of it, and what is wrong with it, by line and column (BK-10)."""

from datetime import datetime

import pytest

from clinic_booking.api import booking_file
from clinic_booking.api.booking_file import lines_of
from clinic_booking.errors import Validation

HEAD = "id,patient_name,phone,doctor,service,start"


def read(*lines, head=HEAD, encoding="utf-8", between="\n"):
	return lines_of(between.join([head, *lines]).encode(encoding))


def only(*lines, **more):
	(line,) = read(*lines, **more)
	return line


GOOD = "A1,María Pop,+34655000111,Dr. Ana,First visit,2027-03-01 09:30"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("between", ["\n", "\r\n"])
def test_spreadsheets_write_it_in_several_ways(delimiter, encoding, between):
	"""BK-10: with a byte order mark or not, by semicolons, commas or tabs, any line ends."""
	line = only(
		GOOD.replace(",", delimiter), head=HEAD.replace(",", delimiter), encoding=encoding, between=between
	)
	assert (line.number, line.errors) == (2, {})
	assert (line.booking.patient_name, line.booking.start) == ("María Pop", datetime(2027, 3, 1, 9, 30))


@pytest.mark.parametrize("written", ["2027-03-01 09:30", "2027-03-01T09:30:00", "01.03.2027 09:30"])
def test_starts_as_people_write_them(written):
	"""BK-10: the clinic's wall clock, year or day first; 03/01/2027 could be either and is refused."""
	assert only(GOOD.replace("2027-03-01 09:30", written)).booking.start == datetime(2027, 3, 1, 9, 30)
	assert list(only(GOOD.replace("2027-03-01 09:30", "03/01/2027 09:30")).errors) == ["start"]


def test_what_is_wrong_is_told_by_line_and_column():
	"""BK-10, SE-3: the number is that of the file, a name over two lines counted; good lines stay good."""
	lines = read(
		GOOD,
		"A2,X,12,Dr. Ana,First visit,tomorrow",
		'A3,"Ana\nPop",,,,',
		"A4,Ana Pop,,,",
		"",
		GOOD,
	)
	assert [(line.number, sorted(line.errors)) for line in lines] == [
		(2, []),
		(3, ["patient_name", "phone", "start"]),
		(5, ["patient_name"]),
		(6, ["line"]),
		(8, ["id"]),
	]


def test_formulas_are_refused_and_excels_quotes_taken_off():
	"""IN-7: a cell that a spreadsheet would reckon is no value; ="0040…" is text, a phone may begin with +."""
	assert only(GOOD.replace("+34655000111", '="0034655000111"')).booking.phone == "0034655000111"
	for formula in ("=1+1", "@SUM(A1)", "-2+3", "+HYPERLINK()"):
		line = only(GOOD.replace("María Pop", formula))
		assert (line.booking, list(line.errors)) == (None, ["patient_name"])
	assert list(only(GOOD.replace("+34655000111", "=A1")).errors) == ["phone"]


@pytest.mark.parametrize(
	"content",
	[
		b"",
		b"\xff\xfe",
		"id,patient_name\n1,Mar\xeda".encode("latin-1"),
		b"id,name\n1,Ana Pop",
		b"id,patient_name,shoe_size\n1,Ana Pop,38",
	],
)
def test_a_file_that_cannot_be_read_is_refused_whole(content):
	"""BK-10: another encoding, columns missing or unknown."""
	with pytest.raises(Validation):
		lines_of(content)


def test_not_more_than_can_be_done(monkeypatch):
	"""BK-10: too many lines are refused before any is taken."""
	monkeypatch.setattr(booking_file, "MOST_LINES", 2)
	lines = [GOOD.replace("A1", f"A{number}") for number in range(3)]
	assert len(read(*lines[:2])) == 2
	with pytest.raises(Validation):
		read(*lines)
