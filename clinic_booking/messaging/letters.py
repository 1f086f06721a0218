"""A message as it goes out: its words, its facts, its link, made the moment it is sent (NT-6)."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import frappe
from frappe.utils import get_url

from clinic_booking import formats
from clinic_booking.booking import countries, payable, status, tokens, ways_to_pay
from clinic_booking.booking.clock import from_database, from_site
from clinic_booking.booking.money import money, rounded
from clinic_booking.booking.refund import CREDIT
from clinic_booking.brand import logo_of, on_white
from clinic_booking.messaging import calendar_file, email_account, kinds, layout, wording
from clinic_booking.messaging.channels.interface import Letter
from clinic_booking.messaging.registry import EMAIL, Recipient
from clinic_booking.messaging.shipped import Text
from clinic_booking.scheduling.status import CANCELLED, REQUESTED
from clinic_booking.translations import translate as _

SETTINGS = "Clinic Booking Settings"
DEFAULT_ACCENT = "#0f5f63"
# Of a document of money; of those that are not here `amount`.
AMOUNT_OF = {"Sales Invoice": "grand_total"}
# What providers of approved templates are told, in this order: neither doctor nor service (NT-6).
APPROVED = ("clinic", "when", "link")
# What mail programs make a link of; and of what looks like a domain, the dots of every script (RFC 3490 §3.1).
WEB_ADDRESS = re.compile(r"\S*(://|www\.)\S*", re.IGNORECASE)
DOT_WITHIN = re.compile(r"[.。．｡](?=\w)")


@dataclass(frozen=True)
class Subject:
	"""What a letter is made of: the message's row, its booking, and who is told."""

	row: frappe._dict
	booking: frappe._dict
	recipient: Recipient


def letter(subject: Subject, family: str, address: str, now: datetime) -> Letter:
	"""The letter to `address`, in the words of `family`, as of `now` (aware)."""
	row, booking = subject.row, subject.booking
	wanted = wording.language_of(subject.recipient.language)
	clinic = frappe.get_cached_doc("Clinic", booking.clinic)
	link = _link(row, booking)
	values_in = partial(values_of, subject, family, clinic, link)
	text, language, values = wording.worded(row.kind, family, wanted, values_in, booking.clinic)
	with wording.speaking(wanted):
		approved = values if language == wanted else values_in(wanted)
	with wording.speaking(language):
		letter = Letter(
			key=row.name,
			to=address,
			subject=text.subject,
			text=text.body,
			language=language,
			link=link,
			kind=row.kind,
			template_language=wanted,
			variables={name: approved[name] for name in APPROVED},
			sender=clinic.title,
			reply_to=clinic.email,
			expires_at=kinds.true_until(
				row.kind, from_database(booking.starts_at_utc), from_database(booking.ends_at_utc)
			),
			since=from_site(row.creation),
		)
		return letter if family != EMAIL else _as_email(letter, subject, clinic, values, now)


def values_of(subject: Subject, family: str, clinic, link: str, language: str) -> dict[str, str]:
	"""What can be filled into a text (`filling.NAMES`), in the language of the moment and the reader's zone."""
	booking = subject.booking
	language = countries.written(language, clinic.name)
	zone = clinic.timezone if subject.row.audience == kinds.DOCTOR else status.zone_of(booking)
	start = formats.in_zone(from_database(booking.starts_at_utc), zone)
	until = booking.expires_at_utc and formats.in_zone(from_database(booking.expires_at_utc), zone)
	is_video = frappe.get_cached_value("Clinic Service", booking.service, "video")
	return {
		"name": _greeted(booking.contact_name or ""),
		"clinic": clinic.title,
		"doctor": frappe.get_cached_value("Doctor", booking.doctor, "doctor_name"),
		"service": _(frappe.get_cached_value("Clinic Service", booking.service, "title")),
		"reference": booking.reference,
		"link": link,
		"phone": formats.phone(clinic.phone) if clinic.phone else "",
		"date": formats.full_date(start.date(), language),
		"time": formats.clock(start),
		"when": _when(start, zone, language)
		if family == EMAIL
		else _when_shortly(start, is_video and zone, language),
		"where": _("Video visit") if is_video else calendar_file.address(clinic),
		"until": _when(until, zone, language) if until else "",
		"price": formats.money(money(booking.price, booking.currency), language),
		"amount": _amount(subject, language),
	}


def _greeted(name: str) -> str:
	"""The name without anything to click on: whoever books could send it to anybody, in the clinic's name."""
	return DOT_WITHIN.sub(r"\g<0> ", WEB_ADDRESS.sub("", name)).strip()


def _when(at: datetime, zone: str, language: str) -> str:
	"""`Monday 23 November 2026, 09:00, Madrid time (UTC+1)`: which clock is meant, on the day it changes too."""
	return f"{formats.full_date(at.date(), language)}, {formats.clock(at)}, {_clock_of(at, zone, language)}"


def _when_shortly(at: datetime, zone: str | None, language: str) -> str:
	"""`Mon 23 Nov, 09:00`, on the clinic's clock; on another only if it is said."""
	shown = f"{formats.short_date(at.date(), language)}, {formats.clock(at)}"
	return f"{shown}, {_clock_of(at, zone, language)}" if zone else shown


def _clock_of(at: datetime, zone: str, language: str) -> str:
	return _("{0} time ({1})").format(formats.zone_city(zone, language), formats.offset(at))


def _amount(subject: Subject, language: str) -> str:
	"""The sum that the message is about: of its document of money, else what is still owed."""
	row, booking = subject.row, subject.booking
	if row.reference_name:
		field = AMOUNT_OF.get(row.reference_doctype, "amount")
		amount = abs(frappe.db.get_value(row.reference_doctype, row.reference_name, field))
	else:
		amount = payable.due_of(booking)
		if booking.payment != ways_to_pay.DEPOSIT:
			amount = rounded(booking.price, booking.currency) - rounded(booking.get("paid"), booking.currency)
	return formats.money(money(amount, booking.currency), language) if booking.currency else ""


def _link(row, booking) -> str:
	"""The patient's own page, or the doctor's form."""
	if row.audience == kinds.DOCTOR:
		return get_url(f"/app/clinic-appointment/{booking.name}")
	return get_url(f"/booking/{tokens.token_of(booking.seed)}")


def _as_email(letter: Letter, subject: Subject, clinic, values: dict[str, str], now: datetime) -> Letter:
	row = subject.row
	text = Text(letter.subject, letter.text)
	told = facts(subject, values, countries.written(letter.language, clinic.name))
	page = page_of(row.kind, text, told, values, clinic, letter.language)
	file = None
	# What is only asked for is in nobody's calendar yet: no later mail would take a declined one out.
	if row.kind in kinds.WITH_CALENDAR_FILE and row.appointment and subject.booking.status != REQUESTED:
		organizer = clinic.email or email_account.address()
		file = calendar_file.of(subject.booking, now, with_link=True, attendee=letter.to, organizer=organizer)
	return replace(letter, text=layout.text(page), html=layout.html(page), calendar_file=file)


def page_of(
	kind: str, text: Text, facts: list[tuple[str, str]], values: dict[str, str], clinic, language: str
) -> layout.Page:
	"""What an e-mail shows, in the language of the moment."""
	settings = frappe.get_cached_doc(SETTINGS)
	address = calendar_file.address(clinic).removeprefix(clinic.title).lstrip(", ")
	return layout.Page(
		language=language,
		direction=formats.direction(language),
		heading=text.subject,
		body=text.body,
		facts=facts,
		link=values["link"],
		button=_button(kind),
		brand=settings.brand_name or values["clinic"],
		logo=_logo(settings),
		accent=on_white(settings.accent_color or DEFAULT_ACCENT),
		below=[line for line in (clinic.title, address, values["phone"]) if line],
		reason=""
		if kind in kinds.TO_DOCTORS
		else _("This message is about an appointment asked for with this address."),
	)


def _logo(settings) -> str:
	"""The logo that the pages show, but no drawing, which Gmail and Outlook leave empty: there the name stands."""
	logo = logo_of(settings)
	return get_url(logo) if logo and not logo.lower().endswith(".svg") else ""


def facts(subject: Subject, values: dict[str, str], language: str) -> list[tuple[str, str]]:
	"""What a letter tells below its words: (name, value)."""
	told = [
		(_("Time"), values["when"]),
		(_("Doctor"), values["doctor"]),
		(_("Service"), values["service"]),
		(_("Where"), values["where"]),
		(_("Reference"), values["reference"]),
	]
	if subject.booking.status == CANCELLED:
		return told + _refund(subject, language)
	if subject.booking.price and subject.row.audience == kinds.PATIENT:
		told.append((_("Price"), values["price"]))
	if subject.row.kind == kinds.PAID and (left := payable.left_of(subject.booking)):
		told.append((_("Still to pay"), formats.money(money(left, subject.booking.currency), language)))
	return told


def _refund(subject: Subject, language: str) -> list[tuple[str, str]]:
	"""What comes back of a visit that was cancelled, as money or as credit; its price is nobody's matter any more."""
	booking = subject.booking
	if not booking.get("refund") or subject.row.kind == kinds.REFUND_FAILED:
		return []
	amount = formats.money(money(booking.refund, booking.currency), language)
	is_credit = booking.refund_as == CREDIT
	return [(_("Refund"), _("{0} as credit for a later visit").format(amount) if is_credit else amount)]


def _button(kind: str) -> str:
	if kind in (kinds.PAYMENT_DUE, kinds.AWAIT_PAYMENT):
		return _("Pay now")
	if kind == kinds.VIDEO_LINK:
		return _("Join the visit")
	if kind in kinds.TO_DOCTORS:
		return _("Open the appointment")
	return _("See your booking")
