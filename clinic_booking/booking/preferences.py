"""How the holder of a booking's link wants to be told of it, and whether they want news (api.md `preferences`).

Nothing of the patient's own record changes (BK-4): language and channel stand on the appointment, and agreeing
to news is a Patient Consent for the address that was typed, with the text as it was read.
"""

from dataclasses import dataclass
from datetime import datetime

import frappe

from clinic_booking.booking import claims, clock
from clinic_booking.booking.clock import to_database
from clinic_booking.booking.transaction import require_same
from clinic_booking.errors import Validation, _

NEWSLETTER = "Newsletter"


@dataclass(frozen=True)
class Wishes:
	"""What is to change; None leaves a thing as it is. `unsubscribe`: no reminders of this visit, and no news."""

	newsletter: bool | None = None
	language: str | None = None
	channel: str | None = None
	unsubscribe: bool | None = None


def prefer(name: str, doctor: str, wishes: Wishes, now: datetime | None = None) -> dict:
	"""Keep the wishes for the appointment `name`; `{}`, the same however often.

	Raises `Validation` for news where the clinic offers none or no e-mail is known.
	"""
	claims.lock_doctors([doctor])
	appointment = frappe.get_doc("Clinic Appointment", name, for_update=True)
	require_same(doctor, appointment)
	now = now or clock.now()
	wanted = {"language": wishes.language, "channel": wishes.channel, "no_reminders": wishes.unsubscribe}
	changed = {field: value for field, value in wanted.items() if value is not None}
	if changed:
		appointment.db_set(changed)
	if wishes.unsubscribe or wishes.newsletter is False:
		withdraw(appointment.contact_email, now)
	elif wishes.newsletter:
		agree(appointment, now)
	return {}


def known_language(code: str | None) -> str | None:
	"""A language as the site knows it, without the country where only that is unknown ("ro-MD"); else None."""
	wanted = (code, code.split("-")[0]) if code else ()
	return next(filter(None, (frappe.db.exists("Language", each) for each in wanted)), None)


def gets_news(appointment) -> bool | None:
	"""Whether news was agreed to with this booking; None where there is none to agree to.

	Not whether its address gets them for another booking: whoever typed it need not be its owner.
	"""
	if not (frappe.get_cached_doc("Clinic Booking Settings").newsletter_text and appointment.contact_email):
		return None
	agreed = {"appointment": appointment.name, "email": appointment.contact_email, "kind": NEWSLETTER}
	return bool(frappe.db.exists("Patient Consent", agreed | {"withdrawn_at": ("is", "not set")}))


def agree(appointment, now: datetime) -> None:
	"""Keep that the booking's address is to get news, once for each text (UI-1)."""
	settings = frappe.get_cached_doc("Clinic Booking Settings")
	if not (settings.newsletter_text and appointment.contact_email):
		raise Validation(fields={"newsletter": _("There is no newsletter for this booking.")})
	consent = {
		"kind": NEWSLETTER,
		"appointment": appointment.name,
		"email": appointment.contact_email,
		"text_version": settings.newsletter_version,
	}
	if frappe.db.exists("Patient Consent", consent | {"withdrawn_at": ("is", "not set")}):
		return
	frappe.get_doc(
		doctype="Patient Consent",
		**consent,
		patient=appointment.patient,
		request=appointment.request,
		text=settings.newsletter_text,
		given_at=to_database(now),
		source="Online",
	).db_insert()


def withdraw(email: str | None, now: datetime) -> None:
	"""No more news to this address, whichever booking it was agreed to with: stopping must be as easy (SE-4)."""
	frappe.db.sql(
		"""UPDATE `tabPatient Consent` SET withdrawn_at = %s
		WHERE kind = %s AND email = %s AND withdrawn_at IS NULL""",
		(to_database(now), NEWSLETTER, email),
	)
