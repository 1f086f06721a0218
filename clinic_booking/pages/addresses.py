"""The addresses of the public pages. None of them ever changes: they are in people's mails."""

import re
from urllib.parse import quote, urlencode

DOCTORS = re.compile(r"book")
SITEMAP = re.compile(r"book/sitemap\.xml")
DOCTOR = re.compile(r"book/(?P<slug>[a-z0-9-]{1,140})")
BOOKING = re.compile(r"book/(?P<slug>[a-z0-9-]{1,140})/(?P<service>[a-z0-9-]{1,140})")
APPOINTMENT = re.compile(r"booking/(?P<token>[A-Za-z0-9_.~-]{1,200})")
PAID = re.compile(r"booking/(?P<token>[A-Za-z0-9_.~-]{1,200})/paid")


def is_ours(path: str) -> bool:
	"""Whether a path (no slash at either end) lies among the public pages, known or not.

	Asked for every page of the site, so it only compares strings.
	"""
	return path == "book" or path.startswith(("book/", "booking/"))


def doctors(**query: str | int | None) -> str:
	return _address("/book", query)


def doctor(slug: str, **query: str | int | None) -> str:
	return _address(f"/book/{quote(slug)}", query)


def booking(slug: str, service: str, **query: str | int | None) -> str:
	return _address(f"/book/{quote(slug)}/{quote(service)}", query)


def appointment(token: str, **query: str | int | None) -> str:
	return _address(f"/booking/{quote(token)}", query)


def paid(token: str) -> str:
	"""Where a patient comes back to from a provider's page, paid or not."""
	return f"/booking/{quote(token)}/paid"


def calendar_file(token: str) -> str:
	"""The appointment as a calendar's file; a plain link, as it must work without scripts."""
	return _address("/api/method/clinic_booking.api.public.ics", {"token": token})


def paper(token: str, document: str) -> str:
	"""A PDF, `receipt` or `invoice`; a plain link, as it must work without scripts."""
	return _address("/api/method/clinic_booking.api.public.receipt", {"token": token, "document": document})


def _address(path: str, query: dict) -> str:
	given = {name: value for name, value in query.items() if value not in (None, "")}
	return f"{path}?{urlencode(given)}" if given else path
