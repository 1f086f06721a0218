"""Dates, times, zones and money as the pages show them."""

from datetime import date, datetime, timezone

import pytest

from clinic_booking import formats

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
	("language", "text"),
	[
		("en", "Monday, November 23"),
		("ro", "luni, 23 noiembrie"),
		("es", "lunes, 23 de noviembre"),
		("fr", "lundi 23 novembre"),
		("de", "Montag, 23. November"),
	],
)
def test_long_date_names_weekday_and_month_in_the_language(language, text):
	"""UI-1: the whole names, in the order of the language."""
	assert formats.long_date(MONDAY, language) == text


def test_unknown_language_is_shown_in_english():
	"""UI-1: a language that Babel does not know is no error."""
	assert formats.long_date(MONDAY, "x-klingon") == "Monday, November 23"


@pytest.mark.parametrize(
	("country", "text"),
	[
		*(("ES", "Monday, 23 November 2026"), ("GB", "Monday, 23 November 2026")),
		*(("US", "Monday, November 23, 2026"), ("CA", "Monday, November 23, 2026")),
		*((None, "Monday, 23 November 2026"), ("IN", "Monday, 23 November 2026")),
	],
)
def test_plain_english_is_the_country_s(country, text):
	"""UI-1: months come first only where people write them so."""
	assert formats.full_date(MONDAY, formats.plain_english(country)) == text


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("he", "rtl")])
def test_direction_follows_the_language(language, direction):
	"""UI-1: right-to-left where it is read so."""
	assert formats.direction(language) == direction


@pytest.mark.parametrize(
	("zone", "at", "text"),
	[
		("Europe/Madrid", datetime(2026, 7, 1, tzinfo=timezone.utc), "UTC+2"),
		("Europe/Madrid", datetime(2026, 12, 1, tzinfo=timezone.utc), "UTC+1"),
		("America/St_Johns", datetime(2026, 12, 1, tzinfo=timezone.utc), "UTC−3:30"),
		("Asia/Kathmandu", datetime(2026, 12, 1, tzinfo=timezone.utc), "UTC+5:45"),
		("UTC", datetime(2026, 12, 1, tzinfo=timezone.utc), "UTC+0"),
	],
)
def test_offset_is_the_one_of_that_day(zone, at, text):
	"""TI-11: an offset is stated for the instant shown, not for today."""
	assert formats.offset(formats.in_zone(at, zone)) == text


@pytest.mark.parametrize(
	("zone", "city"),
	[("Europe/Bucharest", "București"), ("America/Argentina/Buenos_Aires", "Buenos Aires")],
)
def test_zone_is_named_after_its_place(zone, city):
	"""UI-1: zones are named for people."""
	assert formats.zone_city(zone, "ro") == city


@pytest.mark.parametrize(
	("amount", "currency", "text"),
	[("35.00", "EUR", "€35.00"), ("3500", "JPY", "¥3,500"), ("1.250", "KWD", "KWD1.250")],
)
def test_money_has_the_currencys_decimals(amount, currency, text):
	"""MO-15: two, none or three decimals, as the currency has them."""
	shown = formats.money({"amount": amount, "currency": currency}, "en")
	assert shown.replace("\N{NO-BREAK SPACE}", "") == text


@pytest.mark.parametrize(
	("number", "shown"),
	[
		("+34911234567", "+34 911 23 45 67"),
		("+40 21 555 0101", "+40 21 555 0101"),
		("911 234 567", "911 234 567"),
		("call us", "call us"),
	],
)
def test_phone_number_is_shown_in_groups(number, shown):
	"""UI-1: a number to read out and dial."""
	assert formats.phone(number) == shown


@pytest.mark.parametrize(
	("title", "city", "shown"),
	[
		("Green Street", "Madrid", "Green Street, Madrid"),
		("Sunrise Madrid", "Madrid", "Sunrise Madrid"),
		("Sunrise", "", "Sunrise"),
	],
)
def test_place_says_the_city_once(title, city, shown):
	"""UI-1: where it is, not twice."""
	assert formats.place({"title": title, "city": city}) == shown


@pytest.mark.parametrize(("average", "shown"), [(5, "5.0"), (4.75, "4.8"), (4.04, "4.0")])
def test_rating_has_one_decimal(average, shown):
	"""UI-1: comparable at a glance."""
	assert formats.rating(average, "en") == shown


@pytest.mark.parametrize(("amount", "is_free"), [("0.00", True), ("0", True), ("0.01", False)])
def test_nothing_is_free(amount, is_free):
	"""UI-1: a price of nothing is called free."""
	assert formats.is_free({"amount": amount, "currency": "EUR"}) is is_free


@pytest.mark.parametrize(
	("name", "initials"),
	[("Dr. Ana Maria Popescu", "AP"), ("Cher", "C"), ("Dr.", "D"), ("李 伟", "李伟"), ("", "")],
)
def test_initials_leave_titles_out(name, initials):
	"""UI-1: initials stand in for a missing photo, whatever the name."""
	assert formats.initials(name) == initials


def test_languages_are_named_in_the_reader_s():
	"""UI-1: what a doctor speaks; the site's own title where CLDR knows no name."""
	spoken = [
		{"name": "ro", "title": "Română"},
		{"name": "pt-BR", "title": "Português"},
		{"name": "xx", "title": "X"},
	]
	assert formats.language_names(spoken, "fr") == ["roumain", "portugais brésilien", "X"]
	assert formats.language_names(spoken, "en")[0] == "Romanian"
