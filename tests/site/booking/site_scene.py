"""What the tests of the use cases start from: a scene on the test site, and use cases run as the public calls do."""

from datetime import datetime, timedelta, timezone

import frappe

from clinic_booking.booking import book as booking
from clinic_booking.booking import hold as holding
from clinic_booking.booking import tokens
from clinic_booking.booking.patients import Contact
from clinic_booking.booking.transaction import run
from tests.scenes import on_day

NOBODY = holding.Holder(browser=None, address=None)
MARIA = Contact("María Ionescu", "maria@example.com", "+34655000111")


def now() -> datetime:
	return datetime.now(timezone.utc)


def do(use_case, *args, **more):
	"""Run a use case as the public calls do, on what the test has written so far."""
	frappe.db.commit()
	answer = run(use_case, *args, **more)
	frappe.db.commit()
	return answer


def hold(scene, start=None, doctor=None, service=None, clinic=None, holder=NOBODY, **more) -> dict:
	"""Hold noon in two days, or `start`; the answer."""
	asked = holding.Asked(doctor or scene.doctors[0], service or scene.visit, start or on_day(2, 12), clinic)
	return do(holding.hold, asked, holder, **more)


def move(token, scene, start, doctor=None, service=None, **more) -> dict:
	asked = holding.Asked(doctor or scene.doctors[0], service or scene.visit, start)
	request = request_of(token)
	return do(holding.move, request.name, request.doctor, asked, **more)


def extend(token, **more) -> dict:
	request = request_of(token)
	return do(holding.extend, request.name, request.doctor, **more)


def release(token) -> dict:
	request = request_of(token)
	return do(holding.release, request.name, request.doctor)


def book(token, contact=MARIA, note=None, payment_method=None, **more) -> dict:
	request = request_of(token)
	details = booking.Details(contact, note, payment_method)
	return do(booking.book, request.name, request.doctor, details, **more)


def booked(scene, start=None, contact=MARIA, **more):
	"""An appointment made online."""
	answer = book(hold(scene, start, **more)["token"], contact)
	return frappe.get_doc("Clinic Appointment", answer["appointment"])


def request_of(token):
	return frappe.get_doc("Booking Request", {"token_hash": tokens.hash_of(token)})


def claimed(reference) -> list[tuple]:
	"""(resource, seat, start, end) of what a request or appointment has, naive UTC."""
	return frappe.db.sql(
		"SELECT resource, seat, starts_at, ends_at FROM `tabBooked Slot` WHERE reference = %s ORDER BY resource, seat",
		reference,
	)


def in_utc(moment: datetime) -> datetime:
	return moment.astimezone(timezone.utc).replace(tzinfo=None)


def minutes(count: float) -> timedelta:
	return timedelta(minutes=count)
