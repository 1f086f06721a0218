"""SMS and WhatsApp by Twilio (NT-2).

A short message is one text. WhatsApp takes a business's own words only where it has approved them: a letter goes
by the template of its kind and language, and is refused where there is none, so that it goes by SMS instead.
"""

import json
from collections.abc import Callable, Mapping

from clinic_booking.messaging.channels.interface import REJECTED, CannotSay, ChannelRefused, Letter
from clinic_booking.messaging.channels.twilio_account import Account


class Sms:
	"""`sender` is a number, a name or the SID of a messaging service; `tell(key)` the address for reports."""

	def __init__(self, account: Account, sender: str, tell: Callable[[str], str]):
		self.account, self.sender, self.tell = account, sender, tell

	def send(self, letter: Letter) -> str:
		origin = "messaging_service_sid" if self.sender.startswith("MG") else "from_"
		return self.account.send(
			**{origin: self.sender}, to=letter.to, body=letter.text, status_callback=self.tell(letter.key)
		)

	def look(self, letter: Letter) -> str | None:
		return self.account.find(letter.to, letter.text, letter.since)


class WhatsApp:
	"""`sender` is a number; `templates` the approved ones: SIDs by (kind, language)."""

	def __init__(
		self,
		account: Account,
		sender: str,
		templates: Mapping[tuple[str, str], str],
		tell: Callable[[str], str],
	):
		self.account, self.sender, self.templates, self.tell = account, sender, templates, tell

	def send(self, letter: Letter) -> str:
		language = letter.template_language or letter.language
		template = self.templates.get((letter.kind, language)) or self.templates.get(
			(letter.kind, language.partition("-")[0])
		)
		if not template:
			raise ChannelRefused(REJECTED)
		variables = {str(number): value for number, value in enumerate(letter.variables.values(), 1)}
		return self.account.send(
			to=f"whatsapp:{letter.to}",
			from_=f"whatsapp:{self.sender}",
			content_sid=template,
			content_variables=json.dumps(variables),
			status_callback=self.tell(letter.key),
		)

	def look(self, letter: Letter) -> str | None:
		"""Twilio tells the text that it made of a template, which only it knows."""
		raise CannotSay
