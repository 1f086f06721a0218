"""Numbers that want no messages from here: STOP sent to one of ours, START takes it back (ME-5).

Kept as a keyed hash: the site's key tells whether a number is among them, nothing tells which they are.
"""

import frappe

from clinic_booking.booking import clock
from clinic_booking.booking.clock import to_database
from clinic_booking.booking.tokens import fingerprint

DOCTYPE = "Message Opt Out"
# What carriers take as such everywhere; Twilio names others, which a clinic chose, as `OptOutType`.
STOP = frozenset(("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"))
START = frozenset(("START", "YES", "UNSTOP"))


def wants_none(phone: str) -> bool:
	return bool(frappe.db.exists(DOCTYPE, {"contact": fingerprint(phone)}))


def read(phone: str, text: str, source: str) -> None:
	"""What somebody wrote back: STOP and START are kept, anything else is for nobody here."""
	word = text.strip().upper()
	if word in STOP:
		keep(phone, source)
	elif word in START:
		frappe.db.delete(DOCTYPE, {"contact": fingerprint(phone)})


def keep(phone: str, source: str) -> None:
	if not wants_none(phone):
		frappe.get_doc(
			doctype=DOCTYPE,
			contact=fingerprint(phone),
			since_utc=to_database(clock.now()),
			source=source,
		).db_insert(ignore_if_duplicate=True)
