"""Firefox driven by WebDriver BiDi, which it speaks by itself: a small client for what a booking needs."""

import itertools
import json
import re
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager

from websockets.sync.client import connect

NAMES = ("firefox-esr", "firefox")
PATIENCE = 30
# A question asked while one page gives way to another may never be answered.
PATIENCE_OF_A_LOOK = 3


@contextmanager
def opened(width=390, height=844):
	"""A Firefox with one window of a fresh profile, at the size of a phone, until it is left."""
	with tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as profile:
		command = [path(), "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
		process = subprocess.Popen(
			[*command, "--width", str(width), "--height", str(height), "about:blank"],
			stdout=subprocess.DEVNULL,
			stderr=subprocess.PIPE,
			text=True,
		)
		try:
			with connect(f"{_address(process)}/session", max_size=None) as socket:
				yield Firefox(socket)
		finally:
			process.terminate()
			process.wait(PATIENCE)


def _address(process):
	for line in process.stderr:
		if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
			return found[1]
	raise RuntimeError("Firefox did not start")


class Refused(Exception):
	"""Firefox answered a command with an error."""


class Firefox:
	"""What a visitor does in its window."""

	def __init__(self, socket):
		self.socket = socket
		self.numbers = itertools.count(1)
		self.call("session.new", capabilities={})
		self.window = self.call("browsingContext.getTree")["contexts"][0]["context"]

	def call(self, method, patience=PATIENCE, **params):
		"""One BiDi command and its result. Raises Refused, and TimeoutError after `patience` seconds."""
		number = next(self.numbers)
		self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
		while True:
			answer = json.loads(self.socket.recv(timeout=patience))
			if answer.get("id") == number:
				if answer["type"] != "success":
					raise Refused(answer)
				return answer["result"]

	def go(self, url):
		self.call("browsingContext.navigate", context=self.window, url=url, wait="complete")

	def find(self, role, name=None):
		"""The first element of this role and accessible name, if one is given, once it is there and shown."""
		until = time.monotonic() + PATIENCE
		while time.monotonic() < until:
			try:
				for node in self._located(role, name):
					if self.run("each => each.checkVisibility()", node):
						return node
			except (Refused, TimeoutError):
				pass  # the page has just changed
			time.sleep(0.1)
		raise AssertionError(f"no {role} {name!r} on {self.run('() => location.pathname')}")

	def _located(self, role, name):
		locator = {"type": "accessibility", "value": {"role": role, **({"name": name} if name else {})}}
		found = self.call(
			"browsingContext.locateNodes", PATIENCE_OF_A_LOOK, context=self.window, locator=locator
		)
		return found["nodes"]

	def run(self, function, *arguments):
		"""What a JavaScript function returns, given elements."""
		answer = self.call(
			"script.callFunction",
			functionDeclaration=function,
			arguments=list(arguments),
			target={"context": self.window},
			awaitPromise=True,
		)
		assert answer["type"] == "success", answer
		return answer["result"].get("value")

	def click(self, node):
		"""A real press with a pointer, in the middle of the element."""
		self.run("each => each.scrollIntoView({ block: 'center' })", node)
		element = {"type": "element", "element": {"sharedId": node["sharedId"]}}
		self._act(
			"pointer",
			{"type": "pointerMove", "x": 0, "y": 0, "origin": element},
			{"type": "pointerDown", "button": 0},
			{"type": "pointerUp", "button": 0},
		)

	def type(self, text):
		"""Real keys, into what has the focus."""
		keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
		self._act("key", *keys)

	def _act(self, kind, *actions):
		source = {"type": kind, "id": kind, "actions": list(actions)}
		self.call("input.performActions", context=self.window, actions=[source])


def path():
	"""Where Firefox is, or None."""
	return next(filter(None, map(shutil.which, NAMES)), None)
