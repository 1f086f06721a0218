"""`/book/sitemap.xml`: the pages that search engines may show, each with itself in every language."""

from clinic_booking.pages import addresses, languages
from clinic_booking.pages.page import Asked, Page


def show(asked: Asked, read) -> Page:
	doctors = [(addresses.doctor(slug), changed_on) for slug, changed_on in read.slugs()]
	latest = max((changed_on for _path, changed_on in doctors), default=None)
	return Page(
		"sitemap.xml",
		{"pages": [(addresses.doctors(), latest), *doctors], "written": languages.WRITTEN},
		kind="application/xml",
	)
