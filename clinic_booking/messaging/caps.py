"""How many paid messages a day (ME-12): to one number, and in all. Days are UTC's; 0 is no limit."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from math import inf

import frappe
from pymysql import MySQLError

from clinic_booking.booking.tokens import fingerprint
from clinic_booking.messaging import kinds
from clinic_booking.messaging.channels.interface import ChannelUnavailable

PAID = ("sms", "whatsapp")
# A provider may keep whoever is before us waiting for ten.
PATIENCE_SECONDS = 15
# So near to the limit of the day workers go one by one; there are fewer of them.
NEAR = 50


@contextmanager
def turn(phone: str) -> Iterator[None]:
	"""Have this number to oneself from the count to the message's end, so that workers together pass no limit.

	Names are locked, and no rows: a provider is waited for meanwhile. Raises `ChannelUnavailable` where another
	message to the number takes too long. Commits.
	"""
	settings = frappe.get_cached_doc("Clinic Booking Settings")
	with ExitStack() as locks:
		if settings.sms_per_number:
			locks.enter_context(_alone(fingerprint(phone)))
		if settings.sms_per_day and _sent_today("", phone) >= settings.sms_per_day - NEAR:
			locks.enter_context(_alone("any number"))
		frappe.db.commit()  # nosemgrep: what is counted must be newer than the locks
		yield


@contextmanager
def _alone(what: str) -> Iterator[None]:
	name = f"{frappe.conf.db_name} {what}"
	if not frappe.db.sql("SELECT GET_LOCK(%s, %s)", (name, PATIENCE_SECONDS))[0][0]:
		raise ChannelUnavailable
	try:
		yield
	finally:
		with suppress(MySQLError):  # a line that is lost has no locks
			frappe.db.sql("SELECT RELEASE_LOCK(%s)", name)


def is_reached(phone: str) -> bool:
	"""Whether this number has had its share of today, or all numbers together have."""
	return any(_sent_today(condition, phone) >= limit for limit, condition in _limits())


def left_for_links(phone: str) -> float:
	"""How many links this number may still be sent today.

	Anybody may ask for those of any number: they get half of what there is, and leave the rest to what must be told.
	"""
	links = f"kind = '{kinds.LINK}' AND"
	left = [limit // 2 - _sent_today(f"{condition} {links}", phone) for limit, condition in _limits()]
	return min(left, default=inf)


def _limits() -> list[tuple[int, str]]:
	"""Those that are set, each with the condition of what counts."""
	settings = frappe.get_cached_doc("Clinic Booking Settings")
	limits = ((settings.sms_per_number, "sent_to = %(sent_to)s AND"), (settings.sms_per_day, ""))
	return [(limit, condition) for limit, condition in limits if limit]


def _sent_today(condition: str, phone: str) -> int:
	((count,),) = frappe.db.sql(
		f"""SELECT COUNT(*) FROM `tabClinic Message`
		WHERE {condition} channel IN %(paid)s AND sent_at_utc >= UTC_DATE()""",
		{"sent_to": fingerprint(phone), "paid": PAID},
	)
	return count
