"""Rows are done once, tried again, and given up where people see it."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from types import SimpleNamespace

import frappe
import pytest
from frappe.utils.background_jobs import is_job_enqueued
from redis.exceptions import ConnectionError as RedisIsAway
from rq.timeouts import JobTimeoutException

from clinic_booking.outbox import work as outbox
from clinic_booking.outbox.work import Busy, Later, Never, retry, wake, work_off
from tests.restore import ROOT, SITES
from tests.site.outbox import trial as rows

MINUTE = timedelta(minutes=1)
JOB = "frappe.ping"


def failing(error):
	def work(row):
		rows.have_effect(row)
		raise error

	return work


def due_in(name="row 00000") -> timedelta:
	((seconds,),) = frappe.db.sql(
		f"SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), due_at_utc) / 1e6 FROM `tab{rows.DOCTYPE}` WHERE name = %s",
		name,
	)
	return timedelta(seconds=float(seconds))


def test_each_row_is_done_once(trial):
	"""NT-3: all that is due, in order, and none of it again."""
	rows.put(3)
	assert work_off(rows.outbox()) == 3
	assert work_off(rows.outbox()) == 0
	assert rows.effects() == ["row 00000", "row 00001", "row 00002"]
	assert rows.state()["outbox_status"] == "Done"


def test_what_is_not_due_waits(trial):
	"""NT-3: a row written for later is not looked at before."""
	rows.put(1, due=MINUTE)
	assert work_off(rows.outbox()) == 0
	assert rows.effects() == []


def test_failed_attempt_leaves_nothing_and_is_tried_again(trial):
	"""NT-3: what the work wrote is taken back; the waits grow; of the error no word is kept (SE-5)."""
	rows.put(1)
	work_off(rows.outbox(failing(ValueError("Maria Ionescu")), waits=(MINUTE, 5 * MINUTE)))
	assert rows.effects() == []
	assert rows.state()["outbox_status"] == "Waiting"
	assert MINUTE - timedelta(seconds=10) < due_in() <= MINUTE
	assert "ValueError" in rows.state()["last_error"] and "Maria" not in rows.state()["last_error"]


def test_given_up_after_the_last_wait_and_tried_again_by_hand(trial):
	"""NT-3: failed visibly, told once, and the retry button starts it anew."""
	told = []
	rows.put(1)
	box = rows.outbox(
		failing(ValueError()),
		lambda row, error: told.append((row.attempt, type(error))),
		waits=(timedelta(0), timedelta(0)),
	)
	work_off(box)
	assert rows.state()["outbox_status"] == "Failed"
	assert told == [(3, ValueError)]
	assert work_off(rows.outbox()) == 0
	retry(rows.DOCTYPE, "row 00000")
	frappe.db.commit()
	assert work_off(rows.outbox()) == 1
	assert rows.effects() == ["row 00000"]


def test_each_attempt_that_is_put_off_is_told(trial):
	"""NT-3: so that people hear of what goes wrong before it is given up."""
	told = []
	rows.put(1)
	box = rows.outbox(
		failing(ValueError()),
		waits=(timedelta(0), timedelta(0)),
		put_off=lambda row, error: told.append((row.attempt, type(error))),
	)
	work_off(box)
	assert told == [(1, ValueError), (2, ValueError)]


def test_never_is_given_up_at_once(trial):
	"""NT-3: what can't be done is not tried for days."""
	rows.put(1)
	work_off(rows.outbox(failing(Never())))
	assert rows.state()["outbox_status"] == "Failed"


def test_later_counts_as_no_attempt(trial):
	"""ME-5: told to come back in a minute, it does, however often."""
	rows.put(1)
	for _each in range(20):
		work_off(rows.outbox(failing(Later(timedelta(0))), waits=()), most=1)
	work_off(rows.outbox(failing(Later(MINUTE)), waits=()))
	assert rows.state()["outbox_status"] == "Waiting"
	assert rows.state()["attempts"] == 0
	assert due_in() > MINUTE - timedelta(seconds=10)


def test_busy_counts_and_waits_as_long_as_was_asked(trial):
	"""ME-5, NT-3: who is always told to come back later gives up some day; a shorter wait than ours is no hurry."""
	rows.put(1)
	box = rows.outbox(failing(Busy(5 * MINUTE)), waits=(MINUTE, 10 * MINUTE))
	for wait in (5 * MINUTE, 10 * MINUTE):
		work_off(box)
		assert 0.9 * wait < due_in() <= wait
		frappe.db.sql(f"UPDATE `tab{rows.DOCTYPE}` SET due_at_utc = UTC_TIMESTAMP(6)")
		frappe.db.commit()
	work_off(box)
	assert rows.state()["outbox_status"] == "Failed"


def test_first_broken_row_stops_no_other(trial):
	"""ME-7: each by itself."""
	rows.put(3)

	def work(row):
		if row.name == "row 00000":
			raise ValueError
		rows.have_effect(row)

	assert work_off(rows.outbox(work)) == 2
	assert rows.effects() == ["row 00001", "row 00002"]


def test_late_worker_takes_back_what_it_wrote(trial):
	"""ME-4: a worker whose lease has ended meanwhile does nothing a second time."""
	rows.put(1)

	def slow(row):
		rows.have_effect(row)
		frappe.db.commit()  # out in the world for longer than the lease
		frappe.db.sql("DELETE FROM `tabOutbox Effect`")
		frappe.db.sql(f"UPDATE `tab{rows.DOCTYPE}` SET attempts = attempts + 1")  # another worker has it
		frappe.db.commit()
		rows.have_effect(row)

	assert work_off(rows.outbox(slow), most=1) == 0
	assert rows.effects() == []
	assert rows.state()["outbox_status"] == "Waiting"


def test_attempt_that_never_ended_is_told_of(trial):
	"""ME-3: the next one knows that the outcome of the last is unknown."""
	rows.put(1)
	seen = []

	class Killed(BaseException):
		pass

	def killed(row):
		seen.append(row)
		raise Killed

	with pytest.raises(Killed):
		work_off(rows.outbox(killed, lease=timedelta(0)))
	work_off(rows.outbox(seen.append))
	assert [(row.attempt, row.is_unknown) for row in seen] == [(1, False), (2, True)]


def test_worker_whose_time_is_up_ends(trial):
	"""NT-3: the job queue's own error is no fault of the row, and nothing goes on after it: as if it were killed."""
	rows.put(2)
	seen = []

	def slow(row):
		seen.append(row)
		rows.have_effect(row)
		raise JobTimeoutException

	with pytest.raises(JobTimeoutException):
		work_off(rows.outbox(slow, lease=timedelta(0)))
	assert [(row.name, row.is_unknown) for row in seen] == [("row 00000", False)]
	assert rows.effects() == [] and rows.state()["last_error"] is None
	assert work_off(rows.outbox()) == 2


def test_no_row_is_begun_when_the_queue_would_soon_end_the_job(trial, monkeypatch):
	"""NT-3: it lets a job run for five minutes; what is left is the next one's."""
	rows.put(5)
	clock = SimpleNamespace(seconds=0, monotonic=lambda: clock.seconds)
	monkeypatch.setattr(outbox, "time", clock)

	def takes_a_minute(row):
		clock.seconds += 60

	assert work_off(rows.outbox(takes_a_minute)) == 3


def test_row_that_kills_its_workers_is_given_up(trial):
	"""NT-3: it must not take one worker after the other for ever."""
	rows.put(1)
	frappe.db.sql(f"UPDATE `tab{rows.DOCTYPE}` SET attempts = 3, started_at_utc = UTC_TIMESTAMP(6)")
	frappe.db.commit()
	assert work_off(rows.outbox(waits=(MINUTE, MINUTE))) == 0
	assert rows.state()["outbox_status"] == "Failed"
	assert rows.effects() == []


def test_worker_is_woken_by_the_commit_alone(committed):
	"""NT-3: not before, and not by a transaction that was rolled back."""
	wake(JOB)
	frappe.db.rollback()
	frappe.db.commit()
	assert not is_job_enqueued(JOB)
	wake(JOB)
	assert not is_job_enqueued(JOB)
	frappe.db.commit()
	assert is_job_enqueued(JOB)


@pytest.mark.parametrize("error", [RedisIsAway, frappe.QueueOverloaded])
def test_commit_stands_where_nobody_can_be_woken(committed, monkeypatch, error):
	"""LI-3: without Redis, or where its queue is full, the rows are found by the next sweep."""

	def away(*args, **kwargs):
		raise error

	monkeypatch.setattr(frappe, "enqueue", away)
	wake(JOB)
	frappe.db.commit()


def test_killed_workers_lose_nothing_and_do_nothing_twice(trial):
	"""ME-4, RA-10: four workers, 300 rows, one in ten attempts failing, workers killed as they work."""
	rows.put(300)
	workers = [start_worker() for _each in range(4)]
	try:
		for _each in range(4):
			time.sleep(random.uniform(0.3, 0.8))
			victim = workers.pop(random.randrange(len(workers)))
			victim.send_signal(signal.SIGKILL)
			victim.wait()
			workers.append(start_worker())
		end = time.monotonic() + 60
		while len(rows.effects()) < 300 and time.monotonic() < end:
			time.sleep(0.2)
	finally:
		for worker in workers:
			worker.kill()
			worker.wait()
	assert len(rows.effects()) == len(set(rows.effects())) == 300


def start_worker():
	command = [sys.executable, "-m", "tests.site.outbox.trial", "90"]
	return subprocess.Popen(command, cwd=SITES, env=os.environ | {"PYTHONPATH": str(ROOT)})
