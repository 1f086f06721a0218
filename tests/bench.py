"""Fixtures of the tests that need a bench: a connection to the test site, and a real server on it.

`bin/test` starts MariaDB and Redis, puts the test site back as it was saved, and names it in the environment.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time

import frappe
import pytest
import requests

from tests.restore import ROOT, SITE, SITES, SavedSite, forget_cached

saved_site = SavedSite()


@pytest.fixture(scope="session", autouse=True)
def in_sites_directory():
	"""Frappe finds its logs and assets from the directory it runs in."""
	os.chdir(SITES)


def connect():
	frappe.init(SITE)
	frappe.connect()


def hold_back_commits(database):
	"""Make commit and rollback savepoints, so that all of a test is one transaction that never ends.

	Callbacks run as ever. What other connections would see, or a deadlock does, needs `committed`.
	"""
	execute = database.sql

	def sql(query, *args, **kwargs):
		statement = str(query).strip().lower()
		if statement.startswith("start transaction"):
			return None
		if statement == "commit":
			query = "savepoint so_far"
		elif statement == "rollback":
			query = "rollback to savepoint so_far"
		return execute(query, *args, **kwargs)

	execute("start transaction")
	execute("savepoint so_far")
	database.sql = sql


@pytest.fixture(autouse=True)
def site(request):
	"""Frappe connected to the test site as Administrator; whatever the test writes is undone after it."""
	is_committed = "committed" in request.fixturenames
	saved_site.restore()
	if is_committed:
		saved_site.about_to_change()
	connect()
	if not is_committed:
		hold_back_commits(frappe.db)
	yield frappe
	if not is_committed:
		del frappe.local.db.sql
	frappe.db.rollback()
	frappe.destroy()
	forget_cached()


@pytest.fixture
def committed(site):
	"""Commits are real in this test, so that servers, jobs and other connections see them.

	The site is put back as it was before the next test.
	"""


@pytest.fixture
def reconnect(site):
	"""A function that leaves the transaction and sees what others have committed since."""
	return frappe.db.rollback


class Client(requests.Session):
	"""A browser without a browser: paths instead of addresses, cookies kept."""

	def __init__(self, url):
		super().__init__()
		self.url = url

	def request(self, method, path, **kwargs):
		return super().request(method, self.url + path, **{"timeout": 60, "allow_redirects": False} | kwargs)

	def login(self, user, password="admin"):
		self.post("/api/method/login", json={"usr": user, "pwd": password}).raise_for_status()
		return self


class Server:
	"""gunicorn as in production, on the port that the site's own links name.

	`application` is another WSGI application than the site's own, as "module:name" from the repository's root.
	"""

	def __init__(self, port=os.environ["TEST_WEB_PORT"], workers=4, application="wsgi:application"):
		self.url = f"http://localhost:{port}"
		command = [
			sys.executable,
			"-m",
			"gunicorn",
			"--chdir",
			str(SITES),
			"--bind",
			self.url.removeprefix("http://"),
		]
		command += ["--workers", str(workers), "--worker-class", "gthread", "--threads", "4", "--preload"]
		command += ["--timeout", "120", "--pythonpath", f"{ROOT / 'bin/lib'},{ROOT}", application]
		self.log = SITES.parent / f"logs/server-{port}.log"
		with self.log.open("w") as log:
			self.process = subprocess.Popen(
				command,
				cwd=SITES,
				stdout=log,
				stderr=log,
				env=os.environ | {"SITES_PATH": "."},
				preexec_fn=die_with_parent,
			)
		self.wait()

	def wait(self):
		for _ in range(300):
			try:
				if requests.get(self.url + "/api/method/ping", timeout=10).ok:
					return
			except requests.ConnectionError:
				pass
			if self.process.poll() is not None:
				break
			time.sleep(0.1)
		self.stop()
		raise RuntimeError("the server did not start:\n" + self.log.read_text()[-4000:])

	def client(self):
		return Client(self.url)

	def stop(self):
		self.process.terminate()
		self.process.wait(30)


def die_with_parent():
	ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


@pytest.fixture(scope="session")
def running_server(in_sites_directory):
	server = Server()
	yield server
	server.stop()


@pytest.fixture
def server(committed, running_server):
	"""A server on the test site; what it commits is undone after the test."""
	return running_server


@pytest.fixture
def client(server):
	"""A guest's HTTP client."""
	return server.client()


@pytest.fixture
def work_off_jobs(committed):
	"""A function that runs the jobs queued so far in a worker process, and waits for them."""

	def work_off(queues="short,default,long"):
		subprocess.run(
			[
				sys.executable,
				"-m",
				"frappe.utils.bench_helper",
				"frappe",
				"worker",
				"--burst",
				"--quiet",
				"--queue",
				queues,
			],
			cwd=SITES,
			check=True,
			capture_output=True,
			timeout=300,
		)
		frappe.db.rollback()

	return work_off
