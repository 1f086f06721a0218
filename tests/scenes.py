"""Whole clinics for tests that need more than one record: busy ones, and ones where limits are out of the way."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import frappe

from tests.builders import WEEKDAYS, a_block, a_clinic, a_doctor, a_room, a_service

LIMITS = (
	*("limit_read", "limit_hold", "limit_holds_per_browser", "limit_holds_per_address", "limit_book"),
	*("limit_receipt", "limit_resend_contact", "limit_resend_address", "limit_unpaid_per_contact"),
	"limit_signed_in",
)
HIGH = 10_000_000
MADRID = ZoneInfo("Europe/Madrid")
OFFICE_HOURS = (("08:00", "12:00"), ("14:00", "18:00"))


@dataclass(frozen=True)
class Scene:
	"""One clinic: its doctors, its rooms, a service that needs none and one that needs a room."""

	clinic: str
	doctors: tuple[str, ...]
	slugs: tuple[str, ...]
	rooms: tuple[str, ...]
	visit: str
	room_visit: str


def a_scene(doctors=1, rooms=0, price=0, duration_minutes=30, office_hours=False, **doctor) -> Scene:
	"""A clinic with that many doctors, open daily from 6 to 22, and rooms; visits of half an hour, no buffers.

	With `office_hours` they are open from Monday to Friday, 8 to 12 and 14 to 18. Limits are on, and set so high
	that nobody meets them. Commits.
	"""
	raise_limits()
	clinic = a_clinic()
	made_rooms = [a_room(clinic) for _ in range(rooms)]
	services = [a_service(clinic, price=price, duration_minutes=duration_minutes)]
	if rooms:
		services.append(
			a_service(clinic, price=price, duration_minutes=duration_minutes, room_kind="Consulting")
		)
	if office_hours:
		doctor["availability"] = [
			a_block(clinic, day, *hours) for day in WEEKDAYS[:5] for hours in OFFICE_HOURS
		]
	made = [a_doctor(*services, clinics=[clinic], **doctor) for _ in range(doctors)]
	frappe.db.commit()
	return Scene(
		clinic=clinic.name,
		doctors=tuple(doctor.name for doctor in made),
		slugs=tuple(doctor.slug for doctor in made),
		rooms=tuple(room.name for room in made_rooms),
		visit=services[0].name,
		room_visit=services[-1].name,
	)


def raise_limits() -> None:
	"""Leave every limit on, and set it too high to be met."""
	settings = frappe.get_doc("Clinic Booking Settings")
	settings.update(dict.fromkeys(LIMITS, HIGH))
	settings.save()


def in_days(days: int) -> date:
	"""The date so many days from now; what is booked there is inside notice and horizon."""
	return date.today() + timedelta(days=days)


def on_day(days: int, hour: int, minute: int = 0) -> datetime:
	"""A time of a clinic's wall clock so many days from now. An hour before it is an hour, whatever clocks do meanwhile."""
	day = in_days(days)
	there = datetime(day.year, day.month, day.day, hour, minute, tzinfo=MADRID)
	return there.replace(tzinfo=timezone(there.utcoffset()))


def clock_change(month: int) -> date:
	"""The next day, but not sooner than in three, on which Madrid's clocks change in March (3) or in October (10)."""
	for year in (in_days(3).year, in_days(3).year + 1):
		last = date(year, month, 31)
		sunday = last - timedelta(days=last.isoweekday() % 7)
		if sunday >= in_days(3):
			break
	return sunday
