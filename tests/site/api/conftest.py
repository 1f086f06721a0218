"""A practice that can be booked over HTTP, and clients that speak to its API."""

import threading
from itertools import count
from types import SimpleNamespace

import frappe
import pytest
from werkzeug.test import Client as WsgiClient

from tests.builders import a_clinic, a_doctor, a_service
from tests.site.api.staff import Staff, a_user

PATH = "/api/method/clinic_booking.api.public."
PATIENT = {"name": "Zacharias Quettelbury", "email": "zacharias@quettelbury.example", "phone": "+34611777888"}


class Api:
	"""The public calls by name over a `requests` session: `api.post("hold", doctor=…)` answers the response."""

	def __init__(self, session):
		self.session = session

	def get(self, call, /, headers=None, **arguments):
		return self.session.get(PATH + call, params=arguments, headers=headers)

	def post(self, call, /, headers=None, **arguments):
		return self.session.post(PATH + call, json=arguments, headers=headers)

	def slots(self, practice, days=3):
		"""The free slots of the practice's doctor in the next days, `[{start, end, clinic}]`."""
		first = frappe.utils.add_days(frappe.utils.nowdate(), 1)
		answer = self.get(
			"availability",
			doctor=practice.doctor,
			service=practice.service,
			from_date=first,
			to_date=frappe.utils.add_days(first, days),
		)
		assert answer.status_code == 200, answer.text
		return [slot for day in answer.json()["message"]["days"] for slot in day["slots"]]

	def hold(self, practice, start, **more):
		return self.post("hold", doctor=practice.doctor, service=practice.service, start=start, **more)

	def booked(self, practice, start, **patient):
		"""Hold and book; the token."""
		token = self.hold(practice, start).json()["message"]["token"]
		answer = self.post("book", token=token, patient=PATIENT | patient, consent=True)
		assert answer.status_code == 200, answer.text
		return token


@pytest.fixture
def practice(committed):
	"""Names of one doctor at one clinic with one free service, committed; limits are off."""
	clinic = a_clinic()
	service = a_service(clinic)
	doctor = a_doctor(service, clinics=[clinic])
	limits_off()
	frappe.db.commit()
	return SimpleNamespace(doctor=doctor.name, service=service.name, clinic=clinic.name, slug=doctor.slug)


@pytest.fixture
def api(client):
	"""The public API as a guest over HTTP."""
	return Api(client)


@pytest.fixture
def inside(committed):
	"""A function that sends one request to Frappe in this process, so that a test can break what it likes.

	In a thread of its own, because a request replaces and then destroys `frappe.local`.
	"""

	def send(method, path, **options):
		answers = []

		def call():
			from frappe.app import application

			answers.append(
				WsgiClient(application).open(path, method=method, base_url=f"http://{frappe_site}", **options)
			)

		thread = threading.Thread(target=call)
		thread.start()
		thread.join()
		return answers[0]

	frappe_site = frappe.local.site
	return send


@pytest.fixture
def staff(inside):
	"""A function that makes and signs in a member of staff, at a clinic or as a doctor's login.

	`staff("Receptionist", clinic)`, `staff("Doctor", doctor=name)`: a `Staff`.
	"""
	number = count(1)

	def signed_in(role, clinic=None, doctor=None):
		name = f"{role.lower()}{next(number)}"
		person = Staff(inside, f"{name}@staff.example", a_user(name, f"Clinic {role}"))
		if clinic:
			clinic = frappe.get_doc("Clinic", clinic)
			clinic.append("staff", {"user": person.email, "role": role})
			clinic.save()
		if doctor:
			frappe.get_doc("Doctor", doctor).update({"user": person.email}).save()
		frappe.db.commit()
		return person

	return signed_in


def limits_off():
	settings = frappe.get_doc("Clinic Booking Settings")
	for field in settings.meta.get("fields", {"fieldname": ["like", "limit_%"]}):
		settings.set(field.fieldname, 0)
	settings.save()


def set_settings(**values):
	"""Save settings and commit, so that the server sees them."""
	settings = frappe.get_doc("Clinic Booking Settings")
	settings.update(values)
	settings.save()
	frappe.db.commit()


def error_of(response, status, code):
	"""The `error` of an answer that must be one, and hold nothing else."""
	assert response.status_code == status, response.text[:500]
	body = response.get_json() if hasattr(response, "get_json") else response.json()
	assert set(body) == {"error"}, body
	assert body["error"]["code"] == code, body
	assert body["error"]["message"]
	return body["error"]


# Beside our own tables: where a call would leave something behind by the way.
WATCHED = ("User", "DocType", "Singles", "Sessions", "DefaultValue", "Series", "File", "Customer", "Version")
WATCHED += ("Comment", "Communication", "Error Log", "Activity Log", "Access Log", "Email Queue", "Note")


def counts():
	"""A checksum of every table that a call of ours could change, by DocType.

	Not of all tables: opening them all makes InnoDB forget which were changed, and the next test's site
	is put back by that.
	"""
	frappe.db.rollback()
	ours = frappe.get_all("DocType", {"module": "Clinic Booking", "issingle": 0}, pluck="name")
	tables = {f"{frappe.conf.db_name}.tab{name}": name for name in (*ours, *WATCHED)}
	names = ", ".join(f"`tab{name}`" for name in tables.values())
	checksums = frappe.db.sql(f"CHECKSUM TABLE {names}")
	return {tables[table]: checksum for table, checksum in checksums}
