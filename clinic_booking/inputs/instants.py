"""Instants, dates and zones (TI-9)."""

import re
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator

from clinic_booking.errors import _
from clinic_booking.inputs.model import refused

INSTANT = re.compile(
	r"(\d{4}-\d\d-\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(?:[Zz]|([+-])(\d\d):?(\d\d))", re.ASCII
)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NO_INSTANT = _("Please give date, time and offset, like 2026-03-02T09:00:00+02:00.")
NO_DATE = _("Please give a date like 2026-03-02.")
# A year is left at either end, so that whoever adds days or hours can't fall off the calendar.
FIRST_YEAR, LAST_YEAR = 2, 9998
OLDEST = timedelta(days=130 * 366)


def _instant(value: Any) -> datetime:
	found = INSTANT.fullmatch(value) if isinstance(value, str) else None
	if not found:
		raise refused(NO_INSTANT)
	day, hour, minute, second, fraction, sign, hours, minutes = found.groups()
	try:
		if sign and int(minutes) > 59:
			raise ValueError
		offset = timedelta(hours=int(hours), minutes=int(minutes)) if sign else timedelta(0)
		local = datetime(
			*map(int, day.split("-")),
			int(hour),
			int(minute),
			int(second or 0),
			int((fraction or "").ljust(6, "0")),
			tzinfo=timezone(-offset if sign == "-" else offset),
		)
		instant = local.astimezone(timezone.utc)
	except (ValueError, OverflowError):
		raise refused(NO_INSTANT) from None
	if not FIRST_YEAR <= instant.year <= LAST_YEAR:
		raise refused(NO_INSTANT)
	return instant


def _date(value: Any) -> date:
	if not (isinstance(value, str) and DATE.fullmatch(value)):
		raise refused(NO_DATE)
	try:
		day = date(*map(int, value.split("-")))
	except ValueError:
		raise refused(NO_DATE) from None
	if not FIRST_YEAR <= day.year <= LAST_YEAR:
		raise refused(NO_DATE)
	return day


def _birth_date(day: date) -> date:
	# It may be tomorrow already where the clinic is.
	if not date.today() - OLDEST <= day <= date.today() + timedelta(days=1):
		raise refused(_("This can't be a date of birth."))
	return day


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
	return frozenset(available_timezones())


def _zone(value: Any) -> str:
	if not (isinstance(value, str) and value in _zones()):
		raise refused(_("This is not the name of a time zone."))
	return value


Instant = Annotated[datetime, BeforeValidator(_instant)]
"""ISO 8601 with offset or Z, to the microsecond; comes out as an aware datetime in UTC (TI-9)."""

Date = Annotated[date, BeforeValidator(_date)]
"""YYYY-MM-DD."""

BirthDate = Annotated[Date, AfterValidator(_birth_date)]
"""YYYY-MM-DD, of somebody who lives."""

Timezone = Annotated[str, BeforeValidator(_zone)]
"""The IANA name of a zone."""
