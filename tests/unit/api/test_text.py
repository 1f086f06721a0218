"""What people type into text fields (SE-3)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from clinic_booking.inputs import Name, Note, Reason, RecordName, Search, fields_of

name = TypeAdapter(Name).validate_python
note = TypeAdapter(Note).validate_python


@pytest.mark.parametrize(
	"typed",
	[
		"Ana",
		"O'Brien",
		"Seán Ó’Súilleabháin",
		"Zo\u0308e\u0308",  # accents apart from their letters
		"Nguyễn Thị Ánh",
		"מרים",
		"\u200fمريم\u200f",  # the plain right-to-left mark
		"王芳",
		"Ana 👩‍⚕️🏽",
		"{{ 7 * 7 }}",
		"<script>alert(1)</script>",
		"=1+1",
		"Robert'); DROP TABLE tabDoctor;--",
		"x" * 140,
		"é" * 140,
		"e\u0301" * 140,  # 280 code points as typed, 140 as kept
	],
)
def test_a_name_is_kept_as_typed(typed):
	"""IN-1: whatever a person is called, in NFC; it is escaped where it is shown, not here."""
	assert name(typed) == unicodedata.normalize("NFC", typed)


@pytest.mark.parametrize(
	"typed",
	[
		"",
		" ",
		"A",
		" A ",
		"\u00a0\u2003\u3000",
		"\u200b\u200b\u200b",
		"\u200f\u200f",
		"\u3164\u3164",
		"\u2800\u2800",
		"\u0301\u0301",
		"A\u0301\u0302\u0303",  # one letter under many accents
		"x" * 141,
		"x" * 100_000,
		"A" + "\u0301" * 200,
		"Ana\nBcc: x@y.z",
		"Ana\r\n",
		"Ana\u2028Pop",
		"Ana\x00Pop",
		"Ana\x1b[31m",
		"An\ud800a",
		"A\tB",
	],
)
def test_a_name_of_too_few_or_too_many_or_unprintable_characters_is_refused(typed):
	"""IN-1: only blanks, too long (never cut), line breaks and control characters."""
	if typed.endswith("\r\n"):
		assert name(typed) == "Ana"  # at the ends it is only white space
		return
	with pytest.raises(ValidationError):
		name(typed)


def test_marks_that_turn_the_text_around_are_taken_out():
	"""IN-1: a right-to-left override would make the desk read another name."""
	assert name("\u202eanA poP\u202c") == "anA poP"
	assert name("\u2067Ana\u2069 Pop") == "Ana Pop"


@pytest.mark.parametrize("value", [None, True, 1, 1.5, ["Ana"], {"a": "b"}, b"Ana"])
@pytest.mark.parametrize("kind", [Name, Note, Reason, Search, RecordName])
def test_only_text_is_text(kind, value):
	"""IN-9: arrays and objects for strings."""
	with pytest.raises(ValidationError) as caught:
		TypeAdapter(kind).validate_python(value)
	assert list(fields_of(caught.value).values()) == ["This must be text."]


@given(st.text(max_size=400))
def test_a_name_is_refused_or_fits_its_column(typed):
	"""IN-1: what passes has 2 to 140 characters, in NFC, can be stored as UTF-8, and passes again."""
	try:
		kept = name(typed)
	except ValidationError:
		return
	assert 2 <= len(kept) <= 140
	assert unicodedata.is_normalized("NFC", kept)
	assert kept.encode().decode() == kept == kept.strip()
	assert not set(kept) & set("\r\n\t\x00\u2028\u2029\u202e")
	assert name(kept) == kept


def test_a_note_keeps_its_lines_and_is_never_cut():
	"""SE-3: 2,000 characters, longer is refused."""
	assert note("one\r\ntwo\rthree\n\tfour") == "one\ntwo\nthree\n\tfour"
	assert note("") == ""
	assert len(note("é" * 2000)) == 2000
	for typed in ("x" * 2001, "x" * 5_000_000, "a\x00b"):
		with pytest.raises(ValidationError):
			note(typed)


def test_a_reason_has_at_most_500_characters():
	"""SE-3: longer is refused, never cut."""
	reason = TypeAdapter(Reason).validate_python
	assert len(reason("x" * 500)) == 500
	with pytest.raises(ValidationError):
		reason("x" * 501)


def test_what_is_found_says_nothing_that_was_typed():
	"""SE-5: the sentence is ours, the value is not in it."""
	with pytest.raises(ValidationError) as caught:
		name("Zacharias {0} Unprintable\x00")
	assert "Zacharias" not in str(fields_of(caught.value))
