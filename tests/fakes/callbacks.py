"""What a stand-in posts back by itself: webhooks, status reports, pushes.

They wait until they are posted: by the test, `callbacks.post()`, in whatever order and number it likes, or, after
`callbacks.start()`, by a thread as soon as they are there, again with growing waits until they are taken.
"""

import http.client
import queue
import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Callback:
	"""A POST to `url`. `sign(body)` makes the headers when it is posted, as signatures hold the time.

	`about`: what it is called in tests, for example the type of an event.
	"""

	url: str
	body: bytes
	sign: Callable[[bytes], dict[str, str]] = field(default=lambda body: {}, repr=False)
	about: str = ""


class Callbacks:
	"""`waiting`: those not yet posted, the oldest first; `taken` and `refused`: those posted."""

	def __init__(self):
		self.waiting: list[Callback] = []
		self.taken: list[Callback] = []
		self.refused: list[Callback] = []
		self._queue: queue.Queue[tuple[Callback, int] | None] | None = None
		self._stopped = threading.Event()

	def add(self, callback: Callback) -> None:
		if self._queue is None:
			self.waiting.append(callback)
		else:
			self._queue.put((callback, 1))

	def take(self) -> list[Callback]:
		"""All that wait; they wait no more."""
		taken, self.waiting = self.waiting, []
		return taken

	def post(self, callbacks: Iterable[Callback] | None = None) -> list[int | None]:
		"""Post these, or all that wait; returns the statuses, None where nobody answered."""
		return [self._post(callback) for callback in (self.take() if callbacks is None else callbacks)]

	def post_badly(self, seed: int, lost: float = 0.2, twice: float = 0.2) -> list[int | None]:
		"""Post what waits in any order, some of it never and some of it twice."""
		dice = random.Random(seed)
		arriving = [
			callback
			for callback in self.take()
			if dice.random() >= lost
			for _time in range(1 + (dice.random() < twice))
		]
		dice.shuffle(arriving)
		return self.post(arriving)

	def start(self, waits: tuple[float, ...] = (1, 5, 30, 120)) -> None:
		"""From now on post them by themselves; what is refused is posted again after these seconds."""
		self._queue = queue.Queue()
		threading.Thread(target=self._work, args=(self._queue, waits), daemon=True).start()

	def stop(self) -> None:
		self._stopped.set()
		if self._queue is not None:
			self._queue.put(None)

	def _work(self, callbacks: queue.Queue, waits: tuple[float, ...]) -> None:
		while (item := callbacks.get()) and not self._stopped.is_set():
			callback, attempt = item
			status = self._post(callback)
			if (status is None or status >= 300) and attempt <= len(waits):
				again = threading.Timer(waits[attempt - 1], callbacks.put, [(callback, attempt + 1)])
				again.daemon = True
				again.start()

	def _post(self, callback: Callback) -> int | None:
		address = urlsplit(callback.url)
		kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
		connection = kind(address.netloc, timeout=20)
		headers = {"Content-Type": "application/json"} | callback.sign(callback.body)
		try:
			connection.request(
				"POST", callback.url.partition(address.netloc)[2] or "/", callback.body, headers
			)
			status = connection.getresponse().status
		except (OSError, http.client.HTTPException):
			status = None
		finally:
			connection.close()
		(self.taken if status and status < 300 else self.refused).append(callback)
		return status
