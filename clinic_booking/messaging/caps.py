"""How many paid messages a day (ME-12): to one number, and in all. Days are UTC's; 0 is no limit.

Two workers that send to one number in the same moment may be one too many: no row is locked while a provider is
waited for.
"""

import frappe

from clinic_booking.booking.tokens import fingerprint

PAID = ("sms", "whatsapp")


def is_reached(phone: str) -> bool:
	"""Whether this number has had its share of today, or all numbers together have."""
	settings = frappe.get_cached_doc("Clinic Booking Settings")
	limits = (
		(settings.sms_per_number, "sent_to = %(sent_to)s AND"),
		(settings.sms_per_day, ""),
	)
	return any(limit and _sent_today(condition, phone) >= limit for limit, condition in limits)


def _sent_today(condition: str, phone: str) -> int:
	((count,),) = frappe.db.sql(
		f"""SELECT COUNT(*) FROM `tabClinic Message`
		WHERE {condition} channel IN %(paid)s AND sent_at_utc >= UTC_DATE()""",
		{"sent_to": fingerprint(phone), "paid": PAID},
	)
	return count
