"""A retried call gets its first answer (api.md `request_id`).

Answers are kept on the Booking Request for 24 hours, without the token: it is put back from the seed.
"""

import json
from datetime import datetime, timedelta

from clinic_booking.booking import tokens
from clinic_booking.errors import Validation, _

KEPT = timedelta(hours=24)
OTHER_ARGUMENTS = _("This was already used for another request.")


def fingerprint(call: str, arguments: dict | list) -> str:
	"""What tells one call from another without keeping a word of it."""
	return tokens.fingerprint(json.dumps([call, arguments], sort_keys=True, default=str))


def recall(request, request_id: str | None, asked: str, now: datetime) -> dict | None:
	"""The first answer to `request_id` on this request, or None.

	`Validation` when the same id came with another fingerprint.
	"""
	known = json.loads(request.answers or "{}").get(request_id or "")
	if known is None or datetime.fromisoformat(known["at"]) <= now - KEPT:
		return None
	if known["asked"] != asked:
		raise Validation(fields={"request_id": OTHER_ARGUMENTS})
	return known["answer"]


def remember(request, request_id: str | None, asked: str, answer: dict, now: datetime) -> None:
	"""Keep `answer` on the request (the caller saves it)."""
	if not request_id:
		return
	answers = json.loads(request.answers or "{}")
	answers[request_id] = {"asked": asked, "at": now.isoformat(), "answer": answer}
	request.answers = json.dumps(answers)
