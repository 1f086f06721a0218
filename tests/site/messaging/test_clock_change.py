"""Reminders around a night in which the clocks change, from the booking to the mail (ME-13)."""

from datetime import datetime, time, timedelta, timezone

import frappe
import pytest

from tests.builders import insert
from tests.scenes import MADRID, clock_change
from tests.site.messaging import post
from tests.site.messaging.post import at

UTC = timezone.utc
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def night(month):
	"""Madrid's 21:00 on the old clock and 8:00 on the new one, in UTC."""
	sunday = clock_change(month)
	evening, morning = ((sunday - timedelta(days=1), time(21)), (sunday, time(8)))
	return tuple(datetime.combine(*at, MADRID).astimezone(UTC) for at in (evening, morning))


SPRING, AUTUMN = night(3), night(10)


@pytest.fixture(autouse=True)
def quiet(mails):
	frappe.db.set_single_value("Clinic Booking Settings", {"quiet_from_hour": 21, "quiet_to_hour": 8})


def reminder_of(scene, start):
	"""The reminder of a visit at `start` (aware)."""
	visit = insert(
		"Clinic Appointment",
		doctor=scene.doctors[0],
		service=scene.visit,
		clinic=scene.clinic,
		patient=insert("Clinic Patient", patient_name="Ioana Pop", email="ioana@example.com").name,
		starts_at_utc=start.replace(tzinfo=None),
	)
	frappe.db.delete(post.DOCTYPE, {"kind": ("!=", "reminder")})
	return lambda: post.told(visit.name)["reminder"]


@pytest.mark.parametrize("evening, morning", [SPRING, AUTUMN])
@pytest.mark.parametrize("into", [0, 0.5, 1])
def test_due_in_that_night_it_is_written_for_the_evening(scene, evening, morning, into):
	"""ME-13, NT-2: at its beginning, between the two clocks, and in its last minute."""
	due = min(evening + into * (morning - evening), morning - 5 * MINUTE)
	reminder = reminder_of(scene, due + 24 * HOUR)
	assert reminder().due_at_utc.replace(tzinfo=UTC) == evening - 15 * MINUTE


@pytest.mark.parametrize("evening, morning", [SPRING, AUTUMN])
def test_due_when_it_ends_it_is_written_for_that_very_time(scene, evening, morning):
	"""ME-13: 8:00 on the new clock is day."""
	reminder = reminder_of(scene, morning + 24 * HOUR)
	assert reminder().due_at_utc.replace(tzinfo=UTC) == morning


@pytest.mark.parametrize("evening, morning, hours", [(*SPRING, 10), (*AUTUMN, 12)])
def test_late_it_waits_for_eight_on_the_new_clock(scene, mails, monkeypatch, evening, morning, hours):
	"""ME-13, NT-2: ten hours in spring, twelve in autumn; not a minute sooner, and then it goes, once."""
	reminder = reminder_of(scene, morning + 23 * HOUR)
	for now, wait in (
		(evening, hours * HOUR),
		(evening + 5 * HOUR, (hours - 5) * HOUR),
		(morning - MINUTE, MINUTE),
	):
		at(monkeypatch, now)
		post.hurry()
		post.send()
		assert (reminder().status, reminder().attempts) == ("Waiting", 0)
		assert wait - MINUTE / 2 < post.retried_in(reminder()) <= wait
	at(monkeypatch, morning)
	for _twice in range(2):
		post.hurry()
		post.send()
	assert reminder().status == "Sent" and len(mails.received) == 1
