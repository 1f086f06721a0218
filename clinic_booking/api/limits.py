"""How many calls a caller may make in an hour (SE-2), counted in Redis.

One round trip; a refused call is not counted. Without Redis everything passes: bookings are right
without it.
"""

import hashlib
import time

import frappe
from frappe import _
from redis.exceptions import RedisError

from clinic_booking.api.caller import Caller, setting, unlisted_proxy
from clinic_booking.api.window import HOUR, retry_after
from clinic_booking.booking.alerts import raise_alert
from clinic_booking.errors import RateLimited

# While Redis is away, a process asks for it this often (seconds), not on every call.
PAUSE = 5
# Where a browser is counted, its whole address may do this many times as much: cookies are free.
BROWSERS_PER_ADDRESS = 10

# For a field that was never saved (a setting that came with an update); 0 is off.
DEFAULTS = {
	"limit_read": 300,
	"limit_hold": 60,
	"limit_book": 100,
	"limit_receipt": 30,
	"limit_resend_contact": 5,
	"limit_resend_address": 20,
	"limit_signed_in": 1000,
}

UNLISTED_PROXY = "clinic_booking_unlisted_proxy"

_away_until = 0.0


def apply(kind: str, caller: Caller) -> None:
	"""Count a call of `kind` ("read", "hold", "book", "receipt", "resend"); `RateLimited` beyond.

	Whoever is signed in has one limit for everything: a clinic's staff share an address.
	"""
	if caller.signed_in:
		count("signed_in", f"user {caller.user}")
	elif kind == "hold":
		count("hold", caller.browser)
		if caller.has_cookie:
			count("hold", f"all of {caller.address}", times=BROWSERS_PER_ADDRESS)
	elif kind == "resend":
		count("resend_address", caller.address)
	else:
		count(kind, caller.address)


def count(kind: str, who: str, times: int = 1) -> None:
	"""Count one call of `kind` by `who` against the setting `limit_<kind>`; `RateLimited` beyond."""
	limit = setting(f"limit_{kind}")
	limit = (DEFAULTS[f"limit_{kind}"] if limit is None else int(limit)) * times
	if limit > 0 and (wait := _spend(f"{kind}:{_digest(who)}", limit, time.time())):
		_remember_unlisted_proxy()
		raise RateLimited(wait)


def hourly() -> None:
	"""The scheduled job: an alert where callers were refused that seem to share an address they don't have."""
	if proxy := frappe.cache.get_value(UNLISTED_PROXY):
		raise_alert(
			_("Everybody seems to call from one address"),
			"Proxy",
			("DocType", "Clinic Booking Settings"),
			severity="Warning",
			message=_(
				"Calls were refused because too many came from {0}, which forwards them for others. If it is"
				" your own proxy, add it to the trusted proxies in Clinic Booking Settings."
			).format(proxy),
		)
		frappe.cache.delete_value(UNLISTED_PROXY)
		frappe.db.commit()  # nosemgrep: the end of a job of its own


def _remember_unlisted_proxy() -> None:
	"""Not the alert itself: this call is about to be refused and undone."""
	if proxy := unlisted_proxy():
		frappe.cache.set_value(UNLISTED_PROXY, proxy, expires_in_sec=24 * HOUR)


def _digest(who: str) -> str:
	"""Of fixed length, and no address or contact to read in Redis."""
	return hashlib.blake2b(who.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _spend(key: str, limit: int, now: float) -> int:
	"""Count a call under `key`; the seconds to wait where it is one too many (it is not counted then)."""
	global _away_until
	if time.monotonic() < _away_until:
		return 0
	window, elapsed = divmod(now, HOUR)
	this, last = (
		frappe.cache.make_key(f"clinic_booking_limit:{key}:{int(number)}") for number in (window, window - 1)
	)
	try:
		pipeline = frappe.cache.pipeline(transaction=False)
		# redis-py's own commands: Frappe's wrappers of get and set pickle.
		pipeline.execute_command("GET", last)
		pipeline.execute_command("INCR", this)
		pipeline.execute_command("EXPIRE", this, 2 * HOUR)
		before, current, _expires = pipeline.execute()
		wait = retry_after(int(before or 0), current - 1, elapsed, limit)
		if wait:
			frappe.cache.execute_command("DECR", this)
	except RedisError:
		_away_until = time.monotonic() + PAUSE
		return 0
	return wait
