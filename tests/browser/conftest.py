"""A real browser on the test site. A page that logs an error, fails to load a part or throws fails its test."""

import os
import shutil
from pathlib import Path

import frappe
import pytest
from playwright.sync_api import sync_playwright

from tests import builders
from tests.bench import *
from tests.browser.steps import PHONE, tomorrow

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Nothing of the browser's own goes to the network; no sandbox, as containers allow none.
FLAGS = (
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
)
SCREENSHOTS = Path(os.environ.get("SCREENSHOTS", SITES.parent / "screenshots"))


@pytest.fixture(scope="session")
def browser(in_sites_directory):
	path = next(filter(None, map(shutil.which, BROWSERS)))
	with sync_playwright() as playwright:
		browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
		yield browser
		browser.close()


@pytest.fixture
def screen(request):
	"""What the page is looked at with: a phone, unless the test names another screen."""
	chosen = getattr(request, "param", PHONE)
	return {"locale": "en-GB", "timezone_id": "Europe/Bucharest", **chosen}


@pytest.fixture
def offer(server):
	"""Dr. Ana Popescu, with a visit for 35 EUR at Sunrise in Madrid."""
	clinic = builders.a_clinic(title="Sunrise", city="Madrid")
	visit = builders.a_service(clinic, title="First visit", price=35)
	doctor = builders.a_doctor(
		visit, clinics=[clinic], doctor_name="Dr. Ana Popescu", hours=("08:00", "12:00"), color="#2a9d8f"
	)
	frappe.db.commit()
	return doctor, visit, clinic


@pytest.fixture
def times(offer):
	"""The address of the page with the doctor's times, from tomorrow."""
	doctor, visit, _clinic = offer
	return f"/book/{doctor.slug}/{visit.name}?from={tomorrow()}"


@pytest.fixture
def page(browser, server, screen, request):
	"""A page whose addresses are paths of the site. Expected errors are put in `page.expected_errors`."""
	context = browser.new_context(base_url=server.url, **screen)
	page = context.new_page()
	page.set_default_timeout(15_000)
	page.expected_errors = []
	errors = []
	page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
	page.on("pageerror", lambda error: errors.append(str(error)))
	# What is aborted was on its way when the page was left.
	page.on(
		"requestfailed",
		lambda failed: failed.failure == "net::ERR_ABORTED"
		or errors.append(f"{failed.url}: {failed.failure}"),
	)
	yield page
	SCREENSHOTS.mkdir(parents=True, exist_ok=True)
	page.screenshot(path=SCREENSHOTS / f"{request.node.name}.png", full_page=True)
	context.close()
	unexpected = [error for error in errors if not any(part in error for part in page.expected_errors)]
	assert not unexpected, "the page reported errors"


@pytest.fixture
def shots(page, request):
	"""A function that keeps a picture of the page as it is, for people to look at."""

	def shot(name):
		folder = SCREENSHOTS / request.node.name
		folder.mkdir(parents=True, exist_ok=True)
		page.screenshot(path=folder / f"{name}.png", full_page=True)

	return shot


@pytest.fixture
def report(request):
	"""A function that prints a line although pytest keeps what tests print."""
	capture = request.config.pluginmanager.getplugin("capturemanager")

	def report(line):
		with capture.global_and_fixture_disabled():
			print(f"\n  {line}")

	return report
