"""`/book/<slug>/<service>`: choose a time, give details, review, confirm (BK-1).

The server shows the times; holding one and everything after it is done by the page's modules in
`public/js/booking`, with the steps in the address's fragment. Nothing here holds anything.
"""

from datetime import date

from clinic_booking.errors import NotFound
from clinic_booking.formats import in_zone, phone_lengths, place, zone_city
from clinic_booking.pages import addresses, languages
from clinic_booking.pages.page import Asked, Page
from clinic_booking.pages.week import Times, Week


def show(asked: Asked, read, slug: str, service: str) -> Page:
	doctor = read.doctor(slug)
	offered = next((each for each in doctor["services"] if each["service"] == service), None)
	if offered is None:
		raise NotFound()
	clinics = {clinic["name"]: clinic for clinic in doctor["clinics"]}
	offering = [price["clinic"] for price in offered["prices"]]
	clinic = clinics[asked.one_of("clinic", offering) or offering[0]]
	wanted_zone = asked.zone("timezone") if offered["video"] else None
	zone = wanted_zone or clinic["timezone"]
	picked = asked.instant("start")
	week = Week(asked.today(zone), _first_day(asked, zone), doctor["horizon_days"])

	def address(**query) -> str:
		kept = {
			"clinic": clinic["name"] if len(offering) > 1 else None,
			"timezone": wanted_zone,
		}
		return addresses.booking(slug, service, **{**kept, **query})

	free = read.availability(
		doctor=doctor["doctor"],
		service=service,
		from_date=week.first,
		to_date=week.last,
		clinic=clinic["name"],
		timezone=zone,
	)
	return Page(
		"booking.html",
		{
			"doctor": doctor,
			"service": offered,
			"clinic": clinic,
			"clinics": doctor["clinics"],
			"offering": [clinics[name] for name in offering],
			"price": next(each for each in offered["prices"] if each["clinic"] == clinic["name"]),
			"zone": zone,
			"places": {
				name: {
					"title": place(each),
					"timezone": each["timezone"],
					"phones": phone_lengths(each["country"]),
				}
				for name, each in clinics.items()
			},
			"zones": {each: zone_city(each, asked.language) for each in _zones(clinics, zone)},
			"days": free["days"],
			"first_open": next((day.date for day in free["days"] if day.slots), None),
			"next_free": free["next_free"],
			"picked": picked,
			"week": week,
			"address": address,
			"times": Times(address),
			"texts": read.texts(),
			"now": asked.now,
		},
		personal=True,
		holds=True,
		# One of a thousand addresses of the same page is enough, in each language.
		listed=set(asked.query) <= {languages.PARAMETER},
	)


def _zones(clinics: dict, shown: str) -> set[str]:
	"""Every zone in which a time of this page can stand, an alternative at another clinic included."""
	return {shown, *(clinic["timezone"] for clinic in clinics.values())}


def _first_day(asked: Asked, zone: str) -> date | None:
	"""The day the list starts on: the one asked for, or that of the time in the address."""
	picked = asked.instant("start")
	return asked.date("from") or (picked and in_zone(picked, zone).date())
