"""The public calls about messages: called as clinic_booking.api.public.<name>, which imports them."""

import frappe

from clinic_booking.api import limits
from clinic_booking.api.door import public
from clinic_booking.booking import preferences as preferring
from clinic_booking.booking import status
from clinic_booking.booking.transaction import run
from clinic_booking.errors import Validation, _
from clinic_booking.inputs import UNKNOWN, Channel, Email, Flag, Language, Model, Phone, Token, e164, line
from clinic_booking.messaging import browsers, link_requests


class PushKeys(Model):
	"""What a browser wants to be written to with: base64url."""

	p256dh: line(200, shortest=1)
	auth: line(50, shortest=1)


class Subscription(Model):
	"""A browser's PushSubscription, as its `toJSON` writes it."""

	endpoint: line(2048, shortest=1)
	keys: PushKeys
	expirationTime: float | None = None


@public("POST", limit="book")
def preferences(
	token: Token,
	newsletter: Flag | None = None,
	language: Language | None = None,
	channel: Channel | None = None,
	unsubscribe: Flag | None = None,
) -> dict:
	"""`{}`: how this booking's messages come, and whether its address gets news.

	`unsubscribe` stops reminders of this visit, and news; what happens to the visit is still told. False brings
	the reminders back. `ERR_VALIDATION` before it is booked, for a language not known here, for news where the
	clinic has none, and for news with `unsubscribe`.
	"""
	if newsletter and unsubscribe:
		raise Validation(fields={"newsletter": _("This does not go together.")})
	if language and not frappe.db.exists("Language", language):
		raise Validation(fields={"language": UNKNOWN})
	wishes = preferring.Wishes(newsletter, language, channel, unsubscribe)
	return run(preferring.prefer, wishes, on=lambda: status.find_booked(token))


@public("POST", limit="book")
def subscribe(token: Token, subscription: Subscription) -> dict:
	"""`{}`: this booking's messages by channel "push" go to this browser, too; the last five of a booking.

	`ERR_VALIDATION` before it is booked, where the clinic sends none, and for what is no browser's push service.
	"""
	appointment = status.find_booked(token).name
	browsers.subscribe(appointment, subscription.endpoint, subscription.keys.p256dh, subscription.keys.auth)
	return {}


@public("POST", limit="resend")
def resend(email: Email | None = None, phone: Phone | None = None) -> dict:
	"""`{}`, whether there are bookings or not: the links of upcoming ones go to the contact that they have (BK-7).

	`ERR_VALIDATION` unless exactly one is given, `ERR_RATE_LIMITED` after 5 an hour for one contact or 20 from
	one address. A phone without + is one of the site's country.
	"""
	if bool(email) == bool(phone):
		raise Validation(fields={"email": _("Please give either an e-mail address or a phone number.")})
	contact = email or e164(phone, _country(), "phone")
	limits.count("resend_contact", contact.lower())
	link_requests.ask(link_requests.EMAIL if email else link_requests.PHONE, contact)
	return {}


def _country() -> str | None:
	country = frappe.get_system_settings("country")
	return country and frappe.get_cached_value("Country", country, "code")
