"""`/book`: every doctor who can be booked, searched and filtered in the address bar (UI-1)."""

from clinic_booking import formats
from clinic_booking.pages import addresses
from clinic_booking.pages.page import Asked, Page

PAGE_LENGTH = 10
MOST_PAGES = 1000
FILTERS = ("specialty", "clinic", "service", "language")
FILTER_CHOICES = {
	"specialty": "specialties",
	"clinic": "clinics",
	"service": "services",
	"language": "languages",
}


def show(asked: Asked, read) -> Page:
	choices = read.filters()
	names = formats.language_names(choices["languages"], asked.language)
	choices["languages"] = [
		{**spoken, "title": name} for spoken, name in zip(choices["languages"], names, strict=True)
	]
	chosen = {
		name: asked.one_of(name, {choice["name"] for choice in choices[FILTER_CHOICES[name]]})
		for name in FILTERS
	}
	typed = asked.text("q")
	number = asked.number("page", default=1, least=1, most=MOST_PAGES)
	found = read.doctors(**chosen, q=typed or None, start=(number - 1) * PAGE_LENGTH, limit=PAGE_LENGTH)
	return Page(
		"doctors.html",
		{
			"choices": choices,
			"chosen": chosen,
			"typed": typed,
			"searching": bool(typed or any(chosen.values())),
			"doctors": found["doctors"],
			"total": found["total"],
			"pages": _pages(number, found["total"], {**chosen, "q": typed}),
			"clinics": choices["clinics"],
			"clinics_by_name": {clinic["name"]: clinic for clinic in choices["clinics"]},
			"texts": read.texts(),
		},
	)


def _pages(number: int, total: int, query: dict) -> dict:
	"""Where this page of the list stands, and the addresses of its neighbours."""
	last = max(1, -(-total // PAGE_LENGTH))

	def address(page: int) -> str:
		return addresses.doctors(**query, page=page if page > 1 else None)

	return {
		"number": number,
		"last": last,
		"previous": address(min(number - 1, last)) if number > 1 else None,
		"next": address(number + 1) if number < last else None,
	}
