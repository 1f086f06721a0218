"""Answers a request for a public page. Hooked in as `page_renderer`.

It never goes through Frappe's page cache or its 404, both of which keep what they saw under the
address, and turns every failure into a page of ours that tells nothing.
"""

import traceback
from datetime import datetime, timezone
from functools import lru_cache

import frappe
from frappe.sessions import get_csrf_token
from frappe.utils import get_url
from werkzeug.wrappers import Response

from clinic_booking import translations
from clinic_booking.api.caller import caller, new_browser
from clinic_booking.booking import countries
from clinic_booking.brand import Brand
from clinic_booking.errors import BookingError, NotFound
from clinic_booking.pages import (
	addresses,
	appointment,
	booking,
	data,
	doctor,
	doctors,
	environment,
	languages,
	sharing,
	sitemap,
)
from clinic_booking.pages.assets import assets
from clinic_booking.pages.headers import privacy, security
from clinic_booking.pages.page import Asked, Page

VIEWS = (
	(addresses.DOCTORS, doctors.show),
	(addresses.SITEMAP, sitemap.show),
	(addresses.DOCTOR, doctor.show),
	(addresses.BOOKING, booking.show),
	(addresses.APPOINTMENT, appointment.show),
	(addresses.PAID, appointment.come_back),
)
METHODS = ("GET", "HEAD")


class PublicPage:
	"""Frappe makes one for every path and asks it whether it can render."""

	def __init__(self, path: str, http_status_code: int | None = None):
		self.path = (path or "").strip("/ ")

	def can_render(self) -> bool:
		return addresses.is_ours(self.path)

	def render(self) -> Response:
		asked, brand = _asked(), data.brand()
		try:
			page = self._page(asked)
			body = _body(page, self.path, asked, brand)
		except Exception as problem:
			page = _page_of(problem)
			body = _body(page, self.path, asked, brand)
		return _response(page, body, asked, brand)

	def _page(self, asked: Asked) -> Page:
		if frappe.request.method not in METHODS:
			return _problem("method", 405)
		for pattern, show in VIEWS:
			if match := pattern.fullmatch(self.path):
				return show(asked, data, **match.groupdict())
		raise NotFound()


@lru_cache(maxsize=16)
def _environment(language: str, *texts: str):
	"""Under the same key as the texts that are compiled into it; `language` as it is written here."""
	return environment.make(language, translations.translate, assets())


def _asked() -> Asked:
	return Asked(
		query=frappe.request.args.to_dict(),
		language=countries.written(frappe.local.lang or "en"),
		now=datetime.now(timezone.utc),
	)


def _body(page: Page, path: str, asked: Asked, brand: Brand) -> str:
	if page.location:
		return ""
	site = sharing.Site(get_url(), brand.logo)
	return (
		_environment(asked.language, *translations.key())
		.get_template(page.template)
		.render(
			**page.facts,
			brand=brand,
			site=site,
			sharing=sharing.of(page, asked, site),
			languages=languages.choices(path, asked.query) if page.status == 200 else [],
			hidden=page.is_hidden,
			csrf_token=get_csrf_token() if _signed_in() else None,
		)
	)


def _page_of(problem: Exception) -> Page:
	"""Unknown addresses, other people's tokens and wrong ones all look alike."""
	if isinstance(problem, NotFound):
		return _problem("not_found", 404)
	if not isinstance(problem, BookingError) or problem.status >= 500:
		_log(problem)
	return _problem("failed", getattr(problem, "status", 500))


def _problem(kind: str, status: int) -> Page:
	"""What went wrong, and whom to call instead (UI-1)."""
	try:
		clinics = data.clinics()
	except Exception:
		# It may be the database that failed: then the page does without numbers, and `_page_of` has logged why.
		clinics = []
	return Page("problem.html", {"kind": kind, "clinics": clinics}, personal=True, status=status)


def _log(problem: Exception) -> None:
	"""Type and line only: messages and frames may hold a patient's words (SE-5)."""
	last = traceback.extract_tb(problem.__traceback__)[-1]
	frappe.logger("clinic_booking").error(f"{type(problem).__name__} at {last.filename}:{last.lineno}")


def _response(page: Page, body: str, asked: Asked, brand: Brand) -> Response:
	personal = page.personal or _signed_in()
	if not _signed_in():
		# A guest's cookies say nothing and cost every later request their bytes.
		frappe.local.cookie_manager.cookies.clear()
	if page.holds and not caller().has_cookie:
		# Before the first hold: by address, newcomers behind one would use up each other's (SE-2).
		new_browser()
	response = Response(body, status=page.status, mimetype=page.kind)
	response.headers.update(
		security(assets().import_map_hash, brand.theme_hash, _secure()) | privacy(personal, page.listed)
	)
	if language := languages.chosen(asked.query):
		response.set_cookie(
			languages.COOKIE, language, languages.KEPT_SECONDS, secure=_secure(), samesite="Lax"
		)
	if page.location:
		response.headers["Location"] = page.location
	if page.status == 405:
		response.headers["Allow"] = ", ".join(METHODS)
	return response


def _signed_in() -> bool:
	return frappe.session.user != "Guest"


def _secure() -> bool:
	return frappe.request.is_secure or frappe.get_request_header("X-Forwarded-Proto") == "https"
