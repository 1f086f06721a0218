"""What tests of messages start from: a practice that can be booked over HTTP, its calls, and a mail server."""

import pytest

from tests.fakes.smtp import MailServer
from tests.scenes import a_scene
from tests.site.api.conftest import api, practice
from tests.site.messaging import post

__all__ = ("api", "practice")


@pytest.fixture
def mails(site):
	"""A mail server that the site sends by, at any hour."""
	with MailServer() as server:
		post.an_email_account(server.port)
		post.no_night()
		yield server


@pytest.fixture
def scene(site):
	return a_scene()
