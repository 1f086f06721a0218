"""The database's clock, the one that decides, and how instants go into its columns."""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import get_system_timezone

UTC = timezone.utc


def now() -> datetime:
	"""The database's time as an aware UTC instant. Ask after the locks, once per try."""
	return from_database(frappe.db.sql("SELECT UTC_TIMESTAMP(6)")[0][0])


def to_database(instant: datetime | None) -> datetime | None:
	"""An instant as the naive UTC of our `*_utc` columns; naive ones are UTC already."""
	if instant is None or instant.tzinfo is None:
		return instant
	return instant.astimezone(UTC).replace(tzinfo=None)


def from_database(value: datetime | None) -> datetime | None:
	"""The naive UTC of a `*_utc` column as an aware instant."""
	return value and value.replace(tzinfo=UTC)


def to_site(instant: datetime) -> datetime:
	"""An instant as the naive wall clock of the site's zone, as Frappe keeps its own Datetime fields."""
	return instant.astimezone(ZoneInfo(get_system_timezone())).replace(tzinfo=None)


def from_site(value: datetime) -> datetime:
	"""The naive wall clock of Frappe's own Datetime fields as an aware instant; the first of two alike."""
	return value.replace(tzinfo=ZoneInfo(get_system_timezone()))


def iso(value: datetime, zone: str) -> str:
	"""A naive UTC column value (or an aware instant) as ISO 8601 with the offset of `zone`."""
	aware = value if value.tzinfo else value.replace(tzinfo=UTC)
	return aware.astimezone(ZoneInfo(zone)).isoformat()
