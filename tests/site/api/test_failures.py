"""When something breaks behind the door."""

import json
import re
from contextlib import suppress
from pathlib import Path

import frappe
import pymysql
import pytest
import redis

from clinic_booking.api import public
from clinic_booking.api.door import DOORS
from tests.site.api.conftest import PATH, PATIENT, counts, error_of

WORDS = ("Zacharias", "Quettelbury", "611777888", "Xylophonist")
NOTE = "Xylophonist with a sore wrist"
LOG_TABLES = (
	"Error Log",
	"Activity Log",
	"Access Log",
	"Version",
	"Comment",
	"Communication",
	"Deleted Document",
)
LOG_TABLES += ("Email Queue", "Scheduled Job Log", "Route History", "View Log", "Error Snapshot")


def logged():
	"""Everything in the log tables, the log files and what waits in Redis to be logged, as text."""
	frappe.db.rollback()
	from frappe.deferred_insert import save_to_db

	frappe.cache.lrange("insert_queue_for_Error Log", 0, -1)
	save_to_db()
	frappe.db.commit()
	text = ""
	for doctype in LOG_TABLES:
		if frappe.db.table_exists(doctype):
			text += json.dumps(frappe.db.sql(f"SELECT * FROM `tab{doctype}`"), default=str)
	bench = Path(frappe.utils.get_bench_path()) if (Path("../logs")).exists() is False else Path("..")
	for folder in (bench / "logs", Path(frappe.get_site_path("logs"))):
		for file in folder.glob("*.log*"):
			text += file.read_text(errors="replace")
	return text


def calls(practice, token, booked, start):
	"""A right call of each use case: name, verb, arguments."""
	when = {"doctor": practice.doctor, "service": practice.service, "start": start}
	yield "hold", when
	yield "extend", {"token": token}
	yield "book", {"token": token, "patient": PATIENT | {"note": NOTE}, "consent": True}
	yield "reschedule", {"token": booked, "start": start}
	yield "cancel", {"token": booked, "reason": NOTE}
	yield "resend", {"email": PATIENT["email"]}
	yield "release", {"token": token}


class Broken(Exception):
	"""An error that knows the patient's words, as many do."""

	def __init__(self):
		super().__init__(f"{PATIENT['name']} {PATIENT['phone']} {NOTE}")


def raise_at(monkeypatch, error):
	"""Let every write to the database fail with `error`: it is raised in the middle of any use case."""
	from frappe.database.mariadb.database import MariaDBDatabase

	real = MariaDBDatabase.sql

	def sql(self, query, *args, **kwargs):
		statement = str(query).lstrip().upper()
		if statement.startswith(("INSERT", "UPDATE", "DELETE")) and "tabError Log" not in str(query):
			raise error
		return real(self, query, *args, **kwargs)

	monkeypatch.setattr(MariaDBDatabase, "sql", sql)


def test_an_error_inside_a_use_case_leaves_no_word_of_the_patient(practice, api, inside, monkeypatch):
	"""IN-18: not in a table, not in a file, not in the answer; staff find it by the reference."""
	slots = api.slots(practice)
	token = api.hold(practice, slots[0]["start"]).json()["message"]["token"]
	booked = api.booked(practice, slots[8]["start"])
	before = logged()
	assert "Zacharias" not in before
	references = []
	with monkeypatch.context() as patch:
		raise_at(patch, Broken())
		for call, arguments in calls(practice, token, booked, slots[16]["start"]):
			if f"clinic_booking.api.public.{call}" not in DOORS:
				continue
			answer = inside("POST", PATH + call, json=arguments)
			found = error_of(answer, 500, "ERR_INTERNAL")
			references.append(found["reference"])
			assert not any(word in answer.text for word in WORDS)
	assert len(references) >= 4
	text = logged()
	assert not any(word in text for word in WORDS)
	for reference in references:
		row = frappe.get_all(
			"Error Log", filters={"method": ["like", f"%{reference}%"]}, fields=["method", "error"]
		)[0]
		assert "Broken" in row.method
		assert re.search(r"clinic_booking/api/public\.py:\d+", row.error) or "public.py" in row.error


def test_what_fails_before_the_door_leaves_no_word_either(practice, api):
	"""IN-18: Frappe logs every variable of a body it can't read; stripped before it is stored."""
	broken = json.dumps({"patient": PATIENT | {"note": NOTE}})[:-1]
	answer = api.session.post(PATH + "book", data=broken, headers={"Content-Type": "application/json"})
	error_of(answer, 422, "ERR_VALIDATION")
	error_of(api.post("book", fn=PATIENT["name"], patient=PATIENT), 422, "ERR_VALIDATION")
	text = logged()
	assert not any(word in text for word in WORDS)


def test_an_error_while_the_desk_saves_a_patient_leaves_no_word(practice, inside, monkeypatch):
	"""IN-18: Frappe's own save of our records, with all its variables."""
	from clinic_booking.clinic_booking.doctype.clinic_patient.clinic_patient import ClinicPatient

	def validate(self):
		raise Broken

	monkeypatch.setattr(ClinicPatient, "validate", validate)
	headers = {"Authorization": "token " + administrators_key()}
	record = {"patient_name": PATIENT["name"], "phone": PATIENT["phone"], "email": PATIENT["email"]}
	answer = inside("POST", "/api/resource/Clinic Patient", json=record, headers=headers)
	assert answer.status_code == 500
	frappe.db.rollback()
	from frappe.deferred_insert import save_to_db

	save_to_db()
	rows = frappe.get_all("Error Log", fields=["method", "error"])
	assert any("validate" in row.error and "Broken" in row.method for row in rows)
	assert not any(word in str(rows) for word in WORDS)


@pytest.mark.parametrize(
	("error", "status", "code"),
	[
		(frappe.QueryDeadlockError(1213), 503, "ERR_UNAVAILABLE"),
		(frappe.QueryTimeoutError(1205), 503, "ERR_UNAVAILABLE"),
		(pymysql.err.OperationalError(1020, "Record has changed"), 503, "ERR_UNAVAILABLE"),
		(pymysql.err.OperationalError(2013, "Lost connection"), 503, "ERR_UNAVAILABLE"),
		(redis.exceptions.ConnectionError("gone"), 503, "ERR_UNAVAILABLE"),
		(frappe.PermissionError("Zacharias"), 403, "ERR_FORBIDDEN"),
		(frappe.DoesNotExistError("Zacharias"), 404, "ERR_NOT_FOUND"),
		(frappe.ValidationError("Zacharias"), 422, "ERR_VALIDATION"),
		(
			pymysql.err.IntegrityError(1062, "Duplicate entry 'x' for key 'no_overlap'"),
			409,
			"ERR_SLOT_CONFLICT",
		),
		(
			pymysql.err.IntegrityError(1062, "Duplicate entry 'Zacharias' for key 'reference'"),
			500,
			"ERR_INTERNAL",
		),
		(KeyError("Zacharias"), 500, "ERR_INTERNAL"),
		(RecursionError("Zacharias"), 500, "ERR_INTERNAL"),
	],
)
def test_errors_of_others_are_answered_as_ours(practice, inside, monkeypatch, error, status, code):
	"""SE-3, SE-5, RA-9: each by its kind, nothing of its text, nothing changed, no message left."""

	def broken():
		frappe.get_doc(doctype="Note", title="half done").insert(ignore_permissions=True)
		frappe.msgprint("Zacharias")
		raise error

	monkeypatch.setattr(public.doctor_pages, "filters", broken)
	before = counts()
	answer = inside("GET", PATH + "filters")
	found = error_of(answer, status, code)
	assert "Zacharias" not in answer.text
	after = counts()
	changed = {table for table in after if after[table] != before[table]}
	assert changed == ({"Error Log"} if code == "ERR_INTERNAL" else set())
	assert ("reference" in found) == (code == "ERR_INTERNAL")


def test_a_refused_post_is_rolled_back(practice, api, inside, monkeypatch):
	"""SE-3: Frappe commits after any POST that was answered; the door has undone it before."""
	from clinic_booking.errors import TimeWindow

	def half_done(*args, **kwargs):
		frappe.get_doc(doctype="Note", title="half done").insert(ignore_permissions=True)
		raise TimeWindow

	monkeypatch.setattr(public.requests, "find", half_done)
	error_of(inside("POST", PATH + "extend", json={"token": "A" * 43}), 422, "ERR_TIME_WINDOW")
	frappe.db.rollback()
	assert not frappe.db.exists("Note", {"title": "half done"})


def test_a_commit_that_fails_is_answered_and_a_job_that_cannot_be_queued_is_not(
	practice, inside, monkeypatch
):
	"""LI-3, LI-4: before the commit nothing is certain; after it the booking stands."""
	from frappe.database.mariadb.database import MariaDBDatabase

	def write(*args, **kwargs):
		frappe.get_doc(doctype="Note", title="written").insert(ignore_permissions=True)
		frappe.db.after_commit.add(gone)
		frappe.db.after_commit.add(lambda: done.append(True))
		return frappe._dict(name="x", doctor="y")

	def gone():
		raise redis.exceptions.ConnectionError

	done = []
	monkeypatch.setattr(public.requests, "find", write)
	monkeypatch.setattr(public, "run", lambda use_case, on: on() and {"ok": True})
	answer = inside("POST", PATH + "extend", json={"token": "A" * 43})
	assert answer.get_json() == {"message": {"ok": True}}
	frappe.db.rollback()
	assert frappe.db.exists("Note", {"title": "written"})
	assert done == [True]

	def deadlock(self):
		patch.undo()
		raise frappe.QueryDeadlockError

	with monkeypatch.context() as patch:
		patch.setattr(MariaDBDatabase, "commit", deadlock)
		error_of(inside("POST", PATH + "extend", json={"token": "A" * 43}), 503, "ERR_UNAVAILABLE")
	frappe.db.rollback()
	assert frappe.db.count("Note", {"title": "written"}) == 1


@pytest.mark.parametrize("comes_back", [True, False])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_lost_connection_is_answered(practice, inside, monkeypatch, method, comes_back):
	"""LI-4: the database goes away in the middle; nothing was changed, and the answer has our shape."""
	from frappe.database.mariadb.database import MariaDBDatabase

	def nobody_there(self):
		raise pymysql.err.OperationalError(2003, "Can't connect")

	def lost(*args, **kwargs):
		mine = frappe.db.sql("SELECT CONNECTION_ID()")[0][0]
		with suppress(pymysql.err.MySQLError):
			frappe.db.sql(f"KILL {mine}")
		if not comes_back:
			patch.setattr(MariaDBDatabase, "get_connection", nobody_there)
		return frappe.db.sql("SELECT 1")

	with monkeypatch.context() as patch:
		patch.setattr(public.requests, "find", lost)
		patch.setattr(public.doctor_pages, "filters", lost)
		if method == "GET":
			answer = inside("GET", PATH + "filters")
		else:
			answer = inside("POST", PATH + "extend", json={"token": "A" * 43})
	error_of(answer, 503, "ERR_UNAVAILABLE")


def administrators_key():
	user = frappe.get_doc("User", "Administrator")
	user.api_key, user.api_secret = "key-of-the-test", "secret-of-the-test"
	user.save()
	frappe.db.commit()
	return "key-of-the-test:secret-of-the-test"
