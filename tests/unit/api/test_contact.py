"""E-mail addresses and phone numbers (SE-3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from clinic_booking.errors import Validation
from clinic_booking.inputs import Email, Phone, e164

email = TypeAdapter(Email).validate_python
phone = TypeAdapter(Phone).validate_python


@pytest.mark.parametrize(
	("typed", "kept"),
	[
		("ana@example.com", "ana@example.com"),
		("ana+clinic@example.com", "ana+clinic@example.com"),
		("Ana.Pop@EXAMPLE.Com", "Ana.Pop@example.com"),
		(" ana@example.com ", "ana@example.com"),
		("ana@münchen.example", "ana@xn--mnchen-3ya.example"),
		("ana@xn--mnchen-3ya.example", "ana@xn--mnchen-3ya.example"),
		("\u202aana@example.com\u202c", "ana@example.com"),
		("o'brien@example.com", "o'brien@example.com"),
		("ana@clinic.test", "ana@clinic.test"),
	],
)
def test_an_address_is_kept_in_the_form_that_mail_takes(typed, kept):
	"""IN-3: plus, capitals, IDN."""
	assert email(typed) == kept
	assert email(kept) == kept


@pytest.mark.parametrize(
	"typed",
	[
		"",
		"ana",
		"ana@",
		"@example.com",
		"ana@example",
		"ana@example..com",
		"a@b.example,c@d.example",
		"a@b.example c@d.example",
		"a@b.example;c@d.example",
		"Ana <ana@example.com>",
		"ana@example.com\nBcc: eve@example.com",
		"ana@example.com\r\nSubject: x",
		"ana\x00@example.com",
		"ana@[127.0.0.1]",
		'"ana pop"@example.com',
		"ană@example.com",
		"a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".example",
		"a" * 65 + "@example.com",
		"a" * 300 + "@example.com",
		"ana@" + "ü" * 60 + ".example",
		"ana@exa\ud800mple.com",
	],
)
def test_what_is_not_one_address_is_refused(typed):
	"""IN-3: too long, line breaks, two at once."""
	with pytest.raises(ValidationError):
		email(typed)


@given(st.one_of(st.text(max_size=80), st.emails()))
def test_an_address_is_refused_or_one_ascii_line(typed):
	"""IN-3: what passes has one @ outside quotes, no white space, at most 254 characters."""
	try:
		kept = email(typed)
	except ValidationError:
		return
	assert len(kept) <= 254
	assert kept.isascii()
	assert kept.isprintable()
	assert kept.count("@") == 1
	assert not set(kept) & set(' ,;<>"()[]\\')


@pytest.mark.parametrize(
	("typed", "country", "number"),
	[
		("0712 345 678", "ro", "+40712345678"),
		("(0712) 345-678", "RO", "+40712345678"),
		("+40 712 345 678", "es", "+40712345678"),
		("0040712345678", "ro", "+40712345678"),
		("612 34 56 78", "es", "+34612345678"),
		("(202) 555-0143", "us", "+12025550143"),
		("٠٧١٢٣٤٥٦٧٨", "ro", "+40712345678"),
		("०७१२३४५६७८", "ro", "+40712345678"),
		("０７１２３４５６７８", "ro", "+40712345678"),
		("\u202a+40 712 345 678\u202c", None, "+40712345678"),
		("+40712345678", None, "+40712345678"),
	],
)
def test_a_number_becomes_international(typed, country, number):
	"""IN-2: local, international, other digits, and the marks an address book adds."""
	assert e164(phone(typed), country) == number


@pytest.mark.parametrize(
	"typed",
	[
		"",
		"12",
		"+",
		"+40",
		"phone",
		"0712345678 ext 5",
		"0712345678x5",
		"+40712345678;ext=5",
		"0712345678#5",
		"0712345678,,5",
		"1-800-FLOWERS",
		"0712345678 / 0712345679",
		"+40712345678 +40712345679",
		"0712345678\n0712345679",
		"07123456789012345678",
		"0" * 41,
		"0712345678'; DROP TABLE x",
	],
)
def test_what_is_not_one_number_is_refused(typed):
	"""IN-2: extensions, letters, two at once, too short, too long."""
	with pytest.raises((ValidationError, Validation)):
		e164(phone(typed), "ro")


def test_a_local_number_needs_a_country():
	"""IN-2: without one the field is named."""
	with pytest.raises(Validation) as caught:
		e164("0712345678", None, argument="phone")
	assert list(caught.value.facts["fields"]) == ["phone"]


@given(st.text(max_size=60), st.sampled_from(["ro", "es", "us", "fr", None]))
def test_a_number_is_refused_or_e164(typed, country):
	"""IN-2: plus and at most 15 digits."""
	try:
		number = e164(typed, country)
	except Validation:
		return
	assert number[0] == "+"
	assert number[1:].isdigit()
	assert number.isascii()
	assert 5 <= len(number) <= 16
	assert e164(number, None) == number
