"""What every answer under /api/method/clinic_booking. has in common, also where no door was reached.

Frappe's `after_request` hook. Before the door it is Frappe that fails: unknown names, wrong verbs,
broken JSON, missing CSRF tokens, maintenance. Its answers hold a traceback where System Settings allow
it, and its status is rarely the true one.
"""

import json
from contextlib import suppress

import frappe
from werkzeug.wrappers import Response

from clinic_booking import errors
from clinic_booking.api.before import OURS
from clinic_booking.api.door import DOORS, VERBS, Door, is_allowed, is_own
from clinic_booking.api.failures import translated

# Frappe gives them to every guest; ours need none, and a page without cookies is a page without a banner.
GUESTS_COOKIES = ("sid", "user_id", "system_user", "full_name", "user_image")
MEANING = {
	400: errors.Forbidden,  # Frappe's CSRF check
	401: errors.Unauthorized,
	403: errors.Forbidden,
	429: errors.RateLimited,
	503: errors.Unavailable,
}


class NoPage:
	"""Frappe's `page_renderer` for the page that it would show a browser instead of an error of our API.

	That page needs a session, and fails where a body can't be read, for there is none yet. What is
	answered here is given its shape by `after_request`.
	"""

	def __init__(self, path: str, http_status_code: int | None = None):
		self.path, self.status = path, http_status_code

	def can_render(self) -> bool:
		return self.path == "message" and bool(OURS.match(frappe.local.request.path))

	def render(self) -> Response:
		return Response(status=self.status)


def after_request(response=None, request=None) -> None:
	"""Give an answer of ours its shape and headers; other addresses are left alone."""
	if response is None or request is None or not (found := OURS.match(request.path)):
		return
	door = _find(found[1])
	if request.method != "OPTIONS":
		_drop_guests_cookies()
		if not hasattr(request, "clinic_booking_door"):
			_reshape(response, *_what_failed(door, request, response.status_code))
			if response.status_code == 405:
				response.headers["Allow"] = ", ".join(VERBS[door.verb])
		_set_headers(response)
	_allow_origin(response, request, door)


def _find(name: str) -> Door | None:
	"""The door called `name`; its module may not have been loaded when Frappe failed before it."""
	if name not in DOORS:
		with suppress(Exception):
			frappe.get_attr(name)
	return DOORS.get(name)


def _drop_guests_cookies() -> None:
	if frappe.local.session.get("user") in (None, "", "Guest") and hasattr(frappe.local, "cookie_manager"):
		for cookie in GUESTS_COOKIES:
			frappe.local.cookie_manager.cookies.pop(cookie, None)


def _what_failed(door: Door | None, request, status: int) -> tuple[errors.BookingError, int]:
	"""The error and its status, found anew: Frappe's answer may be a page, and says little."""
	if door is None:
		return errors.NotFound(), 404
	if request.method not in VERBS[door.verb]:
		return errors.Validation(), 405
	if answer := MEANING.get(status):
		if answer is errors.Forbidden and not door.public and frappe.session.user == "Guest":
			answer = errors.Unauthorized
		return answer(), answer.status
	if not _is_object(request):
		return errors.Validation(fields={"body": errors._("This must be JSON.")}), 422
	return errors.Unavailable(), 503


def _is_object(request) -> bool:
	body = request.get_data()
	if not (body and request.is_json):
		return True
	try:
		return isinstance(json.loads(body), dict)
	except (ValueError, RecursionError):
		return False


def _reshape(response, error: errors.BookingError, status: int) -> None:
	facts = translated(error)
	frappe.local.response = frappe._dict(error=facts)
	response.status_code = status
	response.mimetype = "application/json"
	response.set_data(json.dumps({"error": facts}))


def _set_headers(response) -> None:
	response.headers["Cache-Control"] = "no-store"
	response.headers["Referrer-Policy"] = "no-referrer"
	response.headers["X-Content-Type-Options"] = "nosniff"
	if wait := (frappe.local.response.get("error") or {}).get("retry_after"):
		response.headers["Retry-After"] = str(wait)


def _allow_origin(response, request, door: Door | None) -> None:
	"""Let the pages of an allowed origin read the answers of our public calls (no cookies)."""
	origin = request.headers.get("Origin")
	if not (origin and door and door.public) or is_own(origin, request.host) or not is_allowed(origin):
		return
	response.headers["Access-Control-Allow-Origin"] = origin
	response.headers.add("Vary", "Origin")
	if request.method == "OPTIONS":
		response.headers["Access-Control-Allow-Methods"] = ", ".join(VERBS[door.verb])
		response.headers["Access-Control-Allow-Headers"] = "Content-Type, X-Booking-Token"
		response.headers["Access-Control-Max-Age"] = "7200"
