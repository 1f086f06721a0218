"""A text as its readers will see it, of a visit that is made up (NT-6)."""

from datetime import datetime, time, timedelta

import frappe
from frappe import _ as staff

from clinic_booking import formats
from clinic_booking.booking import countries
from clinic_booking.booking.money import money
from clinic_booking.messaging import calendar_file, filling, layout, letters, wording
from clinic_booking.messaging.filling import BrokenText
from clinic_booking.messaging.registry import EMAIL
from clinic_booking.messaging.shipped import Text
from clinic_booking.translations import translate as _


def of(
	kind: str, family: str, language: str, subject: str | None, body: str | None, clinic: str | None = None
) -> dict:
	"""`{subject, text, html}` of a clinic's text, `{problem}` where it can't be filled in or there is no clinic yet.

	Of all clinics' text, as the newest clinic sends it.
	"""
	if not frappe.db.count("Clinic"):
		return {"problem": staff("There is no clinic yet to show it with.")}
	clinic = frappe.get_cached_doc("Clinic", clinic) if clinic else frappe.get_last_doc("Clinic")
	with wording.speaking(language):
		values = _values(clinic, countries.written(language, clinic.name))
		try:
			text = Text(filling.fill(subject or "", values), filling.fill(body or "", values))
		except BrokenText as error:
			return {"problem": staff("{0} can't be filled in").format(error.problem)}
		if family != EMAIL:
			return {"subject": "", "text": text.body, "html": ""}
		facts = [(_("Time"), values["when"]), (_("Doctor"), values["doctor"]), (_("Where"), values["where"])]
		page = letters.page_of(kind, text, facts, values, clinic, language)
		return {"subject": text.subject, "text": layout.text(page), "html": layout.html(page)}


def _values(clinic, language: str) -> dict[str, str]:
	"""In a week, at half past nine."""
	day = datetime.combine(frappe.utils.getdate() + timedelta(days=7), time(9, 30))
	shown = f"{formats.full_date(day.date(), language)}, {formats.clock(day)}"
	price = formats.money(money(35, clinic.currency or "EUR"), language)
	return {
		"name": "Maria García",
		"clinic": clinic.title,
		"doctor": "Dr. Ana Popescu",
		"service": _("Consultation"),
		"reference": "ABCD2345",
		"link": frappe.utils.get_url("/book"),
		"phone": formats.phone(clinic.phone) if clinic.phone else "",
		"date": formats.full_date(day.date(), language),
		"time": formats.clock(day),
		"when": shown,
		"where": calendar_file.address(clinic),
		"until": shown,
		"price": price,
		"amount": price,
	}
