"""A bare HTTP client: several connections at once, and nothing that hides what the server costs."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

# gunicorn drops a line that was idle for two seconds.
IDLE_SECONDS = 1.5


class Line:
	"""One kept-alive connection. Plain http.client: a heavier client would hide what the server costs."""

	def __init__(self, url: str, headers: dict[str, str] | None = None):
		self.address = urlsplit(url).netloc
		self.headers = headers or {}
		self.used = time.monotonic()
		self.connection = http.client.HTTPConnection(self.address, timeout=60)

	def get(self, path: str) -> tuple[int, bytes]:
		return self.send("GET", path, None, self.headers)

	def post(self, path: str, values: dict) -> tuple[int, bytes]:
		body = json.dumps(values).encode()
		return self.send("POST", path, body, self.headers | {"Content-Type": "application/json"})

	def close(self) -> None:
		self.connection.close()

	def send(self, verb: str, path: str, body: bytes | None, headers: dict) -> tuple[int, bytes]:
		"""Never sent twice: what a dropped connection means is for the test to say."""
		if time.monotonic() - self.used > IDLE_SECONDS:
			self.connection.close()
		self.connection.request(verb, path, body, headers)
		answer = self.connection.getresponse()
		content = answer.read()
		self.used = time.monotonic()
		return answer.status, content


def at_once(calls: Iterable[Callable]) -> list:
	"""Start all of `calls` in the same moment, each in a thread of its own; what they return, in order."""
	calls = list(calls)
	results, ready = [None] * len(calls), threading.Barrier(len(calls))

	def run(position: int, call: Callable):
		ready.wait()
		try:
			results[position] = call()
		except Exception as failure:
			results[position] = failure

	threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	if failed := next((result for result in results if isinstance(result, Exception)), None):
		raise failed
	return results
