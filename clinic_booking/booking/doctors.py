"""The clinic's doctors as patients find them: list, profile, and what they can be filtered by."""

import json
from datetime import date

import frappe

from clinic_booking.booking import availability, practices, terms
from clinic_booking.booking.money import money
from clinic_booking.booking.names import comparable
from clinic_booking.booking.practices import OfferedService, Practice
from clinic_booking.errors import NotFound
from clinic_booking.translations import translate

CARD_SLOTS = 2


def filters() -> dict:
	"""What can be asked for: only what some doctor really offers (api.md `filters`)."""
	specialties, clinics, languages, services = {}, {}, {}, {}
	for practice in _offering():
		specialties |= {row["name"]: row for row in practice.row["specialties"]}
		languages |= {row["name"]: row for row in practice.row["languages"]}
		for service in practice.online_services():
			services[service.name] = {"name": service.name, "title": service.title}
			clinics |= {name: clinic_shape(practice.clinics[name]) for name in service.clinics}
	return {
		"specialties": _by_title(specialties),
		"clinics": _by_title(clinics),
		"languages": _by_title(languages),
		"services": _by_title(services),
	}


def search(
	specialty: str | None = None,
	clinic: str | None = None,
	service: str | None = None,
	language: str | None = None,
	q: str | None = None,
	start: int = 0,
	limit: int = 20,
) -> dict:
	"""Doctors that fit every filter, by name, with their next two free starts (api.md `doctors`).

	The number of queries does not depend on the number of doctors.
	"""
	found = [
		practice
		for practice in _offering()
		if _fits(practice, specialty, clinic, service, language, comparable(q or ""))
	]
	page = found[start : start + limit]
	free = availability.next_free([practice.doctor for practice in page], service, clinic, CARD_SLOTS)
	return {
		"doctors": [
			card(practice)
			| {"next_free": [slot.as_dict() | {"service": name} for slot, name in free[practice.doctor]]}
			for practice in page
		],
		"total": len(found),
	}


def profile(slug: str, next_free: bool = True) -> dict:
	"""One doctor's page (api.md `doctor`). `NotFound` for a slug nobody has, or who is not shown.

	Who shows free times anyway asks without `next_free`, which is then empty.
	"""
	practice = by_slug(slug)
	row = practice.row
	asked = [practice.doctor] if next_free else []
	free = availability.next_free(asked, None, None, CARD_SLOTS).get(practice.doctor, [])
	registration = {"number": row["registration_number"], "body": row["registration_body"]}
	return card(practice) | {
		"next_free": [slot.as_dict() | {"service": name} for slot, name in free],
		"bio": row["bio"] or "",
		"registration": registration if row["registration_number"] else None,
		"credentials": row["credentials"] or "",
		"education": row["education"] or "",
		"expertise": row["expertise"] or "",
		"approach": row["approach"] or "",
		"answer_time": row["answer_time"] or "",
		"faq": [{"question": faq["question"], "answer": faq["answer"]} for faq in row["faq"]],
		"services": [service_shape(service) for service in practice.online_services()],
		"policy": terms.policy_shape(terms.policy_now()),
	}


def slugs() -> list[tuple[str, date]]:
	"""The doctors who have a page, by name, and the day their record changed last."""
	return [(practice.row["slug"], practice.row["modified"].date()) for practice in _offering()]


def by_slug(slug: str) -> Practice:
	"""The practice behind a page's address; `NotFound` when nobody enabled has it."""
	rows = frappe.db.sql("SELECT name, offer_version FROM `tabDoctor` WHERE slug = %s AND enabled = 1", slug)
	if not rows:
		raise NotFound
	return practices.of(*rows[0])


def card(practice: Practice) -> dict:
	"""What is the same on a list and on the doctor's own page."""
	row = practice.row
	offered = {name for service in practice.online_services() for name in service.clinics}
	photos = json.loads(row["photos"] or "{}")
	return {
		"doctor": practice.doctor,
		"slug": row["slug"],
		"name": row["doctor_name"],
		"specialties": row["specialties"],
		"languages": row["languages"],
		"image": photos.get("384") or _elsewhere(row["image"]),
		"photos": photos,
		"color": row["color"] or None,
		"rating": _rating(row),
		"clinics": [clinic_shape(clinic) for name, clinic in practice.clinics.items() if name in offered],
	}


def clinic_shape(clinic: dict) -> dict:
	"""`{name, title, city, timezone, currency, phone}`."""
	return {
		field: clinic[field] or "" for field in ("name", "title", "city", "timezone", "currency", "phone")
	}


def service_shape(service: OfferedService) -> dict:
	"""A service with its price per clinic, and the deposit where one is due."""
	prices = []
	for clinic, price in service.prices.items():
		shape = {"clinic": clinic, "price": money(price.amount, price.currency)}
		if service.payment == "deposit":
			shape["deposit"] = money(price.deposit, price.currency)
		prices.append(shape)
	return {
		"service": service.name,
		"name": service.title,
		"description": service.description,
		"duration": service.visit.length_minutes,
		"payment": service.payment,
		"video": service.video,
		"prices": prices,
	}


def _offering() -> list[Practice]:
	"""The practices of all enabled doctors that have something to offer online, by name."""
	rows = frappe.db.sql(
		"SELECT name, offer_version FROM `tabDoctor` WHERE enabled = 1 ORDER BY doctor_name, name"
	)
	known = practices.of_many(dict(rows))
	return [known[name] for name, _version in rows if name in known and known[name].online_services()]


def _fits(practice: Practice, specialty, clinic, service, language, words: str) -> bool:
	row = practice.row
	if specialty and specialty not in {entry["name"] for entry in row["specialties"]}:
		return False
	if language and language not in {entry["name"] for entry in row["languages"]}:
		return False
	if words and not all(word in _search_text(practice) for word in words.split()):
		return False
	return any(
		service in (None, offered.name) and offered.is_at(clinic) for offered in practice.online_services()
	)


def _elsewhere(image: str | None) -> str | None:
	"""A picture that is shown from another server; a file of this one is only shown as the pictures made of it."""
	return image if image and image.startswith("https://") else None


def _search_text(practice: Practice) -> str:
	"""Specialties are found by what they are called, and by what the reader sees."""
	shown = comparable(" ".join(translate(entry["title"]) for entry in practice.row["specialties"]))
	return f"{practice.search_text} {shown}"


def _rating(row: dict) -> dict | None:
	if not row["rating_count"]:
		return None
	return {"average": round(row["rating_sum"] / row["rating_count"], 1), "count": row["rating_count"]}


def _by_title(shapes: dict[str, dict]) -> list[dict]:
	return sorted(shapes.values(), key=lambda shape: (comparable(shape["title"]), shape["name"]))
