"""What the Error Log learns of our errors: types and places, never a value or a message (SE-5).

Values and messages may hold what a patient typed. Boundaries of ours (the door, jobs) write with `note`;
what Frappe writes about our records by itself, with every variable of every frame, goes through `strip`.
"""

import re
import secrets
import traceback
from contextlib import suppress
from pathlib import Path

import frappe

FRAME = re.compile(r'^ *(File "[^"\n]*", line \d+, in [\w<>]+)', re.MULTILINE)
# What follows the last frame and its variables at the margin; the message behind it is left.
TYPE = re.compile(r"^[A-Za-z_][\w.]*(?=:|$)", re.MULTILINE)
# An error is ours when our code, an address of ours or one of our records appears in its frames.
OURS = re.compile(r"clinic_booking|Clinic (?:Patient|Appointment|Alert)|Booking Request|Patient Consent")


def note(error: Exception, where: str) -> str:
	"""Write down type and place of `error`; returns the reference that finds it in the Error Log.

	In a transaction of its own, so call it after the rollback. Never fails.
	"""
	reference = secrets.token_hex(5).upper()
	title, trace = f"{where}: {type(error).__name__} ({reference})"[:140], places(error)
	# Each alone: the disk may be full, the database may be what failed.
	with suppress(Exception):
		frappe.logger("clinic_booking").error("%s\n%s", title, trace)
	with suppress(Exception):
		if not frappe.flags.read_only:
			frappe.get_doc(doctype="Error Log", method=title, error=trace).db_insert()
			frappe.db.commit()  # nosemgrep: the answer's own transaction was rolled back before
	return reference


def places(error: BaseException) -> str:
	"""Types of the error and of what caused it, each with its frames: file, line and function only."""
	told, lines = set(), []
	while error is not None and id(error) not in told:
		told.add(id(error))
		lines.append(f"{type(error).__module__}.{type(error).__name__}")
		for frame, line in traceback.walk_tb(error.__traceback__):
			code = frame.f_code
			file = "/".join(Path(code.co_filename).parts[-3:])
			lines.append(f"  {file}:{line} {code.co_name}")
		error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
	return "\n".join(lines)


def strip(doc, event: str | None = None) -> None:
	"""Leave of an Error Log that Frappe writes about something of ours its frames and types.

	`doc_events`: `before_insert` of Error Log. Text without frames is somebody's own words and stays.
	"""
	text = doc.error or ""
	frames = list(FRAME.finditer(text))
	if not frames or not OURS.search(text):
		return
	found = TYPE.search(text, frames[-1].end())
	doc.method = found[0] if found else "Error"
	doc.error = "\n".join([doc.method, *(f"  {frame[1]}" for frame in frames)])
