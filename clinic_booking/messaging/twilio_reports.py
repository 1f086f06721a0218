"""What Twilio posts: how messages fared, and what people wrote back (NT-5, ME-6)."""

from urllib.parse import parse_qs, parse_qsl, urlsplit

from frappe.utils import get_url
from twilio.request_validator import RequestValidator

from clinic_booking.booking.transaction import run
from clinic_booking.errors import Forbidden, NotFound
from clinic_booking.messaging import opt_outs, reports
from clinic_booking.messaging.twilio_settings import given

SIGNATURE = "x-twilio-signature"
STATES = {
	**dict.fromkeys(("sent",), reports.SENT),
	**dict.fromkeys(("delivered", "read"), reports.DELIVERED),
	**dict.fromkeys(("undelivered", "failed", "canceled"), reports.BOUNCED),
}
WHATSAPP = "whatsapp:"
# https://www.twilio.com/docs/api/errors: the receiver, or their carrier, wants nothing of us.
OPTED_OUT = ("21610", "30004", "63032")
WHY = "It was not delivered (Twilio's error {0})"


def take(path: str, body: bytes, headers: dict[str, str]) -> None:
	"""Read one post to `path` (with its query), and keep what it tells.

	`NotFound` where Twilio is not set up, `Forbidden` for what it has not signed.
	"""
	has = given()
	if not has.auth_token:
		raise NotFound
	facts = _facts(body)
	signature = headers.get(SIGNATURE, "")
	if not RequestValidator(has.auth_token).validate(get_url(path), facts, signature):
		raise Forbidden
	if facts.get("AccountSid") != has.account_sid:
		raise Forbidden
	if "MessageStatus" in facts:
		_report(path, facts)
	elif facts.get("From"):
		# The word that the account itself knows as one, else what was written.
		words = facts.get("OptOutType") or facts.get("Body", "")
		opt_outs.read(facts["From"].removeprefix(WHATSAPP), words, facts["MessageSid"])


def _facts(body: bytes) -> dict[str, str]:
	try:
		return dict(parse_qsl(body.decode(), keep_blank_values=True))
	except ValueError:
		raise Forbidden from None


def _report(path: str, facts: dict[str, str]) -> None:
	message = parse_qs(urlsplit(path).query).get("message", [""])[0]
	state = STATES.get(facts["MessageStatus"])
	if not (message and state):
		return
	code = facts.get("ErrorCode") or ""
	channel = "whatsapp" if facts.get("To", "").startswith(WHATSAPP) else "sms"
	why = WHY.format(code) if state == reports.BOUNCED else None
	opted_out = facts["To"].removeprefix(WHATSAPP) if code in OPTED_OUT and facts.get("To") else None
	run(_keep, opted_out, message, state, channel, facts["MessageSid"], why)


def _keep(opted_out: str | None, message: str, state: str, channel: str, sid: str, why: str | None) -> None:
	"""First of all that a number wants none: what came back is then told by another channel."""
	if opted_out:
		opt_outs.keep(opted_out, sid)
	reports.note(message, state, channel, sid, why)
