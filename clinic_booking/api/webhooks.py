"""Where providers tell what happened: raw bodies, their own signatures, answered at once (SE-6)."""

import frappe

from clinic_booking.api.door import Raw, webhook
from clinic_booking.billing import gateway_events
from clinic_booking.messaging import email_reports, twilio_reports


@webhook
def stripe(body: bytes, headers: dict[str, str]) -> dict:
	"""Stripe's events; `{}`. `ERR_FORBIDDEN` without its signature, `ERR_NOT_FOUND` where it is not set up."""
	gateway_events.take("stripe", body, headers)
	return {}


@webhook
def twilio(body: bytes, headers: dict[str, str]) -> Raw:
	"""Twilio's reports on SMS and WhatsApp, and what people write back; an empty reply.

	`ERR_FORBIDDEN` without its signature, `ERR_NOT_FOUND` where it is not set up.
	"""
	request = frappe.local.request
	query = request.query_string.decode("ascii", "replace")
	twilio_reports.take(f"{request.path}?{query}" if query else request.path, body, headers)
	return Raw(b"<Response/>", "text/xml")


@webhook
def email(body: bytes, headers: dict[str, str]) -> dict:
	"""What a mail service reports of our mails, `{message_id, event}` or a list of them; `{}`.

	`ERR_FORBIDDEN` without the secret of the settings, `ERR_NOT_FOUND` where there is none.
	"""
	email_reports.take(body, headers)
	return {}
