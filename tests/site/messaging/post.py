"""What tests of messages share: an Email Account at a mail server of theirs, and messages to work."""

import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace

import frappe

from clinic_booking.booking import joining
from clinic_booking.messaging import sending
from clinic_booking.messaging.queue import DOCTYPE
from clinic_booking.outbox.work import work_off
from tests.fakes import twilio
from tests.restore import ROOT, SITES

SENDER = "booking@sunrise-clinic.example"
LONG_AGO = datetime(2000, 1, 1)


def an_email_account(port: int) -> None:
	"""The site's outgoing account, at a server on this machine. Written past its controller, which would log in."""
	frappe.db.delete("Email Account")
	account = frappe.get_doc(
		doctype="Email Account",
		email_account_name="Sunrise",
		email_id=SENDER,
		enable_outgoing=1,
		default_outgoing=1,
		no_smtp_authentication=1,
		smtp_server="127.0.0.1",
		smtp_port=port,
	)
	account.name = "Sunrise"
	account.db_insert()
	# Frappe keeps the account, and its line, for the length of a request.
	frappe.local.outgoing_email_account = {}


def reached_by(monkeypatch, address: str | None) -> None:
	"""Have the site's links begin with that."""
	monkeypatch.setitem(frappe.local.conf, "host_name", address)


def no_night() -> None:
	"""Reminders at any hour, so that tests do not depend on theirs."""
	frappe.db.set_single_value("Clinic Booking Settings", {"quiet_from_hour": 0, "quiet_to_hour": 0})


def send() -> int:
	"""Work all that is due; how many were done."""
	frappe.db.commit()
	return work_off(sending.OUTBOX)


def hurry(**filters) -> None:
	"""Have messages due now, whenever they are."""
	for name in frappe.get_all(DOCTYPE, {"outbox_status": "Waiting"} | filters, pluck="name"):
		frappe.db.set_value(DOCTYPE, name, "due_at_utc", LONG_AGO, update_modified=False)


def at(monkeypatch, instant: datetime) -> None:
	"""What time it is for whoever works messages."""
	monkeypatch.setattr(sending, "clock", SimpleNamespace(now=lambda: instant))


def can_be_joined(monkeypatch) -> None:
	"""Have every visit be one by video, with a link to join it by."""
	monkeypatch.setattr(joining, "link_of", lambda appointment: "https://meet.example/abc")


def retried_in(message) -> timedelta:
	"""How long a message waits from now on."""
	return message.due_at_utc - frappe.db.sql("SELECT UTC_TIMESTAMP(6)")[0][0]


def told(appointment: str, **filters) -> dict[str, frappe._dict]:
	"""The messages about an appointment by their kind, the latest of each."""
	rows = frappe.get_all(
		DOCTYPE, {"appointment": appointment} | filters, ["*"], order_by="creation, due_at_utc"
	)
	return {row.kind: row for row in rows}


def statuses(appointment: str) -> dict[str, str]:
	return {kind: row.status for kind, row in told(appointment).items()}


def a_twilio_account(address: str, **values) -> None:
	"""SMS and WhatsApp by the Twilio at `address`; that a visit is booked, in Romanian, is the one approved text."""
	settings = frappe.get_doc("Clinic Booking Settings")
	settings.update(
		{
			"twilio_account_sid": twilio.SID,
			"twilio_auth_token": twilio.TOKEN,
			"sms_sender": twilio.NUMBER,
			"whatsapp_sender": twilio.NUMBER,
			"whatsapp_templates": f"booked ro {twilio.TEMPLATE}",
			**values,
		}
	)
	settings.save()
	frappe.conf.clinic_booking_twilio_address = address


@contextmanager
def a_worker(*how: str, twilio: str, seconds: int = 60):
	"""A worker in a process of its own (`worker.py`), once it has begun; it ends with the block."""
	process = subprocess.Popen(
		[sys.executable, "-m", "tests.site.messaging.worker", str(seconds), *how],
		cwd=SITES,
		env=os.environ | {"PYTHONPATH": str(ROOT), "TWILIO_ADDRESS": twilio},
		stdout=subprocess.PIPE,
		stderr=subprocess.DEVNULL,
	)
	with process:
		try:
			assert process.stdout.readline() == b"ready\n"
			yield process
		finally:
			process.kill()
