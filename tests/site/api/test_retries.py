"""A call that is made once more, by whoever does not know whether the first one arrived, for visits without a request."""

import uuid
from types import SimpleNamespace

import frappe
import pytest

from clinic_booking.booking import tokens
from clinic_booking.booking.clock import from_database, to_database
from tests.builders import a_patient, insert
from tests.scenes import on_day
from tests.site.billing.online import a_paying_scene


def made_by_the_desk(practice) -> str:
	"""The token of a visit in six days that nobody held; commits."""
	visit = insert(
		"Clinic Appointment",
		patient=a_patient().name,
		doctor=practice.doctor,
		service=practice.service,
		clinic=practice.clinic,
		starts_at_utc=to_database(on_day(6, 10)),
	)
	frappe.db.commit()
	return tokens.token_of(visit.seed)


@pytest.fixture
def token(practice):
	return made_by_the_desk(practice)


def moved(api, token, hour: int, request_id: str):
	return api.post("reschedule", token=token, start=on_day(6, hour).isoformat(), request_id=request_id)


def visit():
	frappe.db.rollback()
	return frappe.get_last_doc("Clinic Appointment")


def test_moved_once(api, token):
	"""RA-4, api.md `request_id`: the same move twice is one."""
	call = str(uuid.uuid4())
	first = moved(api, token, 12, call)
	assert first.status_code == 200, first.text
	assert moved(api, token, 12, call).json() == first.json()
	assert visit().moves == 1


def test_first_answer(api, token):
	"""api.md `request_id`: the first answer, though the visit has moved on since, which it then stays."""
	call = str(uuid.uuid4())
	first = moved(api, token, 12, call)
	assert moved(api, token, 14, str(uuid.uuid4())).status_code == 200
	assert moved(api, token, 12, call).json() == first.json()
	assert (visit().moves, from_database(visit().starts_at_utc)) == (2, on_day(6, 14))


def test_other_arguments(api, token):
	"""api.md `request_id`: the same id for another time is refused."""
	call = str(uuid.uuid4())
	assert moved(api, token, 12, call).status_code == 200
	refused = moved(api, token, 14, call).json()["error"]
	assert refused["code"] == "ERR_VALIDATION" and refused["fields"].keys() == {"request_id"}
	assert visit().moves == 1


def test_booked_online(api, practice):
	"""api.md `request_id`: the same for one that has a request."""
	token = api.booked(practice, api.slots(practice)[-1]["start"])
	call = str(uuid.uuid4())
	first = moved(api, token, 12, call)
	assert moved(api, token, 14, str(uuid.uuid4())).status_code == 200
	assert moved(api, token, 12, call).json() == first.json()


def test_nobody_reads_it(api, token):
	"""SE-5: what is kept has neither the token nor a word of the patient."""
	moved(api, token, 12, str(uuid.uuid4()))
	kept = visit()
	assert kept.answers
	patient = frappe.get_doc("Clinic Patient", kept.patient)
	for secret in (token, patient.patient_name, patient.email, patient.phone):
		assert secret not in kept.answers


def test_an_old_form(api, token):
	"""BK-9: a form that was loaded before does not lose it."""
	form = visit()
	form.db_set("answers", "{}", update_modified=False)
	frappe.db.commit()
	form.answers = None
	form.save()
	assert form.answers == "{}"
	frappe.db.rollback()


def test_paid(committed, api):
	"""api.md `request_id`: `pay` keeps its answer, too: another way to pay is refused by the same id."""
	scene = a_paying_scene("Optional", price=35)
	token = made_by_the_desk(
		SimpleNamespace(doctor=scene.doctors[0], service=scene.visit, clinic=scene.clinic)
	)
	call = str(uuid.uuid4())
	asked = {"token": token, "payment_method": "bank_transfer", "request_id": call}
	first = api.post("pay", **asked)
	assert first.status_code == 200, first.text
	assert api.post("pay", **asked).json() == first.json()
	other = api.post("pay", token=token, request_id=call).json()["error"]
	assert other["fields"].keys() == {"request_id"}
