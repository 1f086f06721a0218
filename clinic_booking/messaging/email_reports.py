"""What mail services report: what was delivered, what came back, who complained (NT-5, docs/messages.md)."""

import hmac
import json

import frappe
from pydantic import BaseModel, TypeAdapter, ValidationError

from clinic_booking.booking.transaction import run
from clinic_booking.errors import Forbidden, NotFound, Validation, _
from clinic_booking.messaging import reports
from clinic_booking.passwords import password

# Not Authorization: Frappe takes whatever stands there for one of its own users'.
SECRET = "x-clinic-secret"
CAME_BACK = "The mail came back"
UNWANTED = "The patient reported the mail as unwanted"


class Report(BaseModel):
	"""One of them; whatever else a service says is let go, events that are none of the three below as well."""

	message_id: str
	event: str


REPORTS = TypeAdapter(list[Report])


def take(body: bytes, headers: dict[str, str]) -> None:
	"""Keep a report or a list of them.

	`NotFound` without a secret in the settings, `Forbidden` with another one, `Validation` for what is no report.
	"""
	secret = password(frappe.get_cached_doc("Clinic Booking Settings"), "email_report_secret")
	if not secret:
		raise NotFound
	if not hmac.compare_digest(headers.get(SECRET, "").encode(), secret.encode()):
		raise Forbidden
	run(_keep, _read(body))


def _keep(found: list[Report]) -> None:
	for report in found:
		message, provider_id = _named(report.message_id), f"<{_bare(report.message_id)}>"
		if report.event == "delivered":
			reports.note(message, reports.DELIVERED, "email", provider_id)
		elif report.event == "bounced":
			reports.note(message, reports.BOUNCED, "email", provider_id, CAME_BACK)
		elif report.event == "complained":
			reports.note_complaint(message, "email", provider_id, UNWANTED)
			_no_more_reminders(message)


def _read(body: bytes) -> list[Report]:
	try:
		found = json.loads(body)
		return REPORTS.validate_python(found if isinstance(found, list) else [found])
	except (ValueError, RecursionError, ValidationError):
		raise Validation(fields={"body": _("This is no report.")}) from None


def _bare(message_id: str) -> str:
	return message_id.strip().strip("<>")


def _named(message_id: str) -> str:
	"""The message that a Message-ID of ours names."""
	return _bare(message_id).partition("@")[0]


def _no_more_reminders(message: str) -> None:
	if appointment := frappe.db.get_value("Clinic Message", message, "appointment"):
		frappe.db.set_value("Clinic Appointment", appointment, "no_reminders", 1)
