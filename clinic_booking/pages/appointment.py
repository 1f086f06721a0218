"""`/booking/<token>`: a booking's own page, first as its confirmation, later to look it up (BK-7)."""

from clinic_booking.pages.page import Asked, Page


def show(asked: Asked, read, token: str) -> Page:
	booking = read.booking(token)
	return Page(
		"appointment.html",
		{
			"booking": booking,
			"clinic": booking["clinic"],
			"clinics": [booking["clinic"]],
			"texts": read.texts(),
			"now": asked.now,
		},
		personal=True,
	)
