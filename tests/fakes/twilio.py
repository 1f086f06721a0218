"""A Twilio that the official SDK really talks to: messages, their reports signed as Twilio's, replies, templates.

	with Twilio() as twilio:
		twilio.refuse["+40712345678"] = 21610          # the error that this number gets, at once
		twilio.return_later["whatsapp:+40…"] = 63016   # taken, and reported as undelivered
		…
		twilio.callbacks.post()                        # queued, sent, delivered: in order, or as a test likes
		twilio.reply("+40712345678", "STOP", to="https://…")

`sent` is every message that exists. Numbers of the account are in `numbers`, templates in `templates`.
"""

import itertools
import json
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import format_datetime
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from tests.fakes.callbacks import Callback
from tests.fakes.server import Answer, Call, Fake, answers

SID, TOKEN = "AC" + "a1" * 16, "auth-token-of-a-test"
NUMBER, SERVICE, TEMPLATE = "+15005550006", "MG" + "b2" * 16, "HX" + "c3" * 16
MESSAGES = "/2010-04-01/Accounts/{account}/Messages.json"


@dataclass
class Sms:
	"""A message as Twilio keeps it; `state` is that of the last report."""

	sid: str
	to: str
	sender: str
	body: str
	callback: str
	form: dict[str, str] = field(repr=False)
	state: str = "queued"
	created: datetime = field(default_factory=lambda: datetime.now(timezone.utc))


class Twilio(Fake):
	def __init__(self, port: int = 0):
		super().__init__(port)
		self.sent: list[Sms] = []
		self.refuse: dict[str, int] = {}
		self.return_later: dict[str, int] = {}
		self.numbers = {NUMBER}
		self.services = {SERVICE}
		self.templates = {TEMPLATE: "{{1}}: {{2}} {{3}}"}
		self._count = itertools.count(1)

	def work(self, call: Call) -> Answer:
		words = call.headers.get("authorization", "").partition(" ")[2]
		if b64decode(words) != f"{SID}:{TOKEN}".encode():
			return refusal(20003, 401)
		return super().work(call)

	@answers("POST", MESSAGES)
	def create(self, call: Call, account: str) -> Answer:
		form = call.form
		if code := self.refuse.get(form["To"]):
			return refusal(code)
		message = Sms(
			sid=f"SM{next(self._count):032x}",
			to=form["To"],
			sender=form.get("From") or form["MessagingServiceSid"],
			body=form.get("Body") or self._filled(form),
			callback=form.get("StatusCallback", ""),
			form=form,
		)
		self.sent.append(message)
		states = ("sent", "undelivered") if message.to in self.return_later else ("sent", "delivered")
		for state in states if message.callback else ():
			self.report(message, state)
		return Answer(shown(message), 201)

	@answers("GET", MESSAGES)
	def messages(self, call: Call, account: str) -> Answer:
		found = [shown(each) for each in reversed(self.sent) if each.to == call.query.get("To", each.to)]
		return Answer({"messages": found[: int(call.query.get("PageSize", 50))], "next_page_uri": None})

	@answers("GET", "/2010-04-01/Accounts/{account}.json")
	def account(self, call: Call, account: str) -> Answer:
		return Answer({"sid": account, "status": "active"}) if account == SID else refusal(20404, 404)

	@answers("GET", "/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json")
	def incoming_numbers(self, call: Call, account: str) -> Answer:
		found = [{"phone_number": each} for each in self.numbers if each == call.query.get("PhoneNumber")]
		return Answer({"incoming_phone_numbers": found, "next_page_uri": None})

	@answers("GET", "/v1/Services/{service}")
	def service(self, call: Call, service: str) -> Answer:
		return Answer({"sid": service}) if service in self.services else refusal(20404, 404)

	@answers("GET", "/v1/Content/{template}")
	def template(self, call: Call, template: str) -> Answer:
		return Answer({"sid": template}) if template in self.templates else refusal(20404, 404)

	def report(self, message: Sms, state: str) -> Callback:
		"""Have a report wait that the message is in `state`."""
		message.state = state
		facts = {"MessageSid": message.sid, "MessageStatus": state, "To": message.to, "AccountSid": SID}
		if state == "undelivered":
			facts["ErrorCode"] = str(self.return_later[message.to])
		return self._post(message.callback, facts, f"{message.sid} {state}")

	def reply(self, sender: str, text: str, to: str) -> Callback:
		"""Have a message from `sender` wait to be posted to the address `to`."""
		word = text.strip().upper()
		facts = {"MessageSid": f"SM{next(self._count):032x}", "From": sender, "To": NUMBER, "Body": text}
		facts |= {"SmsStatus": "received", "AccountSid": SID}
		if word in ("STOP", "START", "HELP"):
			facts["OptOutType"] = word
		return self._post(to, facts, f"{sender} {word}")

	def error(self, status: int) -> object:
		return {"code": 20429 if status == 429 else 20500, "message": "A test wants it so.", "status": status}

	def _post(self, url: str, facts: dict[str, str], about: str) -> Callback:
		signature = RequestValidator(TOKEN).compute_signature(url, facts)
		headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
		callback = Callback(url, urlencode(facts).encode(), lambda body: headers, about)
		self.callbacks.add(callback)
		return callback

	def _filled(self, form: dict[str, str]) -> str:
		text = self.templates[form["ContentSid"]]
		for number, value in json.loads(form["ContentVariables"]).items():
			text = text.replace(f"{{{{{number}}}}}", value)
		return text


def shown(message: Sms) -> dict:
	return {
		"sid": message.sid,
		"to": message.to,
		"from": message.sender,
		"body": message.body,
		"status": message.state,
		"date_created": format_datetime(message.created),
	}


def refusal(code: int, status: int = 400) -> Answer:
	return Answer({"code": code, "message": "Refused.", "status": status}, status)
