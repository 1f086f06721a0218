"""The base of the stand-ins does what it promises, or tests on it would prove nothing."""

import http.client
import json
import time
import urllib.error
import urllib.request

import pytest

from tests.fakes.callbacks import Callback
from tests.fakes.server import (
	BROKEN,
	BROKEN_AFTER,
	DROPPED,
	DROPPED_AFTER,
	TOO_MANY,
	TWICE,
	Answer,
	Call,
	Fake,
	answers,
	slow,
)


class Post(Fake):
	"""Counts letters, and tells where it is asked to."""

	def __init__(self):
		super().__init__()
		self.letters = []

	@answers("POST", "/letters/{town}")
	def send(self, call: Call, town: str) -> Answer:
		self.letters.append((town, call.form.get("text")))
		return Answer({"count": len(self.letters)}, status=201)

	@answers("POST", "/told")
	def told(self, call: Call) -> Answer:
		self.letters.append((call.body, call.headers.get("x-sign")))
		return Answer(status=204)

	@answers("GET", "/page")
	def page(self, call: Call) -> Answer:
		return Answer(f"<p>{call.query['a']}</p>", headers={"X-Mine": "yes"})


@pytest.fixture
def post():
	with Post() as post:
		yield post


def send(post, path="/letters/cluj", body=b"text=hi"):
	"""`(status, JSON)`; status None where the connection ended without an answer."""
	try:
		with urllib.request.urlopen(urllib.request.Request(post.url + path, body), timeout=10) as answer:
			return answer.status, json.load(answer)
	except urllib.error.HTTPError as error:
		return error.code, json.load(error)
	except (http.client.RemoteDisconnected, ConnectionError):
		return None, None


def test_calls_are_answered_and_kept(post):
	"""All that a stand-in got can be read afterwards."""
	assert send(post) == (201, {"count": 1})
	assert post.letters == [("cluj", "hi")]
	assert (post.received[0].path, post.received[0].form) == ("/letters/cluj", {"text": "hi"})
	with urllib.request.urlopen(post.url + "/page?a=1") as page:
		assert (page.read(), page.headers["X-Mine"]) == (b"<p>1</p>", "yes")
	assert send(post, "/elsewhere")[0] == 404


@pytest.mark.parametrize(
	"fault, status, done",
	[
		(TOO_MANY, 429, 0),
		(BROKEN, 500, 0),
		(BROKEN_AFTER, 500, 1),
		(DROPPED, None, 0),
		(DROPPED_AFTER, None, 1),
		(TWICE, 201, 2),
	],
)
def test_a_fault_hits_the_call_it_was_meant_for(post, fault, status, done):
	"""The nth call of the route fails, once; others don't."""
	post.fail(fault, "POST /letters/*", nth=2)
	assert send(post)[0] == 201
	assert send(post)[0] == status
	assert len(post.letters) == 1 + done
	assert send(post)[0] == 201


def test_a_slow_call_hinders_no_other(post):
	"""Only the one that is slow waits."""
	post.fail(slow(30), "POST /letters/cluj")
	connection = http.client.HTTPConnection("localhost", post.port, timeout=0.3)
	connection.request("POST", "/letters/cluj", b"text=late")
	with pytest.raises(TimeoutError):
		connection.getresponse()
	began = time.monotonic()
	assert send(post, "/letters/iasi")[0] == 201
	assert time.monotonic() - began < 5
	connection.close()


def test_chance_is_the_same_each_time_and_heals(post):
	"""A run with random faults can be repeated."""

	def run():
		post.be_random(7, 0.5)
		return [send(post)[0] for _call in range(20)]

	first = run()
	assert first == run() and set(first) > {201}
	post.heal()
	assert send(post)[0] == 201


def test_gone_and_back(post):
	"""Nobody listens for a while, then the same port does."""
	with post.gone(), pytest.raises(urllib.error.URLError):
		urllib.request.urlopen(post.url + "/page?a=1", timeout=5)
	assert send(post)[0] == 201


def test_callbacks_wait_to_be_posted_in_any_order(post):
	"""Each in the order that the test gives, as often as it likes, signed when posted."""
	for text in (b"1", b"2"):
		post.callbacks.add(
			Callback(post.url + "/told", text, sign=lambda body: {"X-Sign": body.decode() * 2})
		)
	first, second = post.callbacks.take()
	assert post.callbacks.post([second, first, first]) == [204, 204, 204]
	assert post.letters == [(b"2", "22"), (b"1", "11"), (b"1", "11")]
	assert not post.callbacks.waiting and len(post.callbacks.taken) == 3


def test_callbacks_are_posted_again_until_they_are_taken(post):
	"""Posted by themselves: refused first, then taken."""
	post.fail(BROKEN, "POST /told")
	post.callbacks.start(waits=(0.05,))
	post.callbacks.add(Callback(post.url + "/told", b"again"))
	deadline = time.monotonic() + 10
	while not post.callbacks.taken and time.monotonic() < deadline:
		time.sleep(0.02)
	assert post.letters == [(b"again", None)]
	assert len(post.callbacks.refused) == 1
