"""Who is calling: the address (from the socket, or a configured proxy) and the browser (our own cookie).

The first part is pure; the second reads the request.
"""

import hmac
import secrets
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import frappe

from clinic_booking.booking.tokens import fingerprint

COOKIE = "clinic_browser"
COOKIE_SECONDS = 365 * 24 * 3600

Address = IPv4Address | IPv6Address
Networks = tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True)
class Caller:
	"""Who asks. `browser` is our cookie's, else the address's: without a cookie the address counts."""

	address: str
	browser: str
	user: str
	signed_in: bool
	has_cookie: bool


# -- addresses, pure -------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def networks(lines: str) -> Networks:
	"""The networks in a setting, one address or network a line; what is neither is left out."""
	found = []
	for line in lines.split():
		try:
			found.append(ip_network(line, strict=False))
		except ValueError:
			continue
	return tuple(found)


def address_of(socket: str, forwarded: str, proxies: Networks) -> str:
	"""The caller's address, an IPv6 one as its /64: `socket`, or what trusted proxies say of it.

	`forwarded` is X-Forwarded-For. Each proxy appends whom it heard from, so it is read from the right,
	and only as long as the one who wrote is a proxy of ours; everything left of that anyone can write.
	"""
	address = _parsed(socket)
	hops = forwarded.split(",") if forwarded else []
	while hops and address is not None and any(address in network for network in proxies):
		if (before := _parsed(hops.pop())) is None:
			break
		address = before
	if address is None:
		return "unknown"
	if address.version == 6:
		return str(ip_network((address, 64), strict=False))
	return str(address)


def _parsed(text: str) -> Address | None:
	text = text.strip().strip('"')
	if text.startswith("["):
		text = text[1:].split("]")[0]
	elif text.count(":") == 1:
		text = text.split(":")[0]
	try:
		address = ip_address(text.split("%")[0])
	except ValueError:
		return None
	return getattr(address, "ipv4_mapped", None) or address


# -- the request -----------------------------------------------------------------------------------


def caller() -> Caller:
	"""Who makes the current request; the same object however often it is asked."""
	request = frappe.local.request
	if known := getattr(request, "clinic_booking_caller", None):
		return known
	environ = request.environ
	address = address_of(
		# A server on a Unix socket has no peer address: whoever connects is on this machine.
		environ.get("REMOTE_ADDR") or "127.0.0.1",
		environ.get("HTTP_X_FORWARDED_FOR") or "",
		networks(setting("trusted_proxies") or ""),
	)
	cookie = _cookie_read(request.cookies.get(COOKIE) or "")
	user = frappe.session.user or "Guest"
	who = Caller(address, cookie or f"address {address}", user, user != "Guest", bool(cookie))
	request.clinic_booking_caller = who
	return who


def remember_browser() -> None:
	"""Give a browser without our cookie one: 128 random bits, signed, so that nobody makes up many."""
	if caller().has_cookie:
		return
	browser = secrets.token_urlsafe(16)
	frappe.local.cookie_manager.set_cookie(
		COOKIE, f"{browser}.{_signature(browser)}", httponly=True, samesite="Lax", max_age=COOKIE_SECONDS
	)


def setting(field: str):
	"""A field of Clinic Booking Settings; None where it was never saved."""
	return frappe.get_cached_doc("Clinic Booking Settings").get(field)


def _cookie_read(value: str) -> str | None:
	browser, _dot, signature = value.partition(".")
	if len(browser) == 22 and hmac.compare_digest(signature.encode(), _signature(browser).encode()):
		return browser
	return None


def _signature(browser: str) -> str:
	return fingerprint(f"browser {browser}")[:32]
