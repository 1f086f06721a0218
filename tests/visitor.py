"""A patient's browser, as far as the public calls go."""

import json
import uuid
from datetime import datetime
from itertools import count
from typing import NamedTuple

from tests.line import Line
from tests.scenes import Scene

API = "/api/method/clinic_booking.api.public."
number = count(1)


class Answer(NamedTuple):
	"""Status and body of one call."""

	status: int
	body: dict

	@property
	def message(self) -> dict:
		assert self.status == 200, self
		return self.body["message"]

	@property
	def code(self) -> str | None:
		return self.body.get("error", {}).get("code")

	@property
	def outcome(self) -> int | str:
		"""200, or the code of the error."""
		return self.code or self.status


class Visitor(Line):
	"""One visitor of one clinic, with a connection of their own and the token of what they hold.

	`headers` go with every call; the tampered server reads from them what to leave out.
	"""

	def __init__(self, url: str, scene: Scene, headers: dict[str, str] | None = None):
		super().__init__(url, headers)
		self.scene = scene
		self.token = None
		unique = next(number)
		self.person = {
			"name": f"Maria Ionescu {unique}",
			"email": f"maria.{unique}@example.com",
			"phone": f"+34633{unique:06d}",
		}
		self.get("/api/method/ping")  # connected, before any race starts

	def ask(self, call: str, **arguments) -> Answer:
		status, body = self.get(f"{API}{call}?" + "&".join(f"{k}={v}" for k, v in arguments.items()))
		return Answer(status, json.loads(body))

	def tell(self, call: str, **arguments) -> Answer:
		status, body = self.post(API + call, arguments)
		return Answer(status, json.loads(body))

	def hold(
		self, start: datetime | str, doctor: str | None = None, service: str | None = None, **more
	) -> Answer:
		"""Hold a time of the first doctor, or of `doctor`."""
		answer = self.tell(
			"hold",
			doctor=doctor or self.scene.doctors[0],
			service=service or self.scene.visit,
			start=start if isinstance(start, str) else start.isoformat(),
			**more,
		)
		if answer.status == 200:
			self.token = answer.message["token"]
		return answer

	def book(self, **more) -> Answer:
		"""Book what is held."""
		values = {"token": self.token, "patient": self.person, "consent": True} | more
		return self.tell("book", **values)

	def release(self) -> Answer:
		return self.tell("release", token=self.token)

	def extend(self) -> Answer:
		return self.tell("extend", token=self.token)

	def booking(self) -> Answer:
		return self.ask("booking", token=self.token)

	def starts(self, day, doctor: str | None = None, service: str | None = None, **more) -> list[str]:
		"""The starts that are shown on `day`."""
		answer = self.ask(
			"availability",
			doctor=doctor or self.scene.doctors[0],
			service=service or self.scene.visit,
			from_date=day,
			to_date=day,
			**more,
		)
		return [slot["start"] for slot in answer.message["days"][0]["slots"]]


def a_request_id() -> str:
	return str(uuid.uuid4())
