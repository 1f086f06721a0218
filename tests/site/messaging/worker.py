"""A worker to kill: `python -m tests.site.messaging.worker SECONDS [word …]` sends what is due, patiently.

It says when it begins. Words: "blindly", whatever state the visit is in; "crowding", waiting for no other worker;
"unhurried", with the leases of every day. TWILIO_ADDRESS: where the test's Twilio is.
"""

import os
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import frappe

from clinic_booking.messaging import caps, kinds, sending
from clinic_booking.outbox.work import work_off

# Rows of the killed come back soon, and what fails is tried until it works.
PATIENT = replace(sending.OUTBOX, waits=(timedelta(0),) * 200, lease=timedelta(seconds=8))

if __name__ == "__main__":
	frappe.init(os.environ["FRAPPE_SITE"])
	frappe.connect()
	frappe.set_user("Administrator")
	frappe.conf.clinic_booking_twilio_address = os.environ.get("TWILIO_ADDRESS")
	if "blindly" in sys.argv:
		kinds.TRUE_OF.clear()
	if "crowding" in sys.argv:
		caps.turn = nullcontext
	outbox = replace(PATIENT, lease=sending.LEASE) if "unhurried" in sys.argv else PATIENT
	print("ready", flush=True)
	end = time.monotonic() + float(sys.argv[1])
	while time.monotonic() < end:
		work_off(outbox)
		time.sleep(0.1)
