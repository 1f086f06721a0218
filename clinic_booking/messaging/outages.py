"""Messages that don't go out: `health` says so after an hour, the clinic hears of it after a few, and when it is over."""

import frappe
from frappe import _
from frappe.utils import add_to_date

from clinic_booking.booking.alerts import end_alert, raise_alert
from clinic_booking.messaging.queue import DOCTYPE
from clinic_booking.outbox.work import WAITING

KIND = "Messages"
# The fifth attempt comes after almost an hour, the seventh after almost four: providers are away for two at times.
BEHIND_ATTEMPTS, ALARMING_ATTEMPTS = 5, 7


def is_behind() -> bool:
	"""Whether something should have gone out an hour ago, and nothing went since by the channel that is to carry it.

	What is put off on purpose is due later and has no error, and one broken mailbox among others is nobody's outage.
	"""
	return bool(
		frappe.db.sql(
			f"""SELECT 1 FROM `tab{DOCTYPE}` late
			WHERE late.outbox_status = %s AND late.due_at_utc < UTC_TIMESTAMP() + INTERVAL 1 DAY
				AND (late.attempts >= %s AND late.last_error IS NOT NULL
					OR late.due_at_utc < UTC_TIMESTAMP() - INTERVAL 1 HOUR)
				AND NOT EXISTS (SELECT 1 FROM `tab{DOCTYPE}` sent
					WHERE sent.channel = late.tried_channel
						AND sent.sent_at_utc > UTC_TIMESTAMP() - INTERVAL 1 HOUR)
			LIMIT 1""",
			(WAITING, BEHIND_ATTEMPTS),
		)
	)


def alarm(clinic: str, doctor: str | None) -> None:
	"""One alert for a clinic, however many messages there are."""
	raise_alert(
		_("Messages could not be sent"),
		KIND,
		("Clinic", clinic),
		message=_(
			"The list of messages shows which, and why; those that wait are tried again by themselves. Somebody may have to call these people."
		),
		clinic=clinic,
		doctor=doctor,
	)


def end_alarms() -> None:
	"""Where all that failed since then was sent after all, and nothing is being tried again. Commits."""
	open_ones = {"kind": KIND, "status": "Open", "reference_doctype": "Clinic"}
	for alert in frappe.get_all("Clinic Alert", open_ones, ["reference_name", "creation"]):
		clinic = alert.reference_name
		# The first of them failed a moment before.
		since = add_to_date(alert.creation, minutes=-1)
		failed = {"clinic": clinic, "status": "Failed", "modified": (">=", since)}
		tried = {"clinic": clinic, "outbox_status": WAITING, "attempts": (">", 0)}
		if not (frappe.db.exists(DOCTYPE, failed) or frappe.db.exists(DOCTYPE, tried)):
			end_alert(KIND, ("Clinic", clinic))
	frappe.db.commit()  # nosemgrep: the job's own transaction, after its work
