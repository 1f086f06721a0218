"""What stands in for a channel in the demo: nothing leaves the machine."""

from clinic_booking.messaging.channels.interface import Letter


class Shown:
	"""Takes every letter; the queue keeps what it shows on the message's own form."""

	def send(self, letter: Letter) -> str:
		return letter.key

	def look(self, letter: Letter) -> str | None:
		return None
