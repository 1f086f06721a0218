"""What a view is asked and what it answers. Standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

LONGEST_PARAMETER = 140
FARTHEST = timedelta(days=3660)


@dataclass(frozen=True)
class Asked:
	"""One request for a page: its query (each name once), the language, the instant (aware)."""

	query: Mapping[str, str]
	language: str
	now: datetime

	def text(self, name: str) -> str:
		"""A parameter as typed, or an empty string; far too long ones count as not given."""
		value = self.query.get(name, "").strip()
		return value if len(value) <= LONGEST_PARAMETER else ""

	def one_of(self, name: str, allowed) -> str | None:
		"""A parameter that must be one of some names. An unknown one is an old link: not given."""
		value = self.text(name)
		return value if value and value in allowed else None

	def number(self, name: str, default: int, least: int, most: int) -> int:
		value = self.text(name)
		if not (value.isascii() and value.isdigit()):
			return default
		return min(max(int(value), least), most)

	def month(self, name: str) -> date | None:
		"""The first day of a month written `2026-12`."""
		try:
			return date.fromisoformat(f"{self.text(name)}-01")
		except ValueError:
			return None

	def date(self, name: str) -> date | None:
		try:
			return date.fromisoformat(self.text(name)[:10])
		except ValueError:
			return None

	def instant(self, name: str) -> datetime | None:
		"""An aware instant of these years; one without offset says nothing and counts as not given."""
		try:
			value = datetime.fromisoformat(self.text(name).replace("Z", "+00:00"))
		except ValueError:
			return None
		if value.tzinfo is None or abs(value - self.now) > FARTHEST:
			return None
		return value

	def zone(self, name: str) -> str | None:
		value = self.text(name)
		return value if value in available_timezones() else None

	def today(self, zone: str) -> date:
		return self.now.astimezone(ZoneInfo(zone)).date()


@dataclass(frozen=True)
class Page:
	"""A template and its facts.

	`personal`: shows a token, a hold or a person; never stored, nor listed by search engines, unless it is
	`listed` because all of that comes from the visitor's own browser. `holds`: times are taken from it.
	`location`: where to go instead; there is no template then.
	"""

	template: str
	facts: Mapping = field(default_factory=dict)
	personal: bool = False
	listed: bool = False
	holds: bool = False
	status: int = 200
	kind: str = "text/html"
	location: str | None = None

	@property
	def is_hidden(self) -> bool:
		"""Whether search engines are to pass it by."""
		return self.personal and not self.listed
