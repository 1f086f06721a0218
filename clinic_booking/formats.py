"""Dates, times, zones and money as people read them. Pure; Babel knows the languages.

Times are on the 24-hour clock, as everywhere in Frappe, so that no `9:00` is ever read as an
evening. The browser's `words.js` says the same by `Intl`.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, get_timezone_location
from babel.numbers import format_currency, format_decimal

_WEEKDAY = re.compile(r"[Ec]+")
_MONTH = re.compile(r"[ML]{3,}")


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
	"""Babel's locale for a Frappe language (`ro`, `es-CO`); English where Babel knows none."""
	for name in (language, language.partition("-")[0]):
		try:
			return Locale.parse(name.replace("_", "-"), sep="-")
		except (UnknownLocaleError, ValueError):
			continue
	return Locale("en")


@lru_cache(maxsize=64)
def plain_english(country: str | None) -> str:
	"""What English without a country is in one (`ES`): America's, `en`, where dates are written so, else the world's."""
	try:
		pattern = Locale("en", country or "001").date_formats["full"].pattern
	except UnknownLocaleError:
		return "en-001"
	return "en" if pattern == Locale("en").date_formats["full"].pattern else "en-001"


def direction(language: str) -> str:
	"""`ltr` or `rtl`."""
	return locale_of(language).text_direction


def clock(at: datetime) -> str:
	"""`09:00`, of a datetime that already stands in the zone to be shown."""
	return f"{at.hour:02}:{at.minute:02}"


@lru_cache(maxsize=4096)
def long_date(on: date, language: str) -> str:
	"""`Monday, November 23`, `lundi 23 novembre`.

	CLDR has no pattern with both names whole: its short one with the widths changed, which is how
	it says others are to be made (UTS 35, part 4, "Matching Skeletons").
	"""
	known = locale_of(language).datetime_skeletons
	pattern = (known.get("MMMMEd") or known["MMMEd"]).pattern
	parts = pattern.split("'")
	parts[::2] = [_WEEKDAY.sub("EEEE", _MONTH.sub("MMMM", part)) for part in parts[::2]]
	return format_date(on, "'".join(parts), locale=locale_of(language))


@lru_cache(maxsize=4096)
def short_date(on: date, language: str) -> str:
	"""`Mon 23 Nov`."""
	return _skeleton("MMMEd", on, language)


@lru_cache(maxsize=4096)
def weekday(on: date, language: str) -> str:
	"""`Mon`."""
	return _skeleton("E", on, language)


@lru_cache(maxsize=4096)
def day_month(on: date, language: str) -> str:
	"""`23 Nov`."""
	return _skeleton("MMMd", on, language)


@lru_cache(maxsize=4096)
def full_date(on: date, language: str) -> str:
	"""`Monday 23 November 2026`."""
	return format_date(on, "full", locale=locale_of(language))


@lru_cache(maxsize=4096)
def dated(on: date, language: str) -> str:
	"""`23 Nov 2026`, as on papers: with the year, and no weekday."""
	return format_date(on, "medium", locale=locale_of(language))


@lru_cache(maxsize=512)
def month(on: date, language: str) -> str:
	"""`November 2026`."""
	return _skeleton("yMMMM", on, language)


@lru_cache(maxsize=64)
def weekdays(language: str) -> list[tuple[str, str]]:
	"""`[("Mon", "Monday"), …]`, beginning with the day on which weeks begin there."""
	names = locale_of(language).days["stand-alone"]
	first = first_weekday(language)
	order = [(first + number) % 7 for number in range(7)]
	return [(names["abbreviated"][day], names["wide"][day]) for day in order]


def first_weekday(language: str) -> int:
	"""0 is Monday. Sunday begins the week only where a territory says so (`en-US`): clinics here plan by Mondays."""
	locale = locale_of(language)
	return locale.first_week_day if locale.territory else 0


def in_zone(at: datetime, zone: str) -> datetime:
	return at.astimezone(_zone(zone))


def zone_city(zone: str, language: str) -> str:
	"""`Bucharest`, `București`: the place a zone is named after."""
	return _zone_city(zone, language)


def offset(at: datetime) -> str:
	"""`UTC+2`, `UTC−3:30`, of a datetime in its zone."""
	ahead = at.utcoffset() or timedelta()
	minutes = int(abs(ahead).total_seconds()) // 60
	sign = "+" if ahead >= timedelta() else "−"
	hours, rest = divmod(minutes, 60)
	return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def money(price: dict, language: str) -> str:
	"""`{"amount": "35.00", "currency": "EUR"}` → `€35.00`."""
	return _money(price["amount"], price["currency"], language)


def is_free(price: dict) -> bool:
	return Decimal(price["amount"]) == 0


def place(clinic: dict) -> str:
	"""`Green Street Clinic, Madrid`; a city that the title names already is not said twice."""
	title, city = clinic["title"], clinic["city"]
	return f"{title}, {city}" if city and city not in title else title


@lru_cache(maxsize=256)
def phone(number: str) -> str:
	"""`+34 911 23 45 67` of `+34911234567`; what is no such number stays as it is."""
	try:
		parsed = phonenumbers.parse(number)
	except phonenumbers.NumberParseException:
		return number
	return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@lru_cache(maxsize=256)
def phone_lengths(country: str) -> dict | None:
	"""How numbers of a country (`ES`) are made: `{code, abroad, prefix, lengths}`; None for a country without any.

	`abroad`, a pattern, is dialled there for another country, `prefix` before a number within it; `lengths` is how
	many digits one may have without it.
	"""
	known = phonenumbers.PhoneMetadata.metadata_for_region(country)
	if known is None:
		return None
	return {
		"code": str(known.country_code),
		"abroad": known.international_prefix or "",
		"prefix": known.national_prefix or "",
		"lengths": list(known.general_desc.possible_length),
	}


def language_names(spoken: list[dict], language: str) -> list[str]:
	"""`[{"name": "ro", "title": "Română"}]` → `["Romanian"]`; the site's own title for one that CLDR has not."""
	names = locale_of(language).languages
	return [names.get(each["name"].replace("-", "_"), each["title"]) for each in spoken]


def rating(average: float, language: str) -> str:
	"""`4.8`, `5,0`."""
	return format_decimal(average, "0.0", locale=locale_of(language))


def initials(name: str) -> str:
	"""`AP` of `Dr. Ana Popescu`: the first and last word's first letters, titles left out."""
	words = [word for word in name.split() if not word.endswith(".")] or name.split()
	return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
	return ZoneInfo(name)


@lru_cache(maxsize=1024)
def _zone_city(zone: str, language: str) -> str:
	place = get_timezone_location(zone, locale=locale_of(language), return_city=True)
	return place.rpartition("/")[2]


@lru_cache(maxsize=1024)
def _money(amount: str, currency: str, language: str) -> str:
	return format_currency(Decimal(amount), currency, locale=locale_of(language))


def _skeleton(skeleton: str, on: date, language: str) -> str:
	return format_skeleton(skeleton, on, locale=locale_of(language))
