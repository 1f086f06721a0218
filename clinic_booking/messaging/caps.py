"""How many paid messages a day (ME-12): to one number, and in all. Days are UTC's; 0 is no limit.

Two workers that send to one number in the same moment may be one too many: no row is locked while a provider is
waited for.
"""

from math import inf

import frappe

from clinic_booking.booking.tokens import fingerprint
from clinic_booking.messaging import kinds

PAID = ("sms", "whatsapp")


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
