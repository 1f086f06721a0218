"""A real browser on the test site. A page that logs an error, fails to load a part or throws fails its test."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.bench import *

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
def screen():
	"""What the page is looked at with, a phone; tests override this fixture for others."""
	return {"viewport": {"width": 390, "height": 844}, "has_touch": True, "locale": "en-GB"}


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
		lambda failed: failed.failure == "net::ERR_ABORTED" or errors.append(f"{failed.url}: {failed.failure}"),
	)
	yield page
	SCREENSHOTS.mkdir(parents=True, exist_ok=True)
	page.screenshot(path=SCREENSHOTS / f"{request.node.name}.png", full_page=True)
	context.close()
	unexpected = [error for error in errors if not any(part in error for part in page.expected_errors)]
	assert not unexpected, "the page reported errors"
