"""The clinic's Twilio account, from the settings page: SMS and WhatsApp are there once all they need is (DY-7).

The channels are named by their paths: the SDK costs half a second and 30 MB, which only a clinic with an account
is to pay.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

import frappe
from frappe import _
from frappe.utils import get_url

from clinic_booking.messaging import kinds, site_address
from clinic_booking.messaging.channels.interface import Channel, ChannelUnavailable
from clinic_booking.passwords import password

SETTINGS = "Clinic Booking Settings"
CHANNELS = "clinic_booking.messaging.channels"
REPORTS = "/api/method/clinic_booking.api.webhooks.twilio"
ACCOUNT_SID = re.compile(r"AC[0-9a-f]{32}")
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
# A number, a messaging service, or a name of letters and digits.
SMS_SENDER = re.compile(rf"{NUMBER.pattern}|MG[0-9a-f]{{32}}|(?=.*[A-Za-z])[A-Za-z0-9 ]{{1,11}}")
TEMPLATE = re.compile(r"(\w+)\s+([A-Za-z]{2,3}(?:-\w+)?)\s+(HX[0-9a-f]{32})")


@dataclass(frozen=True)
class Given:
	"""What the settings page has, saved or not yet. `templates`: SIDs by (kind, language)."""

	account_sid: str
	auth_token: str = field(repr=False)
	sms_sender: str = ""
	whatsapp_sender: str = ""
	templates: tuple[str, ...] = ()


def given(settings=None) -> Given:
	settings = settings or frappe.get_cached_doc(SETTINGS)
	return Given(
		account_sid=(settings.twilio_account_sid or "").strip(),
		auth_token=password(settings, "twilio_auth_token"),
		sms_sender=(settings.sms_sender or "").strip(),
		whatsapp_sender=(settings.whatsapp_sender or "").strip(),
		templates=tuple(
			line.strip() for line in (settings.whatsapp_templates or "").splitlines() if line.strip()
		),
	)


def sms() -> Channel | None:
	"""None where it is not wholly set up."""
	has = given()
	if missing_for_sms(has) or wrong(has):
		return None
	return frappe.get_attr(f"{CHANNELS}.twilio.Sms")(_account(has), has.sms_sender, report_address)


def whatsapp() -> Channel | None:
	has = given()
	if missing_for_whatsapp(has) or wrong(has):
		return None
	return frappe.get_attr(f"{CHANNELS}.twilio.WhatsApp")(
		_account(has), has.whatsapp_sender, templates(has), report_address
	)


def templates(has: Given) -> dict[tuple[str, str], str]:
	found = filter(None, map(TEMPLATE.fullmatch, has.templates))
	return {(kind, language): sid for kind, language, sid in (each.groups() for each in found)}


def report_address(message: str) -> str:
	"""Where Twilio reports what became of a message: its signature covers the name."""
	return f"{get_url(REPORTS)}?message={message}"


def _account(has: Given):
	"""Where a test site's Twilio is, only the site's configuration says."""
	return _opened(has.account_sid, has.auth_token, frappe.conf.get("clinic_booking_twilio_address"))


@lru_cache(maxsize=4)
def _opened(sid: str, auth_token: str, address: str | None):
	"""With its line, for all messages of a worker."""
	return frappe.get_attr(f"{CHANNELS}.twilio_account.Account")(sid, auth_token, address)


# -- what is missing, and what can't be right: whole sentences for whoever sets it up -----------------------


def missing_for_sms(has: Given) -> list[str]:
	return _missing(has, has.sms_sender, _("The number or name that SMS come from is missing."))


def missing_for_whatsapp(has: Given) -> list[str]:
	found = _missing(has, has.whatsapp_sender, _("The number that WhatsApp messages come from is missing."))
	if not has.templates:
		found.append(_("There is no template yet: WhatsApp takes approved texts only."))
	return found


def _missing(has: Given, sender: str, without_sender: str) -> list[str]:
	needed = (
		(has.account_sid, _("The Account SID is missing.")),
		(has.auth_token, _("The Auth Token is missing, or can't be read with this site's encryption key.")),
		(sender, without_sender),
	)
	return [sentence for value, sentence in needed if not value]


def wrong(has: Given) -> list[str]:
	"""What was given and can't be right, in sentences that quote no secret."""
	found = []
	if has.account_sid and not ACCOUNT_SID.fullmatch(has.account_sid):
		found.append(_("This is no Account SID: they start with AC and have 34 letters and digits."))
	if has.sms_sender and not SMS_SENDER.fullmatch(has.sms_sender):
		found.append(
			_("SMS come from a number (+40…), a messaging service (MG…) or a name of 11 letters at most.")
		)
	if has.whatsapp_sender and not NUMBER.fullmatch(has.whatsapp_sender):
		found.append(_("WhatsApp messages come from a number: +40…"))
	for line in has.templates:
		match = TEMPLATE.fullmatch(line)
		if not match:
			found.append(
				_("{0} is no template: write the message, the language and the SID (HX…).").format(line)
			)
		elif match[1] not in kinds.TO_PATIENTS:
			found.append(_("{0} is no message; there are {1}").format(match[1], ", ".join(kinds.TO_PATIENTS)))
	return found


def test_sms() -> list[str]:
	"""What keeps SMS from working, found by asking Twilio; none if all is well. Sends nothing."""
	has = given()
	found = missing_for_sms(has) + wrong(has) or _asked(has, has.sms_sender, ())
	return found + site_address.problems()


def test_whatsapp() -> list[str]:
	has = given()
	found = missing_for_whatsapp(has) + wrong(has) or _asked(has, "", tuple(templates(has).values()))
	return found + site_address.problems()


def _asked(has: Given, sender: str, templates: tuple[str, ...]) -> list[str]:
	told = {
		"account": _("Twilio does not accept the Account SID with this Auth Token."),
		"sender": _("The account has no such number or messaging service to send from."),
	}
	try:
		problem = _account(has).test(sender, templates)
	except ChannelUnavailable:
		return [_("Twilio does not answer. Please try again in a minute.")]
	if problem is None:
		return []
	return [told.get(problem) or _("The account has no template {0}.").format(problem)]
