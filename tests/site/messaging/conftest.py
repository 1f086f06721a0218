"""What tests of messages start from: a practice that can be booked over HTTP, its calls, and a mail server."""

import frappe
import pytest

from tests.fakes.smtp import MailServer
from tests.fakes.twilio import Twilio
from tests.scenes import a_scene
from tests.site.api.conftest import api, practice
from tests.site.booking.conftest import root, snapshot_isolation
from tests.site.messaging import post

__all__ = ("api", "practice", "root", "snapshot_isolation")


@pytest.fixture
def mails(site):
	"""A mail server that the site sends by, at any hour."""
	with MailServer() as server:
		post.an_email_account(server.port)
		post.no_night()
		yield server


@pytest.fixture
def twilio(site):
	"""A Twilio that the site sends SMS and WhatsApp messages by."""
	with Twilio() as server:
		post.a_twilio_account(server.url)
		post.no_night()
		frappe.db.commit()
		yield server


@pytest.fixture
def scene(site):
	return a_scene()
