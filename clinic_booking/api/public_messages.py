"""The public calls about messages: called as clinic_booking.api.public.<name>, which imports them."""

from clinic_booking.api import limits
from clinic_booking.api.door import public
from clinic_booking.booking import countries, status
from clinic_booking.booking import preferences as preferring
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
	known = preferring.known_language(language)
	if language and not known:
		raise Validation(fields={"language": UNKNOWN})
	wishes = preferring.Wishes(newsletter, known, channel, unsubscribe)
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
	one address. A phone without + is one of each clinic's country.
	"""
	if bool(email) == bool(phone):
		raise Validation(fields={"email": _("Please give either an e-mail address or a phone number.")})
	contacts = [email] if email else _numbers(phone)
	for contact in contacts:
		limits.count("resend_contact", contact.lower())
	link_requests.ask(link_requests.EMAIL if email else link_requests.PHONE, *contacts)
	return {}


def _numbers(phone: str) -> list[str]:
	"""What a typed number is in each country where somebody may have booked with it, as they did."""
	numbers = {}
	for country in countries.of_clinics():
		try:
			numbers[e164(phone, country, "phone")] = None
		except Validation as error:
			refused = error
	if not numbers:
		raise refused
	return list(numbers)
