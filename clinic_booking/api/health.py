"""Whether this site can take bookings (api.md `health`). Cheap, changes nothing, tells no secrets."""

from collections.abc import Callable

import frappe
from cryptography.fernet import Fernet
from frappe.utils.background_jobs import get_redis_conn, get_workers
from frappe.utils.scheduler import is_scheduler_inactive

from clinic_booking.billing import looks, registry, stripe_account
from clinic_booking.booking import claims, tokens
from clinic_booking.messaging import outages

OK, OFF, FAILED = "ok", "off", "failed"
# Without these nothing may be booked; without the others bookings are right, and something comes late.
NEEDED = ("database", "claims_key", "encryption")


def report() -> tuple[dict, bool]:
	"""`{status, checks}` with ok, off or failed for each, and whether booking is possible."""
	checks = {name: _looked_at(check) for name, check in CHECKS.items()}
	healthy = all(checks[name] == OK for name in NEEDED)
	return {"status": OK if healthy else FAILED, "checks": checks}, healthy


def _looked_at(check: Callable[[], str]) -> str:
	try:
		return check()
	except Exception:  # a check that breaks is the news, and none stops the others
		return FAILED


def _database() -> str:
	return OK if frappe.db.sql("SELECT 1") else FAILED


def _redis() -> str:
	return OK if frappe.cache.ping() else FAILED


def _scheduler() -> str:
	return OFF if is_scheduler_inactive(verbose=False) else OK


def _queue() -> str:
	"""Jobs are taken in, somebody works on them, and messages go out."""
	is_worked = get_redis_conn().ping() and get_workers() and not outages.is_behind()
	return OK if is_worked else FAILED


def _claims_key() -> str:
	return OK if claims.key_in_place() else FAILED


def _encryption() -> str:
	"""The key is there, and it made the links that patients have in hand (a restore may lose it).

	The oldest visit still to come is asked: new ones are made with whatever key there is. Read from the
	configuration: Frappe's own way to the key makes a new one where it is missing.
	"""
	Fernet(frappe.conf.encryption_key)
	oldest = frappe.db.sql(
		"""SELECT seed, token_hash FROM `tabClinic Appointment`
		WHERE starts_at_utc > UTC_TIMESTAMP() AND seed IS NOT NULL AND token_hash IS NOT NULL
		ORDER BY creation LIMIT 1"""
	)
	return OK if all(tokens.hash_of(tokens.token_of(seed)) == kept for seed, kept in oldest) else FAILED


def _gateways() -> str:
	"""Failed: begun to be set up and not offered, or what waits to be paid can't be looked at for long."""
	if stripe_account.is_half_set() or looks.is_behind():
		return FAILED
	return OK if registry.methods() else OFF


def _not_there() -> str:
	"""A part that this site does not have."""
	return OFF


CHECKS = {
	"database": _database,
	"redis": _redis,
	"scheduler": _scheduler,
	"queue": _queue,
	"calendars": _not_there,
	"gateways": _gateways,
	"claims_key": _claims_key,
	"encryption": _encryption,
}
