"""Rows to work on, and a worker to kill: `python -m tests.site.outbox.trial SECONDS`."""

import os
import random
import sys
import time
from datetime import timedelta

import frappe

from clinic_booking.outbox.work import Outbox, Row, work_off

DOCTYPE = "Outbox Trial"
SHARE_THAT_FAILS = 0.1


def put(count: int, due: timedelta = timedelta(0)) -> None:
	for number in range(count):
		frappe.db.sql(
			f"""INSERT INTO `tab{DOCTYPE}` (name, outbox_status, due_at_utc)
			VALUES (%s, 'Waiting', UTC_TIMESTAMP(6) + INTERVAL %s SECOND)""",
			(f"row {number:05}", due.total_seconds()),
		)
	frappe.db.commit()


def have_effect(row: Row) -> None:
	frappe.db.sql("INSERT INTO `tabOutbox Effect` VALUES (%s, %s)", (row.name, row.attempt))


def have_effect_or_fail(row: Row) -> None:
	have_effect(row)
	time.sleep(0.005)
	if random.random() < SHARE_THAT_FAILS:
		raise ConnectionError


def outbox(work=have_effect, given_up=lambda row, error: None, **values) -> Outbox:
	return Outbox(DOCTYPE, work, given_up, **values)


def state(name: str = "row 00000") -> dict:
	frappe.db.rollback()
	(row,) = frappe.db.sql(f"SELECT * FROM `tab{DOCTYPE}` WHERE name = %s", name, as_dict=True)
	return row


def effects() -> list[str]:
	frappe.db.rollback()
	return frappe.db.sql("SELECT name FROM `tabOutbox Effect` ORDER BY name", pluck=True)


if __name__ == "__main__":
	frappe.init(os.environ["FRAPPE_SITE"])
	frappe.connect()
	patient = outbox(have_effect_or_fail, waits=(timedelta(0),) * 50, lease=timedelta(seconds=1))
	end = time.monotonic() + float(sys.argv[1])
	while time.monotonic() < end:
		work_off(patient)
		time.sleep(0.05)
