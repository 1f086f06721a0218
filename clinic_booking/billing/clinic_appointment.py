"""What happens to an appointment and concerns its books is noted, in the booking's own transaction."""

import frappe

from clinic_booking.outbox.work import WAITING, wake
from clinic_booking.scheduling.status import OVER

JOB = "clinic_booking.billing.tasks.every_minute"


def note(appointment, event: str) -> None:
	"""`doc_events`: leave a Billing Task where there is a price; nothing else, so that booking stays quick.

	What is over when it comes here (an older system's, imported) has been billed there.
	"""
	is_new = appointment.get_doc_before_save() is None
	if not appointment.price or (is_new and appointment.status in OVER):
		return
	frappe.db.sql(
		"""INSERT INTO `tabBilling Task` (name, creation, modified, owner, modified_by,
			appointment, cause, outbox_status, due_at_utc)
		VALUES (%(name)s, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), %(user)s, %(user)s,
			%(appointment)s, %(event)s, %(waiting)s, UTC_TIMESTAMP(6))""",
		{
			"name": frappe.generate_hash(length=10),
			"user": frappe.session.user,
			"appointment": appointment.name,
			"event": event,
			"waiting": WAITING,
		},
	)
	wake(JOB)


def forget(appointment, event: str) -> None:
	"""`doc_events`: an appointment that is deleted takes its tasks along; its invoices forbid it."""
	frappe.db.delete("Billing Task", {"appointment": appointment.name})
