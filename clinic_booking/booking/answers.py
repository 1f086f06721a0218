"""A retried call gets its first answer (api.md `request_id`).

Answers are kept for 24 hours on the Booking Request, or on an appointment that has none, without the token: it is
put back from the seed.
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
	"""Keep `answer` on the request (the caller saves it), and no longer those that are too old."""
	if not request_id:
		return
	known = json.loads(request.answers or "{}")
	answers = {id: kept for id, kept in known.items() if datetime.fromisoformat(kept["at"]) > now - KEPT}
	answers[request_id] = {"asked": asked, "at": now.isoformat(), "answer": answer}
	request.answers = json.dumps(answers)


def keep(record, request_id: str | None, asked: str, answer: dict, now: datetime) -> None:
	"""Keep `answer` on a request or an appointment, by itself."""
	if request_id:
		remember(record, request_id, asked, answer, now)
		record.db_set("answers", record.answers, update_modified=False)
