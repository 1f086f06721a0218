"""What the views read: the booking room's answers (docs: API) with instants and dates as such.

The only module here that knows where things are kept. It reads and changes nothing.
"""

from datetime import date, datetime

import frappe

from clinic_booking.booking import availability as free_times
from clinic_booking.booking import doctors as directory
from clinic_booking.booking import practices, status
from clinic_booking.translations import translate as _

SETTINGS = "Clinic Booking Settings"


def filters() -> dict:
	"""`{specialties, clinics, languages, services}`, as the API's `filters`."""
	return directory.filters()


def doctors(start: int, limit: int, **asked: str | None) -> dict:
	"""`{doctors, total}`, as the API's `doctors`, with instants."""
	found = directory.search(**asked, start=start, limit=limit)
	return {**found, "doctors": [_with_instants(doctor) for doctor in found["doctors"]]}


def doctor(slug: str) -> dict:
	"""As the API's `doctor` without `next_free`, and `horizon_days`. Raises `NotFound`."""
	found = directory.profile(slug, next_free=False)
	return {**found, "horizon_days": practices.remembered(found["doctor"]).calendar.horizon_days}


def availability(
	doctor: str, service: str, from_date: date, to_date: date, clinic: str, timezone: str
) -> dict:
	"""`{days, next_free}` as `scheduling`'s `Day`s and `Slot`; dates and times in `timezone`."""
	answer = free_times.availability(doctor, service, from_date, to_date, clinic, timezone)
	return {"days": answer.days(), "next_free": answer.next_free}


def booking(token: str) -> dict:
	"""As the API's `booking`, with the doctor, the service and the clinic by their titles. Raises `NotFound`."""
	found = status.booking(token)
	clinic = frappe.get_cached_doc("Clinic", found["clinic"])
	return {
		**found,
		"start": datetime.fromisoformat(found["start"]),
		"end": datetime.fromisoformat(found["end"]),
		"doctor": {"name": frappe.get_cached_value("Doctor", found["doctor"], "doctor_name")},
		"service": {"title": frappe.get_cached_value("Clinic Service", found["service"], "title")},
		"clinic": directory.clinic_shape(clinic.as_dict()),
	}


def texts() -> dict[str, str]:
	"""The clinic's own words and links on every page, empty where it has none."""
	settings = frappe.get_cached_doc(SETTINGS)
	return {
		"consent": _(settings.consent_text) if settings.consent_text else "",
		"privacy_url": settings.privacy_url or "",
		"terms_url": settings.terms_url or "",
		"answer_time": _(settings.answer_time) if settings.answer_time else "",
	}


def _with_instants(doctor: dict) -> dict:
	slots = [{**slot, "start": datetime.fromisoformat(slot["start"])} for slot in doctor["next_free"]]
	return {**doctor, "next_free": slots}
