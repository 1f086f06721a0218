"""The site's application with its guards taken away, for the twins of the races.

Each call says in the header `X-Tamper` what is to be missing or to happen; without it all is as ever. Only
tests start it (`tampered` in conftest.py), on the test site.
"""

import os
import random
import signal
import threading
import time

import frappe
import pymysql.cursors
from wsgi import application as untampered

from clinic_booking.api import public
from clinic_booking.booking import claims, patients, requests, transaction

current = threading.local()
FAULTS = (1205, 1213, 1020)
FAULT_RATE = 0.03
# Where nobody guards it, the time between looking and taking is long enough to be seen.
PAUSE = 0.03


def application(environ, start_response):
	current.tampers = frozenset(environ.get("HTTP_X_TAMPER", "").split())
	current.in_use_case = False
	return untampered(environ, start_response)


def asked(tamper: str) -> bool:
	return tamper in getattr(current, "tampers", ())


def replaces(module, name: str):
	"""Decorate `f(original, *args)` to stand in for `module.name`."""

	def decorate(function):
		original = getattr(module, name)
		setattr(module, name, lambda *args, **kwargs: function(original, *args, **kwargs))

	return decorate


@replaces(claims, "lock_doctors")
def lock_doctors(original, doctors):
	if not asked("no-locks"):
		return original(doctors)
	rows = frappe.db.sql("SELECT name, offer_version FROM `tabDoctor` WHERE name IN %s", (tuple(doctors),))
	return dict(rows)


@replaces(claims, "lock_rooms")
def lock_rooms(original, rooms):
	if not asked("no-locks"):
		original(rooms)


@replaces(frappe, "get_doc")
def get_doc(original, *args, **kwargs):
	if asked("no-locks"):
		kwargs.pop("for_update", None)
	return original(*args, **kwargs)


@replaces(requests, "locked")
def locked(original, name):
	if not asked("no-locks"):
		return original(name)
	return frappe.get_doc("Booking Request", name)


@replaces(public, "one_at_a_time")
def one_at_a_time(original, *words):
	if not asked("no-locks"):
		original(*words)


@replaces(patients, "recognise_or_create")
def recognise_or_create(original, *args):
	patient = original(*args)
	if asked("no-locks"):
		time.sleep(PAUSE)
	return patient


@replaces(claims, "clear_lapsed")
def clear_lapsed(original, *args):
	if not asked("no-clearing"):
		original(*args)


@replaces(claims, "claim")
def claim(original, *args, **kwargs):
	if asked("no-locks"):
		time.sleep(PAUSE)
	original(*args, **kwargs)
	if asked("half-commits"):
		frappe.db.commit()
	if asked("dies-after-claim"):
		die()


@replaces(claims, "hand_over")
def hand_over(original, *args):
	original(*args)
	if asked("dies-at-handover"):
		die()


@replaces(transaction, "run")
def run(original, use_case, *args, on=None, **kwargs):
	def watched(*args, **kwargs):
		current.in_use_case = True
		try:
			return use_case(*args, **kwargs)
		finally:
			current.in_use_case = False

	if asked("no-retries"):
		found = on and on()
		frappe.db.rollback()
		return watched(*((found.name, found.doctor) if found else ()), *args, **kwargs)
	return original(watched, *args, on=on, **kwargs)


public.run = transaction.run


@replaces(frappe.database.database.Database, "commit")
def commit(original, database):
	if asked("no-locks"):
		time.sleep(PAUSE)
	original(database)
	if asked("dies-after-commit"):
		die()


@replaces(pymysql.cursors.Cursor, "execute")
def execute(original, cursor, *args):
	if asked("faults") and current.in_use_case and random.random() < FAULT_RATE:
		code = random.choice(FAULTS)
		if code != 1205:  # a time-out undoes the statement alone, the others the transaction
			original(cursor, "ROLLBACK")
		raise pymysql.OperationalError(code, "injected by a test")
	return original(cursor, *args)


def die():
	os.kill(os.getpid(), signal.SIGKILL)
