"""Patients who missed visits too often pay first."""

from dataclasses import replace

import frappe
import pytest

from clinic_booking.billing import online_payments
from clinic_booking.errors import Validation
from tests.builders import a_patient
from tests.site.billing.online import METHOD, NEXT_WEEK, a_paying_scene, pay
from tests.site.billing.practice import become
from tests.site.booking.site_scene import MARIA, book, booked, hold, request_of

MISSED = 2


@pytest.fixture
def known(site):
	"""Maria, who missed two visits."""
	frappe.db.set_single_value("Clinic Booking Settings", "pay_first_after_no_shows", MISSED)
	patient = a_patient(patient_name=MARIA.name, email=MARIA.email, phone=MARIA.phone)
	scene = a_paying_scene("At Clinic")
	for hour in range(MISSED):
		become(booked(scene, NEXT_WEEK.replace(hour=8 + hour)), "No Show")
	assert frappe.db.count("Clinic Appointment", {"patient": patient.name, "status": "No Show"}) == MISSED
	return patient


def book_at(scene, method=None, contact=MARIA):
	token = hold(scene, NEXT_WEEK)["token"]
	return token, book(token, contact, payment_method=method)


@pytest.mark.parametrize("payment", ["At Clinic", "Optional", "Deposit"])
def test_who_missed_too_many_pays_all_of_it_first(provider, known, payment):
	"""PY-8: whatever the service asks for, and at the clinic no more; paid, it is booked."""
	scene = a_paying_scene(payment, deposit=5)
	token, answer = book_at(scene, None if payment == "Deposit" else "at_clinic")
	assert (answer["status"], answer.get("appointment")) == ("Awaiting Payment", None)
	assert request_of(token).payment_method == METHOD
	begun = online_payments.begin(token)
	assert begun["amount"] == {"amount": "35.00", "currency": "EUR"}
	pay(provider, token)
	assert request_of(token).status == "Confirmed"


def test_where_nothing_can_be_paid_first_the_clinic_is_to_be_called(known):
	"""PY-8: and nothing is said of why."""
	scene = a_paying_scene("At Clinic", clinic={"bank_account_number": ""})
	with pytest.raises(Validation) as refused:
		book_at(scene)
	assert "call" in refused.value.message and "miss" not in refused.value.message


def test_what_is_free_is_booked_as_ever(known):
	"""PY-8: there is nothing to pay first."""
	_token, answer = book_at(a_paying_scene("Free", price=0, clinic={"bank_account_number": ""}))
	assert answer["status"] == "Confirmed"


def test_doctor_who_approves_has_it_paid_after_that(provider, known):
	"""PY-8, BK-5: it waits for the answer first, then for the money."""
	_token, answer = book_at(a_paying_scene("At Clinic", approves_bookings=1))
	assert answer["status"] == "Requested"
	assert frappe.db.get_value("Clinic Appointment", answer["appointment"], "payment") == "pay_first"


@pytest.mark.parametrize(
	("limit", "name"), [(0, MARIA.name), (MISSED + 1, MARIA.name), (MISSED, "Somebody Else")]
)
def test_others_book_as_ever(provider, known, limit, name):
	"""PY-8: off, fewer missed, or another patient with the same phone."""
	frappe.db.set_single_value("Clinic Booking Settings", "pay_first_after_no_shows", limit)
	_token, answer = book_at(a_paying_scene("At Clinic"), contact=replace(MARIA, name=name))
	assert answer["status"] == "Confirmed"
