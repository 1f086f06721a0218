"""A worker to kill: `python -m tests.site.messaging.worker SECONDS [blindly]` sends what is due, patiently.

Blindly: whatever state the visit is in.
"""

import os
import sys
import time
from dataclasses import replace
from datetime import timedelta

import frappe

from clinic_booking.messaging import kinds, sending
from clinic_booking.outbox.work import work_off

# Rows of the killed come back soon, and what fails is tried until it works.
PATIENT = replace(sending.OUTBOX, waits=(timedelta(0),) * 200, lease=timedelta(seconds=8))

if __name__ == "__main__":
	frappe.init(os.environ["FRAPPE_SITE"])
	frappe.connect()
	frappe.set_user("Administrator")
	if "blindly" in sys.argv:
		kinds.TRUE_OF.clear()
	end = time.monotonic() + float(sys.argv[1])
	while time.monotonic() < end:
		work_off(PATIENT)
		time.sleep(0.1)
