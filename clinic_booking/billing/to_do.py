"""Billing Tasks: what says that the books of an appointment must be looked at (docs/billing.md)."""

import frappe

from clinic_booking.outbox.work import WAITING, wake

JOB = "clinic_booking.billing.tasks.every_minute"


def leave(appointment: str, cause: str) -> None:
	"""Have the books of an appointment looked at after the commit; one insert, so that booking stays quick."""
	frappe.db.sql(
		"""INSERT INTO `tabBilling Task` (name, creation, modified, owner, modified_by,
			appointment, cause, outbox_status, due_at_utc)
		VALUES (%(name)s, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), %(user)s, %(user)s,
			%(appointment)s, %(cause)s, %(waiting)s, UTC_TIMESTAMP(6))""",
		{
			"name": frappe.generate_hash(length=10),
			"user": frappe.session.user,
			"appointment": appointment,
			"cause": cause,
			"waiting": WAITING,
		},
	)
	wake(JOB)
