"""The texts that come with the app, in English; the catalogues in `locale/` have them in the other languages.

In e-mail a letter's facts (when, where, with whom), its link and the clinic's address stand below the text. Short
messages name clinic, time and link, and neither doctor nor service (NT-6). `{{ … }}` are filled in (`wording`).
"""

from typing import NamedTuple

from clinic_booking.errors import _
from clinic_booking.messaging import kinds


class Text(NamedTuple):
	"""A subject, empty where there is none, and a body; paragraphs stand apart by an empty line."""

	subject: str
	body: str


EMAIL = {
	kinds.REQUESTED: Text(
		_("We have received your request for {{ date }}"),
		_(
			"Hello {{ name }},\n\nThank you for your request. The time is kept for you, and we write again as soon as it is confirmed."
		),
	),
	kinds.BOOKED: Text(
		_("Your appointment on {{ date }}"),
		_("Hello {{ name }},\n\nYour appointment is confirmed. We look forward to seeing you."),
	),
	kinds.MOVED: Text(
		_("Your appointment is now on {{ date }}"),
		_(
			"Hello {{ name }},\n\nYour appointment has been moved. Below is the new time; the old one no longer holds."
		),
	),
	kinds.CANCELLATION: Text(
		_("Your appointment on {{ date }} is cancelled"),
		_(
			"Hello {{ name }},\n\nYour appointment is cancelled, and you need do nothing more. If you still need a visit, you can book another time."
		),
	),
	kinds.DECLINED: Text(
		_("Your request for {{ date }}"),
		_(
			"Hello {{ name }},\n\nUnfortunately the time that you asked for can't be confirmed, and nothing is booked. Please choose another time."
		),
	),
	kinds.REMINDER: Text(
		_("Reminder: your appointment on {{ date }}"),
		_(
			"Hello {{ name }},\n\nWe look forward to seeing you soon. If you can't come, please move or cancel the appointment in good time, so that somebody else can have it."
		),
	),
	kinds.VIDEO_LINK: Text(
		_("Your video visit begins at {{ time }}"),
		_("Hello {{ name }},\n\nYour video visit begins soon. Open your booking and join from there."),
	),
	kinds.PAYMENT_DUE: Text(
		_("Please pay for your appointment on {{ date }}"),
		_("Hello {{ name }},\n\nYour appointment is not paid yet. Please pay {{ amount }} before it."),
	),
	kinds.AWAIT_PAYMENT: Text(
		_("Please pay to confirm your appointment"),
		_(
			"Hello {{ name }},\n\nThe time is kept for you until {{ until }}. Please pay {{ amount }} by then: as soon as we have it, your appointment is confirmed."
		),
	),
	kinds.PAID: Text(
		_("We have received your payment"),
		_("Hello {{ name }},\n\nWe have received {{ amount }}. Thank you."),
	),
	kinds.REFUNDED: Text(
		_("Your money is on its way back"),
		_("Hello {{ name }},\n\nWe have sent {{ amount }} back to you. Your bank may take a few days."),
	),
	kinds.HANDED_OUT: Text(
		_("Your refund of {{ amount }}"),
		_("Hello {{ name }},\n\nWe have given you {{ amount }} back at the clinic."),
	),
	kinds.CREDITED: Text(
		_("You have credit with {{ clinic }}"),
		_(
			"Hello {{ name }},\n\nWe are sorry that your appointment was cancelled so late. You have {{ amount }} of credit with us for a later visit, on top of what you paid."
		),
	),
	kinds.REFUND_FAILED: Text(
		_("Your money could not be sent back"),
		_(
			"Hello {{ name }},\n\nWe could not send {{ amount }} back to you, so it is your credit for a later visit. If you would rather have the money, please call us."
		),
	),
	kinds.TOO_LATE: Text(
		_("Your payment came too late"),
		_(
			"Hello {{ name }},\n\nYour payment of {{ amount }} came when the time was no longer kept for you, and somebody else has it by now. You get the money back. Please choose another time."
		),
	),
	kinds.LINK: Text(
		_("Your booking for {{ date }}"),
		_("Hello {{ name }},\n\nHere is your booking, as you asked. You can see, move or cancel it."),
	),
	kinds.DOCTOR_REQUESTED: Text(
		_("A request for {{ date }} waits for your answer"),
		_("Hello {{ doctor }},\n\nSomebody asks for this time. Please confirm or decline it."),
	),
	kinds.DOCTOR_BOOKED: Text(
		_("New appointment on {{ date }}"),
		_("Hello {{ doctor }},\n\nYou have a new appointment."),
	),
}

SHORT = {
	kinds.REQUESTED: Text(
		"", _("{{ clinic }}: we have your request for {{ when }} and confirm it soon. {{ link }}")
	),
	kinds.BOOKED: Text("", _("{{ clinic }}: your appointment on {{ when }} is confirmed. {{ link }}")),
	kinds.MOVED: Text("", _("{{ clinic }}: your appointment is now on {{ when }}. {{ link }}")),
	kinds.CANCELLATION: Text("", _("{{ clinic }}: your appointment on {{ when }} is cancelled. {{ link }}")),
	kinds.DECLINED: Text(
		"", _("{{ clinic }}: {{ when }} can't be confirmed. Please choose another time: {{ link }}")
	),
	kinds.REMINDER: Text(
		"", _("{{ clinic }}: your appointment is on {{ when }}. To move or cancel it: {{ link }}")
	),
	kinds.VIDEO_LINK: Text("", _("{{ clinic }}: your video visit begins at {{ time }}. To join: {{ link }}")),
	kinds.PAYMENT_DUE: Text(
		"", _("{{ clinic }}: your appointment on {{ when }} is not paid yet. To pay: {{ link }}")
	),
	kinds.AWAIT_PAYMENT: Text(
		"", _("{{ clinic }}: {{ when }} is kept for you until {{ until }}. To pay: {{ link }}")
	),
	kinds.PAID: Text("", _("{{ clinic }}: we have received your payment for {{ when }}. {{ link }}")),
	kinds.REFUNDED: Text("", _("{{ clinic }}: your money for {{ when }} is on its way back. {{ link }}")),
	kinds.HANDED_OUT: Text(
		"", _("{{ clinic }}: we have given you {{ amount }} back for {{ when }}. {{ link }}")
	),
	kinds.CREDITED: Text(
		"",
		_(
			"{{ clinic }}: your appointment on {{ when }} was cancelled late; you have {{ amount }} of credit for a later visit. {{ link }}"
		),
	),
	kinds.REFUND_FAILED: Text(
		"",
		_(
			"{{ clinic }}: we could not send {{ amount }} for {{ when }} back to you; it is your credit for a later visit. {{ link }}"
		),
	),
	kinds.TOO_LATE: Text(
		"", _("{{ clinic }}: your payment for {{ when }} came too late and goes back to you. {{ link }}")
	),
	kinds.LINK: Text("", _("{{ clinic }}: your booking for {{ when }}: {{ link }}")),
	kinds.DOCTOR_REQUESTED: Text(
		"", _("{{ clinic }}: a request for {{ when }} waits for your answer. {{ link }}")
	),
	kinds.DOCTOR_BOOKED: Text("", _("{{ clinic }}: new appointment on {{ when }}. {{ link }}")),
}

FAMILIES = {"email": EMAIL, "short": SHORT}
