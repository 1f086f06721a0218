"""What is still true when it is sent (NT-4)."""

import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from clinic_booking.messaging import kinds, shipped
from clinic_booking.messaging.kinds import Facts

MODULE = Path(__file__).parents[3] / "clinic_booking/clinic_booking"
UTC = timezone.utc
START = datetime(2026, 11, 24, 9, tzinfo=UTC)
NOW = START - timedelta(hours=20)
HOUR = timedelta(hours=1)


def why_not(kind, now=NOW, **given):
	values = {"status": "Confirmed", "starts_at": START, "ends_at": START + HOUR, "told": START} | given
	return kinds.why_not(kind, Facts(**values), now)


def test_every_kind_has_its_texts():
	"""NT-6: in both families."""
	assert set(shipped.EMAIL) == set(shipped.SHORT) == set(kinds.EVERY)


@pytest.mark.parametrize("doctype", ["clinic_message", "message_template"])
def test_every_kind_can_be_chosen_and_has_words_for_staff(doctype):
	"""NT-3, NT-6: in lists, filters and forms."""
	(field,) = [
		field
		for field in json.loads((MODULE / f"doctype/{doctype}/{doctype}.json").read_text())["fields"]
		if field["fieldname"] == "kind"
	]
	words = (MODULE / "messages_desk.js").read_text()
	assert set(field["options"].split()) == set(kinds.EVERY)
	assert all(re.search(rf"\b{kind}: __\(", words) for kind in kinds.EVERY)


@pytest.mark.parametrize(
	"kind", [kinds.BOOKED, kinds.MOVED, kinds.REMINDER, kinds.VIDEO_LINK, kinds.DOCTOR_BOOKED]
)
def test_what_stands_is_told(kind):
	"""NT-4: nothing speaks against it."""
	assert why_not(kind, can_be_joined=True) is None


def test_what_can_not_be_joined_has_no_link_to_tell():
	"""NT-4: its other messages go."""
	assert why_not(kinds.VIDEO_LINK) == kinds.NO_LINK
	assert why_not(kinds.REMINDER) is None


@pytest.mark.parametrize(
	"kind", [kinds.BOOKED, kinds.MOVED, kinds.REMINDER, kinds.VIDEO_LINK, kinds.PAYMENT_DUE]
)
def test_cancelled_visit_is_told_of_as_cancelled_alone(kind):
	"""ME-9: neither a reminder nor anything else."""
	assert why_not(kind, status="Cancelled", is_owed=True) == kinds.CHANGED_MEANWHILE
	assert why_not(kinds.CANCELLATION, status="Cancelled") is None


@pytest.mark.parametrize("kind", [kinds.REMINDER, kinds.VIDEO_LINK, kinds.MOVED])
def test_moved_visit_is_told_of_with_its_new_time_alone(kind):
	"""ME-9: what names the old time stays away; a confirmation tells the new one."""
	assert why_not(kind, told=START - HOUR) == kinds.MOVED_MEANWHILE
	assert why_not(kinds.BOOKED, told=START - HOUR) is None


def test_nothing_is_told_of_what_is_over():
	"""ME-9: reminders from its start on, the rest from its end; that it is cancelled is news for ever."""
	assert why_not(kinds.REMINDER, now=START) == kinds.OVER
	assert why_not(kinds.REMINDER, now=START - timedelta(microseconds=1)) is None
	assert why_not(kinds.BOOKED, now=START) is None
	assert why_not(kinds.BOOKED, now=START + HOUR) == kinds.OVER
	assert why_not(kinds.CANCELLATION, status="Cancelled", now=START + HOUR) is None


def test_reminders_can_be_switched_off_and_nothing_else():
	"""NT-2: what happens to the visit is still told."""
	assert why_not(kinds.REMINDER, wants_reminders=False) == kinds.UNWANTED
	assert why_not(kinds.MOVED, wants_reminders=False) is None


def test_of_two_reminders_for_one_time_one_goes():
	"""ME-9: of a visit that was moved away and back."""
	assert why_not(kinds.REMINDER, is_replaced=True) == kinds.REPLACED


def test_who_has_paid_is_not_asked_to():
	"""NT-4: for as long as something is owed."""
	assert why_not(kinds.PAYMENT_DUE) == kinds.PAID_MEANWHILE
	assert why_not(kinds.PAYMENT_DUE, is_owed=True) is None


def test_answered_request_is_no_request():
	"""NT-4: neither to the patient nor to the doctor."""
	assert why_not(kinds.REQUESTED) == why_not(kinds.DOCTOR_REQUESTED) == kinds.CHANGED_MEANWHILE
	assert why_not(kinds.REQUESTED, status="Requested") is None
