"""Many messages, workers that are killed, a mail server that fails: what must be true of all of them afterwards."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import frappe
from frappe.utils import now as site_time

from clinic_booking.messaging import kinds
from clinic_booking.messaging.queue import COLUMNS, DOCTYPE
from tests.fakes.smtp import MailServer
from tests.restore import ROOT, SITES
from tests.scenes import Scene
from tests.site.booking.site_scene import booked

WORKERS = 4


@dataclass
class Outcome:
	"""`rows`: `{name: (kind, status)}`; `sent`: how often each came to the mail server. Memory in MB."""

	rows: dict[str, tuple[str, str]]
	sent: Counter
	unanswered: set[str]
	kills: int
	seconds: float
	memory: tuple[float, float]

	@property
	def rate(self) -> float:
		return len(self.rows) / self.seconds

	def wrongs(self) -> list[str]:
		"""What may never be: one that is neither sent nor failed, one marked sent that never came, one that came
		twice though its outcome was known, a reminder that came twice at all.
		"""
		wrong = [
			f"{name} is {status}"
			for name, (_kind, status) in self.rows.items()
			if status not in ("Sent", "Failed")
		]
		wrong += [
			f"{name} never came"
			for name, (_kind, status) in self.rows.items()
			if status == "Sent" and not self.sent[name]
		]
		twice = [name for name, times in self.sent.items() if times > 1]
		wrong += [
			f"the reminder {name} came twice" for name in twice if self.rows[name][0] in kinds.REMINDERS
		]
		known = [name for name in twice if name not in self.unanswered]
		if len(known) > self.kills:
			wrong.append(f"{len(known)} came twice, {self.kills} workers were killed")
		failed = [name for name, (_kind, status) in self.rows.items() if status == "Failed"]
		wrong += [
			f"the confirmation {name} failed" for name in failed if self.rows[name][0] not in kinds.REMINDERS
		]
		return wrong


def storm(scene: Scene, mails: MailServer, messages: int, kills: int, most_seconds: float) -> Outcome:
	"""Have them sent by four workers, of which so many are killed at random moments; commits."""
	write(scene, messages)
	started = time.monotonic()
	with ExitStack() as stack:
		workers = [_worker(stack, most_seconds) for _each in range(WORKERS)]
		survivor, *others = workers
		memory = 0.0
		for turn in range(kills):
			_wait_until_done(messages * (turn + 1) / (kills + 2), started + most_seconds)
			memory = memory or _megabytes(survivor.pid)
			victim = others.pop(random.randrange(len(others)))
			victim.kill()
			victim.wait()
			others.append(_worker(stack, most_seconds))
		_wait_until_done(messages, started + most_seconds)
		seconds = time.monotonic() - started
		memory = (memory, _megabytes(survivor.pid))
	rows = frappe.db.sql(f"SELECT name, kind, status FROM `tab{DOCTYPE}` WHERE cause LIKE 'storm %'")
	return Outcome(
		rows={name: (kind, status) for name, kind, status in rows},
		sent=Counter(_name(mail.key) for mail in mails.received),
		unanswered={_name(key) for key in mails.unanswered},
		kills=kills,
		seconds=seconds,
		memory=memory,
	)


def write(scene: Scene, messages: int) -> None:
	"""So many confirmations and reminders that are due, in turn, each of a visit of its own."""
	visit = booked(scene)
	frappe.db.delete(DOCTYPE)
	visits = copies(visit, messages)
	written, long_ago = site_time(), "2000-01-01"
	rows = []
	for number, name in enumerate(visits):
		given = {
			"name": f"storm{number:05}",
			"creation": written,
			"modified": written,
			"owner": "Administrator",
			"modified_by": "Administrator",
			"kind": kinds.REMINDER if number % 2 else kinds.BOOKED,
			"audience": kinds.PATIENT,
			"cause": f"storm {number}",
			"status": "Waiting",
			"outbox_status": "Waiting",
			"due_at_utc": long_ago,
			"starts_at_utc": visit.starts_at_utc,
			"appointment": name,
			"clinic": visit.clinic,
			"doctor": visit.doctor,
			"is_by_staff": 0,
		}
		rows.append([given.get(column) for column in COLUMNS])
	frappe.db.bulk_insert(DOCTYPE, COLUMNS, rows)
	frappe.db.commit()


def copies(visit, count: int) -> list[str]:
	"""So many appointments like it, past every rule: only their messages matter here."""
	columns = frappe.db.get_table_columns("Clinic Appointment")
	different = {
		"name": "CONCAT('copy', seq)",
		"reference": "seq",
		"token_hash": "MD5(seq)",
		"seed": "MD5(seq)",
	}
	values = [different.get(column, f"`{column}`") for column in columns]
	frappe.db.sql(
		f"""INSERT INTO `tabClinic Appointment` ({", ".join(f"`{column}`" for column in columns)})
		SELECT {", ".join(values)} FROM `tabClinic Appointment` JOIN seq_1_to_{count} WHERE name = %s""",
		visit.name,
	)
	return [f"copy{number}" for number in range(1, count + 1)]


def _worker(stack: ExitStack, seconds: float) -> subprocess.Popen:
	worker = subprocess.Popen(
		[sys.executable, "-m", "tests.site.messaging.worker", str(seconds)],
		cwd=SITES,
		stderr=subprocess.DEVNULL,  # Frappe's packages warn of each other
		env=os.environ | {"PYTHONPATH": str(ROOT)},
	)
	stack.callback(worker.wait)
	stack.callback(worker.kill)
	return worker


def _wait_until_done(count: float, end: float) -> None:
	while time.monotonic() < end:
		frappe.db.rollback()
		if frappe.db.count(DOCTYPE, {"outbox_status": ("!=", "Waiting")}) >= count:
			return
		time.sleep(random.uniform(0.05, 0.3))


def _megabytes(process: int) -> float:
	pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
	return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _name(message_id: str) -> str:
	return message_id.strip("<>").partition("@")[0]
