"""What the views read: the booking room's answers (docs: API) with instants and dates as such.

The only module here that knows where things are kept. It reads and changes nothing, but `look_for_payment`.
"""

from datetime import date, datetime
from decimal import Decimal

import frappe

from clinic_booking.billing import looks, payment_shown
from clinic_booking.billing.ledger import documents_of
from clinic_booking.booking import availability as free_times
from clinic_booking.booking import clock, declined, practices, preferences, requests, status
from clinic_booking.booking import doctors as directory
from clinic_booking.booking.money import money
from clinic_booking.booking.names import comparable
from clinic_booking.booking.ways_to_pay import AT_CLINIC
from clinic_booking.brand import Brand, logo_of
from clinic_booking.brand import brand as brand_of
from clinic_booking.messaging import browsers
from clinic_booking.scheduling.status import CONFIRMED, REQUESTED
from clinic_booking.translations import catalogue
from clinic_booking.translations import translate as _

SETTINGS = "Clinic Booking Settings"
NEVER_BOOKED = frozenset({requests.HELD, requests.EXPIRED})
RECEIVED = frozenset({"Paid", "Partly Paid", "Partly Refunded", "Refunded"})
PROFILE = ("bio", "credentials", "education", "expertise", "approach", "answer_time")


def filters() -> dict:
	"""`{specialties, clinics, languages, services}`, as the API's `filters`, in the reader's words."""
	found = directory.filters()
	return found | {
		name: sorted(_in_words(found[name], "title"), key=lambda each: comparable(each["title"]))
		for name in ("specialties", "services")
	}


def doctors(start: int, limit: int, **asked: str | None) -> dict:
	"""`{doctors, total}`, as the API's `doctors`, with instants."""
	found = directory.search(**asked, start=start, limit=limit)
	return {**found, "doctors": [_in_the_list(doctor) for doctor in found["doctors"]]}


def slugs() -> list[tuple[str, date]]:
	"""The doctors who have a page, and the day each changed last."""
	return directory.slugs()


def doctor(slug: str) -> dict:
	"""As the API's `doctor` without `next_free`, with `horizon_days`, `approves` and the clinics' `address` and `country`.

	Raises `NotFound`.
	"""
	(found,) = _in_words([directory.profile(slug, next_free=False)], *PROFILE)
	(practice,) = practices.as_remembered([found["doctor"]]).values()
	return found | {
		"approves": bool(practice.row["approves_bookings"]),
		"clinics": [
			_with_address(clinic, practice.clinics[clinic["name"]])
			| {"country": _country_code(practice.clinics[clinic["name"]]["country"])}
			for clinic in found["clinics"]
		],
		"specialties": _in_words(found["specialties"], "title"),
		"services": _in_words(found["services"], "name", "description"),
		"faq": _in_words(found["faq"], "question", "answer"),
		"horizon_days": practice.calendar.horizon_days,
	}


def availability(
	doctor: str,
	service: str,
	from_date: date,
	to_date: date,
	clinic: str,
	timezone: str,
	token: str | None = None,
) -> dict:
	"""`{days, next_free}` as `scheduling`'s `Day`s and `Slot`; dates and times in `timezone`.

	With `token`, the time of that booking counts as free.
	"""
	own = free_times.to_whom(status.find(token) if token else None)
	answer = free_times.availability(doctor, service, from_date, to_date, clinic, timezone, **own)
	return {"days": answer.days(), "next_free": answer.next_free}


def booking(token: str) -> dict:
	"""As the API's `booking`, with instants, and doctor, service and clinic as people know them. Raises `NotFound`.

	`rating` is the stars given, if any; `taken_back`: it was an appointment, and is cancelled; `patient`: the
	name that was typed, if it was; `payment` as the API's of a service; `news`: whether they are wanted, None
	where there are none to be had; `to_pay`: see `_to_pay`; `papers`: see `_papers`; `alternatives`: free times
	instead of one declined; `comes_back`: as `payment_shown.comes_back`.
	"""
	found = status.find(token)
	shown = status.shown(found, clock.now())
	terms = shown["terms"]
	doctor = frappe.get_cached_value(
		"Doctor", found.doctor, ["doctor_name", "slug", "answer_time"], as_dict=True
	)
	service = frappe.get_cached_value("Clinic Service", found.service, ["title", "video"], as_dict=True)
	taken_back = found.doctype == "Clinic Appointment" and shown["status"] == "Cancelled"
	clinic = frappe.get_cached_doc("Clinic", found.clinic).as_dict()
	return {
		**shown,
		"start": datetime.fromisoformat(shown["start"]),
		"end": datetime.fromisoformat(shown["end"]),
		"doctor": {
			"name": doctor.doctor_name,
			"slug": doctor.slug,
			"answer_time": _(doctor.answer_time) if doctor.answer_time else "",
		},
		"service": {
			"service": found.service,
			"title": _(service.title),
			"video": bool(service.video),
		},
		"clinic": _with_address(directory.clinic_shape(clinic), clinic),
		"patient": found.get("contact_name") or found.get("patient_name") or "",
		"payment": frappe.scrub(found.payment or ""),
		"to_pay": _to_pay(found, shown),
		"papers": _papers(found, shown["status"]),
		"rating": found.get("rating"),
		"no_reminders": found.get("no_reminders"),
		"news": preferences.gets_news(found) if shown["status"] in (REQUESTED, CONFIRMED) else None,
		"alternatives": declined.alternatives(found, clock.now()) if shown["status"] == "Cancelled" else [],
		"taken_back": taken_back,
		"comes_back": payment_shown.comes_back(found) if taken_back else None,
		"terms": terms
		| {name: datetime.fromisoformat(terms[name]) for name in ("cancel_until", "move_until")},
	}


def look_for_payment(token: str) -> None:
	"""Take over what the provider says of a booking's payment. Raises `NotFound`."""
	looks.look_for(token)


def _to_pay(found, shown: dict) -> dict | None:
	"""`{amount, rest, due, methods, until, payment}` of what is open or was begun; None for what costs nothing.

	`amount` can be paid now; it is `due` before the visit is certain, and `until` then, or not. `rest` is what is
	left for the clinic. `payment` as `payment_shown.of`.
	"""
	if not found.price:
		return None
	due = shown["terms"]["due_now"]
	left = Decimal(shown["price"]["amount"]) - Decimal(shown["paid"]["amount"])
	is_due = Decimal(due["amount"]) > 0
	rest = money(left - Decimal(due["amount"]), found.currency)
	waits = shown["status"] == requests.AWAITING_PAYMENT
	return {
		"amount": due if is_due else money(left, found.currency),
		"rest": rest,
		"due": is_due,
		"methods": [each for each in shown["terms"]["payment_methods"] if each != AT_CLINIC],
		"until": clock.from_database(found.expires_at_utc) if waits else None,
		"payment": payment_shown.of(found, clock.now()),
	}


def _papers(found, state: str) -> dict | None:
	"""`{receipt, invoice, company, tax_id, address}`: what can be printed, and whom the invoice is made out to."""
	if not found.price or state in NEVER_BOOKED:
		return None
	is_made = found.doctype == "Clinic Appointment"
	return {
		"receipt": is_made and found.payment_status in RECEIVED,
		"invoice": is_made and bool(documents_of(found.name)),
		"company": found.get("invoice_company") or "",
		"tax_id": found.get("invoice_tax_id") or "",
		"address": found.get("invoice_address") or "",
	}


def clinics() -> list[dict]:
	"""Every clinic that is open to patients, as `directory.clinic_shape` with `address`."""
	rows = frappe.get_all("Clinic", {"enabled": 1}, ["*"], order_by="title")
	return [_with_address(directory.clinic_shape(row), row) for row in rows]


def brand() -> Brand:
	"""The clinic's own name, logo, welcome and colour on every page."""
	settings = frappe.get_cached_doc(SETTINGS)
	return brand_of(
		settings.brand_name or "",
		logo_of(settings),
		_(settings.welcome_text) if settings.welcome_text else "",
		settings.accent_color or "",
	)


def texts() -> dict[str, str]:
	"""The clinic's own words and links on every page, empty where it has none."""
	settings = frappe.get_cached_doc(SETTINGS)
	return {
		"consent": _(settings.consent_text) if settings.consent_text else "",
		"newsletter": _(settings.newsletter_text) if settings.newsletter_text else "",
		"privacy_url": settings.privacy_url or "",
		"terms_url": settings.terms_url or "",
		"answer_time": _(settings.answer_time) if settings.answer_time else "",
		"push_key": browsers.public_key() or "",
	}


def _in_the_list(doctor: dict) -> dict:
	slots = [{**slot, "start": datetime.fromisoformat(slot["start"])} for slot in doctor["next_free"]]
	return doctor | {"next_free": slots, "specialties": _in_words(doctor["specialties"], "title")}


def _in_words(rows: list[dict], *fields: str) -> list[dict]:
	"""What a clinic says in its records, in the reader's language where somebody translated it.

	New rows: those that came are remembered for every language.
	"""
	texts = catalogue()
	return [{**row, **{field: texts.get(row[field]) or row[field] for field in fields}} for row in rows]


def _country_code(country: str | None) -> str:
	"""`ES`, or an empty string."""
	return (frappe.get_cached_value("Country", country, "code") or "").upper() if country else ""


def _with_address(shape: dict, row: dict) -> dict:
	return shape | {"address": ", ".join(line.strip() for line in (row["address_line"] or "").splitlines())}
