"""What every stand-in for an outside service is made of: a local HTTP server that fails when it is told to.

	class Post(Fake):
		@answers("POST", "/letters/{town}")
		def send(self, call: Call, town: str) -> Answer:
			self.callbacks.add(Callback(call.form["tell"], b"arrived", sign=lambda body: {"X-Sign": "…"}))
			return Answer({"town": town}, status=201)

	with Post() as post:                    # on a free port, `post.url`; ended with the block
		post.fail(BROKEN, "POST /letters/*", nth=2)  # the second call from now: 500, and nothing is done
		...                                 # the real SDK, pointed at post.url
		assert post.received[0].form == {"weight": "20"}

Faults: `TOO_MANY`, `BROKEN`, `BROKEN_AFTER`, `DROPPED`, `DROPPED_AFTER`, `TWICE`, `slow(seconds)`; "after" means that
the work was done and the caller doesn't learn of it. `chaos` picks faults at random; `gone()` refuses connections.
What a fake posts back by itself waits in `callbacks` (see there), to be posted in any order, twice, or never.
One call is worked at a time, so a fake's own state needs no lock. Standard library only.
"""

import json
import random
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.callbacks import Callbacks


@dataclass(frozen=True)
class Call:
	"""A request as it came. `headers`: names in lower case."""

	method: str
	path: str
	query: dict[str, str]
	headers: dict[str, str]
	body: bytes

	@property
	def form(self) -> dict[str, str]:
		return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

	@property
	def json(self):
		return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
	"""`body`: bytes, text (sent as HTML) or anything that JSON can say."""

	body: object = b""
	status: int = 200
	headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
	"""What goes wrong with a call: `wait` seconds first, then `works` times the work, then what is answered.

	`status` is answered instead of the true answer; `drops`: the connection ends without any.
	"""

	works: int = 1
	status: int | None = None
	drops: bool = False
	wait: float = 0


NO_FAULT = Fault()
TOO_MANY = Fault(works=0, status=429)
BROKEN = Fault(works=0, status=500)
BROKEN_AFTER = Fault(status=500)
DROPPED = Fault(works=0, drops=True)
DROPPED_AFTER = Fault(drops=True)
TWICE = Fault(works=2)
EVERY = (TOO_MANY, BROKEN, BROKEN_AFTER, DROPPED, DROPPED_AFTER, TWICE)


def slow(seconds: float) -> Fault:
	"""The work is done and answered, later."""
	return Fault(wait=seconds)


def answers(method: str, path: str) -> Callable:
	"""Have a method of a Fake answer `path`; `{name}` in it takes what stands there, up to the next slash."""
	pattern = re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)))

	def mark(function: Callable) -> Callable:
		function.answers = (method, pattern)
		return function

	return mark


@dataclass
class _Plan:
	fault: Fault
	calls: str
	nth: int
	times: float


class Fake:
	"""A server; subclasses add what it `answers`. `received` is all it got, in order."""

	def __init__(self, port: int = 0):
		self.received: list[Call] = []
		self.callbacks = Callbacks()
		self.chaos: Callable[[Call], Fault] | None = None
		self.port = port
		self._plans: list[_Plan] = []
		self._working = threading.RLock()
		self._planning = threading.Lock()
		self._ending = threading.Event()
		methods = (getattr(type(self), name) for name in dir(type(self)))
		self._routes = [(*method.answers, method) for method in methods if hasattr(method, "answers")]

	@property
	def url(self) -> str:
		return f"http://localhost:{self.port}"

	def __enter__(self):
		self._listen()
		return self

	def __exit__(self, *_error) -> None:
		self._ending.set()
		self._close()
		self.callbacks.stop()

	def fail(self, fault: Fault, calls: str = "*", nth: int = 1, times: float = 1) -> None:
		"""Let calls like "POST /v1/refunds" (with * for anything) fail, from the `nth` from now on, `times` times."""
		with self._planning:
			self._plans.append(_Plan(fault, calls, nth, times))

	def be_random(self, seed: int, rate: float, faults: tuple[Fault, ...] = EVERY) -> None:
		"""Let any call fail by chance, the same way for the same `seed`."""
		dice = random.Random(seed)
		self.chaos = lambda call: dice.choice(faults) if dice.random() < rate else NO_FAULT

	def heal(self) -> None:
		"""Forget all faults that are still to come."""
		with self._planning:
			self._plans.clear()
			self.chaos = None

	@contextmanager
	def gone(self) -> Iterator[None]:
		"""Nobody listens on the port meanwhile."""
		self._close()
		try:
			yield
		finally:
			self._listen()

	def serve(self, call: Call) -> Answer | None:
		"""What is answered to a call, faults and all; None: nothing, and the connection ends."""
		with self._planning:
			self.received.append(call)
			fault = self._fault(call)
		self._ending.wait(fault.wait)
		answer = None
		for _time in range(fault.works):
			answer = self.work(call)
		if fault.drops:
			return None
		return Answer(self.error(fault.status), fault.status) if fault.status else answer

	def work(self, call: Call) -> Answer:
		"""The true answer."""
		for method, pattern, function in self._routes:
			if method == call.method and (found := pattern.fullmatch(call.path)):
				with self._working:
					return function(self, call, **found.groupdict())
		return Answer(self.error(404), 404)

	def error(self, status: int) -> object:
		"""What this service says with an error that was asked for."""
		return {"error": {"message": f"This answer is {status} because a test wants it so."}}

	def _fault(self, call: Call) -> Fault:
		for plan in self._plans:
			if not fnmatchcase(f"{call.method} {call.path}", plan.calls):
				continue
			plan.nth -= 1
			if plan.nth < 1 and plan.times > 0:
				plan.times -= 1
				return plan.fault
		return self.chaos(call) if self.chaos else NO_FAULT

	def _listen(self) -> None:
		self._server = _Server(("localhost", self.port), _Handler)
		self._server.fake = self
		self.port = self._server.server_port
		threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

	def _close(self) -> None:
		self._server.shutdown()
		self._server.server_close()


class _Server(ThreadingHTTPServer):
	block_on_close = False
	request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
	protocol_version = "HTTP/1.1"
	disable_nagle_algorithm = True

	def answer(self) -> None:
		address = urlsplit(self.path)
		body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
		headers = {name.lower(): value for name, value in self.headers.items()}
		query = dict(parse_qsl(address.query, keep_blank_values=True))
		call = Call(self.command, address.path, query, headers, body)
		answer = self.server.fake.serve(call)
		with suppress(OSError):  # whoever asked may have left
			self.drop() if answer is None else self.say(answer)

	do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

	def drop(self) -> None:
		self.close_connection = True
		self.connection.shutdown(socket.SHUT_RDWR)

	def say(self, answer: Answer) -> None:
		body, content_type = answer.body, "application/json"
		if isinstance(body, str):
			body, content_type = body.encode(), "text/html; charset=utf-8"
		elif not isinstance(body, bytes):
			body = json.dumps(body).encode()
		self.send_response(answer.status)
		for name, value in {
			"Content-Type": content_type,
			"Content-Length": len(body),
			**answer.headers,
		}.items():
			self.send_header(name, str(value))
		self.end_headers()
		self.wfile.write(body)

	def log_message(self, *_words) -> None:
		"""Nobody reads it."""
