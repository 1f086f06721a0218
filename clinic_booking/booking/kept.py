"""What of an appointment only use cases write: a form shows it read-only, REST could send it, and an old form would
(BK-6, BK-9, PO-1, PO-5)."""

import frappe

from clinic_booking.booking.appointments import BY_CLINIC, IMPORTED
from clinic_booking.scheduling import status

KEPT = (
	*("reference", "request", "source", "old_id", "policy", "moves", "seat", "rating", "answers"),
	*("expires_at_utc", "approved_at_utc", "cancelled_by", "refund", "refund_as", "payment_method"),
)
# Agreed once and for all; what was paid is the ledger's to say.
MONEY = ("price", "deposit", "currency", "payment", "payment_status", "paid")
FIELDS = (*KEPT, *MONEY)
# How a new one starts that no use case makes; all else of these is empty.
NEW = {"source": "Desk", "moves": 0, "seat": 1}
# What Frappe's Data Import says of the visits of an older system, besides the source.
IMPORTABLE = ("old_id", "cancelled_by", "price", "deposit")


def keep(appointment, before) -> None:
	"""What was agreed and what has happened is no field to write, nor to begin with.

	Before whatever reckons with it. Whoever cancels by a form or by REST is the clinic.
	"""
	is_of_use_case = bool(appointment.flags.in_use_case or appointment.flags.hold)
	if before:
		appointment.update({field: before.get(field) for field in (MONEY if is_of_use_case else FIELDS)})
		if not is_of_use_case and appointment.status == status.CANCELLED != before.status:
			appointment.cancelled_by = BY_CLINIC
	elif not is_of_use_case:
		appointment.update({field: _at_first(appointment, field) for field in FIELDS})


def _at_first(appointment, field: str):
	"""What a field holds in an appointment that a form, REST or Frappe's Data Import makes."""
	said = appointment.get(field)
	if frappe.flags.in_import and (field in IMPORTABLE or (field, said) == ("source", IMPORTED)):
		return said
	return NEW.get(field)
