"""Who is calling: the address (from the socket, or a configured proxy) and the browser (our own cookie)."""

import hmac
import secrets
from dataclasses import dataclass

import frappe

from clinic_booking.api.addresses import Networks, address_of, is_unlisted_proxy, networks
from clinic_booking.booking.tokens import fingerprint

COOKIE = "clinic_browser"
COOKIE_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Caller:
	"""Who asks. `browser` is our cookie's, else the address's: without a cookie the address counts."""

	address: str
	browser: str
	user: str
	signed_in: bool
	has_cookie: bool


def caller() -> Caller:
	"""Who makes the current request; the same object however often it is asked."""
	request = frappe.local.request
	if known := getattr(request, "clinic_booking_caller", None):
		return known
	address = address_of(*_hops(request))
	cookie = _cookie_read(request.cookies.get(COOKIE) or "")
	user = frappe.session.user or "Guest"
	who = Caller(address, cookie or f"address {address}", user, user != "Guest", bool(cookie))
	request.clinic_booking_caller = who
	return who


def new_browser() -> str:
	"""Give the caller our cookie: 128 random bits, signed, so that nobody makes up many. Returns its id."""
	browser = secrets.token_urlsafe(16)
	frappe.local.cookie_manager.set_cookie(
		COOKIE, f"{browser}.{_signature(browser)}", httponly=True, samesite="Lax", max_age=COOKIE_SECONDS
	)
	return browser


def unlisted_proxy() -> str | None:
	"""The address that this call came through, if it looks like a proxy that the settings forgot."""
	hops = _hops(frappe.local.request)
	return hops[0] if is_unlisted_proxy(*hops) else None


def setting(field: str):
	"""A field of Clinic Booking Settings; None where it was never saved."""
	return frappe.get_cached_doc("Clinic Booking Settings").get(field)


def _hops(request) -> tuple[str, str, Networks]:
	# A server on a Unix socket has no peer address: whoever connects is on this machine.
	socket = request.environ.get("REMOTE_ADDR") or "127.0.0.1"
	forwarded = request.environ.get("HTTP_X_FORWARDED_FOR") or ""
	return socket, forwarded, networks(setting("trusted_proxies") or "")


def _cookie_read(value: str) -> str | None:
	browser, _dot, signature = value.partition(".")
	if len(browser) == 22 and hmac.compare_digest(signature.encode(), _signature(browser).encode()):
		return browser
	return None


def _signature(browser: str) -> str:
	return fingerprint(f"browser {browser}")[:32]
