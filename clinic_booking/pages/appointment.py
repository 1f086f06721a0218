"""`/booking/<token>`: a booking's own page (BK-7).

First its confirmation, later where it is looked up, moved (`?change=move`), cancelled (`?change=cancel`) and
rated. The server writes what a change would mean; nothing changes before a module of the page posts it.
"""

from clinic_booking.pages import addresses, move
from clinic_booking.pages.page import Asked, Page

CHANGES = {"move": "reschedule", "cancel": "cancel"}


def show(asked: Asked, read, token: str) -> Page:
	booking = read.booking(token)
	change = asked.one_of("change", CHANGES)
	facts = {
		"token": token,
		"booking": booking,
		"clinic": booking["clinic"],
		"clinics": [booking["clinic"]],
		"texts": read.texts(),
		"now": asked.now,
	}
	# A link of yesterday may name what is no longer allowed: then the page says how it stands.
	if change and booking["can"][CHANGES[change]]:
		if change == "cancel":
			return Page("cancel.html", facts, personal=True)
		return Page("move.html", facts | move.facts(asked, read, token, booking), personal=True)
	facts |= {
		"moved": asked.text("done") == "move",
		"came_back": asked.text("done") == "pay",
		"can_rate": booking["status"] == "Completed" and not booking["rating"],
	}
	return Page("appointment.html", facts, personal=True)


def come_back(asked: Asked, read, token: str) -> Page:
	"""From a provider's page: how the payment stands is asked there, and the booking's own page shows it.

	Whoever opens this address, and however often, brings the booking to what is true already.
	"""
	read.look_for_payment(token)
	return Page("", personal=True, status=303, location=addresses.appointment(token, done="pay") + "#status")
