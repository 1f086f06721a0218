"""`/book/<slug>`: who a doctor is, what they offer, and their next seven days (UI-1)."""

from datetime import timedelta

from clinic_booking.pages.page import Asked, Page

STRIP_DAYS = 7


def show(asked: Asked, read, slug: str) -> Page:
	doctor = read.doctor(slug)
	services = doctor["services"]
	by_name = {service["service"]: service for service in services}
	chosen = by_name.get(asked.one_of("service", by_name)) or (services[0] if services else None)
	return Page(
		"doctor.html",
		{
			"doctor": doctor,
			"clinics": doctor["clinics"],
			"clinics_by_name": {clinic["name"]: clinic for clinic in doctor["clinics"]},
			"chosen": chosen,
			"strip": _strip(asked, read, doctor, chosen) if chosen else None,
			"texts": read.texts(),
			"now": asked.now,
		},
	)


def _strip(asked: Asked, read, doctor: dict, service: dict) -> dict:
	"""The coming week of one service, at the first clinic that offers it, in that clinic's zone."""
	clinic = service["prices"][0]["clinic"]
	zone = next(known["timezone"] for known in doctor["clinics"] if known["name"] == clinic)
	today = asked.today(zone)
	free = read.availability(
		doctor=doctor["doctor"],
		service=service["service"],
		from_date=today,
		to_date=today + timedelta(days=STRIP_DAYS - 1),
		clinic=clinic,
		timezone=zone,
	)
	return {"clinic": clinic, "zone": zone, "days": free["days"], "next_free": free["next_free"]}
