"""What tests of messages start from: a practice that can be booked over HTTP, and its calls."""

from tests.site.api.conftest import api, practice

__all__ = ("api", "practice")
