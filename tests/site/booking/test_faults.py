"""What the database and the machine do to a booking: errors to be tried again, and processes killed."""

import http.client
import time
from functools import partial

import frappe
import pymysql
import pytest

from clinic_booking.booking import book, hold
from clinic_booking.booking.patients import Contact
from clinic_booking.booking.transaction import TRIES, run
from clinic_booking.errors import Unavailable
from tests.line import at_once
from tests.scenes import a_scene, on_day
from tests.site.booking.races import outcomes, rows, seen
from tests.truth import contradictions
from tests.visitor import a_request_id

DEADLOCK, LOCK_TIMEOUT, SNAPSHOT_TOO_OLD = 1213, 1205, 1020
CODES = pytest.mark.parametrize("code", [DEADLOCK, LOCK_TIMEOUT, SNAPSHOT_TOO_OLD])
NOBODY = hold.Holder(browser=None, address=None)


class FailingCursor:
	"""The connection's cursor, which fails with `code` at the statements whose number is in `fails`."""

	def __init__(self, cursor, code, fails):
		self.cursor, self.code, self.fails, self.statements = cursor, code, fails, 0

	def __getattr__(self, name):
		return getattr(self.cursor, name)

	def __iter__(self):
		return iter(self.cursor)

	def execute(self, *args):
		# The rollbacks and savepoints that stand between tries are the test site's.
		if "savepoint" not in args[0].lower():
			self.statements += 1
			if self.statements in self.fails:
				raise pymysql.OperationalError(self.code, "injected by a test")
		return self.cursor.execute(*args)


def failing(monkeypatch, code, fails) -> FailingCursor:
	cursor = FailingCursor(frappe.db._cursor, code, fails)
	monkeypatch.setattr(frappe.db, "_cursor", cursor)
	return cursor


class TestAnyStatementFails:
	@CODES
	def test_hold_is_tried_again(self, site, monkeypatch, code):
		"""RA-9: whichever statement of a hold fails first, it is tried again, and there is one hold."""
		scene, statement = a_scene(), 0
		while True:
			statement += 1
			asked = hold.Asked(scene.doctors[0], scene.visit, on_day(2 + statement % 50, 6 + statement // 50))
			with monkeypatch.context() as patched:
				cursor = failing(patched, code, {statement})
				run(hold.hold, asked, NOBODY, a_request_id())
			frappe.db.commit()
			if cursor.statements < statement:
				break
			assert frappe.db.count("Booking Request") == frappe.db.count("Booked Slot") == statement
		assert statement > 5

	@CODES
	def test_book_is_tried_again(self, site, monkeypatch, code):
		"""RA-9: whichever statement of a booking fails first, it is tried again, and there is one."""
		scene, statement = a_scene(), 0
		before = frappe.db.count("Clinic Patient")
		while True:
			statement += 1
			name = self.held(scene, statement)
			with monkeypatch.context() as patched:
				cursor = failing(patched, code, {statement})
				answer = run(book.book, name, scene.doctors[0], details(statement), a_request_id(), "call")
			frappe.db.commit()
			assert answer["status"] == "Confirmed"
			for doctype in ("Clinic Appointment", "Booked Slot", "Patient Consent", "Appointment Change"):
				assert frappe.db.count(doctype) == statement
			assert frappe.db.count("Clinic Patient") == before + statement
			if cursor.statements < statement:
				break
		assert statement > 10

	@CODES
	def test_beyond_all_tries(self, site, monkeypatch, code):
		"""RA-9: where every try fails the answer is ERR_UNAVAILABLE, and nothing is left."""
		scene = a_scene()
		asked = hold.Asked(scene.doctors[0], scene.visit, on_day(2, 12))
		with monkeypatch.context() as patched:
			cursor = failing(patched, code, range(1, 1000))
			with pytest.raises(Unavailable):
				run(hold.hold, asked, NOBODY)
		assert cursor.statements == TRIES
		assert frappe.db.count("Booking Request") == frappe.db.count("Booked Slot") == 0

	@staticmethod
	def held(scene, number):
		asked = hold.Asked(scene.doctors[0], scene.visit, on_day(2 + number % 50, 6 + number // 50))
		token = run(hold.hold, asked, NOBODY)["token"]
		frappe.db.commit()
		return frappe.db.get_value("Booking Request", {"token_hash": book.tokens.hash_of(token)})


def details(number):
	contact = Contact(f"Maria Pop {number}", f"pop{number}@example.com", f"+34644{number:06d}")
	return book.Details(contact, note="Please call first", payment_method=None)


class TestFaultsOverHttp:
	@staticmethod
	def book_all(crowd, attempt):
		"""Each holds and books a time of their own, of one doctor, all at once."""

		def hold_and_book(visitor, start):
			held = visitor.hold(start)
			return held if held.status != 200 else visitor.book()

		starts = [on_day(2 + attempt, 6 + position // 2, position % 2 * 30) for position in range(len(crowd))]
		return at_once(
			partial(hold_and_book, visitor, start) for visitor, start in zip(crowd, starts, strict=True)
		)

	def test_tried_again(self, tampered_visitors):
		"""RA-9: with one statement in thirty failing, nearly all book, and nobody twice."""
		crowd = tampered_visitors(a_scene(), 20, "faults")
		answers = [answer for attempt in range(3) for answer in self.book_all(crowd, attempt)]
		assert set(outcomes(answers)) <= {200, "ERR_UNAVAILABLE"}
		assert outcomes(answers)[200] == rows("Clinic Appointment") >= 40
		assert contradictions() == []

	def test_tried_again_twin(self, tampered_visitors):
		"""RA-9: where nobody tries again, half of them do not book."""
		crowd = tampered_visitors(a_scene(), 20, "faults no-retries")
		assert seen(lambda attempt: outcomes(self.book_all(crowd, attempt))["ERR_UNAVAILABLE"] >= 6)

	def test_fifty_at_one_slot_among_faults(self, tampered_visitors):
		"""RA-9: one booking at most, whatever fails."""
		crowd = tampered_visitors(a_scene(), 50, "faults")
		for attempt in range(3):
			answers = at_once(partial(visitor.hold, on_day(2 + attempt, 12)) for visitor in crowd)
			assert outcomes(answers)[200] == 1
			assert set(outcomes(answers)) <= {200, "ERR_SLOT_CONFLICT", "ERR_UNAVAILABLE"}
		assert contradictions() == []

	def test_waits_for_a_lock(self, visitors):
		"""RA-9: a real 1205: somebody keeps the doctor's row for four seconds; the hold waits and is tried again."""
		(visitor,) = visitors(a_scene())
		connection = frappe.db._conn
		frappe.db.sql("SELECT name FROM `tabDoctor` WHERE name = %s FOR UPDATE", visitor.scene.doctors[0])

		def let_go():
			time.sleep(4)
			connection.rollback()

		answer, _none = at_once([partial(visitor.hold, on_day(2, 12)), let_go])
		assert answer.status == 200
		assert contradictions() == []


class TestSnapshotIsolation:
	@pytest.mark.parametrize("setting", ["ON", "OFF"])
	@pytest.mark.parametrize("tamper", ["", "no-locks"])
	def test_one_slot(self, tampered_visitors, snapshot_isolation, setting, tamper):
		"""RA-9: RA-1 with `innodb_snapshot_isolation` on and off, with the row locks and without."""
		snapshot_isolation(setting)
		crowd = tampered_visitors(a_scene(), 50, tamper)
		for attempt in range(3):
			answers = at_once(partial(visitor.hold, on_day(2 + attempt, 12)) for visitor in crowd)
			assert outcomes(answers)[200] == 1
			lost = {"ERR_SLOT_CONFLICT"} if not tamper else {"ERR_SLOT_CONFLICT", "ERR_UNAVAILABLE"}
			assert set(outcomes(answers)) - {200} <= lost
		assert contradictions() == []

	@pytest.mark.parametrize("setting", ["ON", "OFF"])
	def test_bookings(self, visitors, snapshot_isolation, setting):
		"""RA-9: twenty book at once with `innodb_snapshot_isolation` on and off: all get theirs."""
		snapshot_isolation(setting)
		crowd = visitors(a_scene(), 20)
		assert outcomes(TestFaultsOverHttp.book_all(crowd, 1)) == {200: 20}
		assert contradictions() == []


class TestKilled:
	def test_between_claim_and_commit(self, visitors, tampered_visitors):
		"""RA-10: killed after the claim, before the commit: nothing is left, the time is free."""
		scene = a_scene()
		(dying,), (other,) = tampered_visitors(scene, 1, "dies-after-claim"), visitors(scene)
		loses_connection(partial(dying.hold, on_day(2, 12)))
		assert rows("Booking Request") == rows("Booked Slot") == 0
		assert other.hold(on_day(2, 12)).status == 200

	def test_between_claim_and_commit_twin(self, tampered_visitors):
		"""RA-10: where claim and hold are not one transaction, the time stays taken by nobody."""
		(dying,) = tampered_visitors(a_scene(), 1, "half-commits dies-after-claim")
		loses_connection(partial(dying.hold, on_day(2, 12)))
		assert contradictions() != []

	def test_after_the_commit_of_a_hold(self, visitors, tampered_visitors):
		"""RA-10: killed after the commit: the retry with the same `request_id` gets the hold that was made."""
		scene, request_id = a_scene(), a_request_id()
		(dying,), (retrying,) = tampered_visitors(scene, 1, "dies-after-commit"), visitors(scene)
		loses_connection(partial(dying.hold, on_day(2, 12), request_id=request_id))
		assert rows("Booking Request") == 1
		assert retrying.hold(on_day(2, 12), request_id=request_id).status == 200
		assert rows("Booking Request") == 1
		assert retrying.book().message["status"] == "Confirmed"
		assert contradictions() == []

	def test_after_the_commit_of_a_hold_twin(self, visitors, tampered_visitors):
		"""RA-10: a retry without `request_id` meets its own hold."""
		scene = a_scene()
		(dying,), (retrying,) = tampered_visitors(scene, 1, "dies-after-commit"), visitors(scene)
		loses_connection(partial(dying.hold, on_day(2, 12)))
		assert retrying.hold(on_day(2, 12)).code == "ERR_SLOT_CONFLICT"

	@pytest.mark.parametrize("moment", ["dies-at-handover", "dies-after-commit"])
	def test_while_booking(self, visitors, tampered_visitors, moment):
		"""RA-10: killed while booking, before the commit or after: clicking again books it once."""
		scene = a_scene()
		(dying,), (retrying,) = tampered_visitors(scene, 1, moment), visitors(scene)
		retrying.hold(on_day(2, 12))
		dying.token, dying.person = retrying.token, retrying.person
		before = rows("Clinic Patient")
		loses_connection(dying.book)
		assert rows("Clinic Appointment") == (0 if moment == "dies-at-handover" else 1)
		assert retrying.book().message["status"] == "Confirmed"
		assert rows("Clinic Appointment") == rows("Patient Consent") == 1
		assert rows("Clinic Patient") == before + 1
		assert contradictions() == []


def loses_connection(call):
	with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
		call()
