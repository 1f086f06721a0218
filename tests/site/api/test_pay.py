"""Booking and paying over HTTP."""

from types import SimpleNamespace

import frappe
import pytest

from clinic_booking.billing import online_payments
from clinic_booking.errors import PaymentFailed
from tests.site.api.conftest import PATH, PATIENT
from tests.site.billing.online import a_paying_scene, confirm_transfer


@pytest.fixture
def paying(committed):
	"""One doctor with one service that is paid first, by bank transfer."""
	scene = a_paying_scene()
	return SimpleNamespace(doctor=scene.doctors[0], service=scene.visit, clinic=scene.clinic)


def slot_of(api, paying) -> str:
	"""A time late enough for a transfer."""
	return api.slots(paying, days=6)[-1]["start"]


def test_booked_by_transfer(paying, api, reconnect):
	"""BK-5, PY-3: waits, and says what to pay, on which account, until when; the same however often it is asked."""
	token = api.hold(paying, slot_of(api, paying)).json()["message"]["token"]
	arguments = {"token": token, "patient": PATIENT, "consent": True, "payment_method": "bank_transfer"}
	answers = [api.post("book", **arguments).json()["message"] for _time in (1, 2)]
	assert answers[0] == answers[1] and answers[0].keys() == {"status", "reference", "manage_url", "payment"}
	payment = answers[0]["payment"]
	assert (answers[0]["status"], payment["method"], payment["amount"]) == (
		"Awaiting Payment",
		"bank_transfer",
		{"amount": "35.00", "currency": "EUR"},
	)
	assert payment["instructions"]["reference"] == answers[0]["reference"]
	assert api.post("pay", token=token).json()["message"] == {"payment": payment}
	shown = api.get("booking", token=token).json()["message"]
	assert (shown["status"], shown["can"]["pay"]) == ("Awaiting Payment", True)
	reconnect()
	assert frappe.db.count("Online Payment") == 1


def test_booked_again_when_the_deposit_is_paid(committed, api, reconnect):
	"""RA-4, BK-5: a call that is made once more asks for nothing of the rest, which can be paid at the clinic."""
	scene = a_paying_scene("Deposit", price=80, deposit=20)
	place = SimpleNamespace(doctor=scene.doctors[0], service=scene.visit, clinic=scene.clinic)
	token = api.hold(place, slot_of(api, place)).json()["message"]["token"]
	arguments = {"token": token, "patient": PATIENT, "consent": True, "payment_method": "bank_transfer"}
	assert api.post("book", **arguments).json()["message"]["payment"]["amount"]["amount"] == "20.00"
	reconnect()
	confirm_transfer(token, 20)
	again = api.post("book", **arguments).json()["message"]
	assert again["status"] == "Confirmed" and "payment" not in again
	reconnect()
	assert frappe.db.count("Online Payment") == 1
	assert api.post("pay", token=token).json()["message"]["payment"]["amount"]["amount"] == "60.00"


def test_cancelled_before_it_is_paid(paying, api):
	"""PO-2: the request is withdrawn, its time is free at once."""
	start = slot_of(api, paying)
	token = api.hold(paying, start).json()["message"]["token"]
	api.post("book", token=token, patient=PATIENT, consent=True)
	answer = api.post("cancel", token=token)
	assert (answer.status_code, answer.json()["message"]["status"]) == (200, "Cancelled")
	assert answer.json()["message"]["refund"]["as"] == "none"
	assert api.post("pay", token=token).json()["error"]["code"] == "ERR_HOLD_EXPIRED"
	assert api.hold(paying, start).status_code == 200


def test_pay_what_is_not_booked(paying, api):
	"""SE-3: a hold is no booking, and a wrong token nothing."""
	token = api.hold(paying, slot_of(api, paying)).json()["message"]["token"]
	assert api.post("pay", token=token).json()["error"]["code"] == "ERR_VALIDATION"
	assert api.post("pay", token="x" * 43).json()["error"]["code"] == "ERR_NOT_FOUND"


def test_the_booking_stands_where_no_page_opens(paying, inside, monkeypatch, reconnect):
	"""MO-13: 402, and what was booked before it is kept."""

	def fail(*args):
		raise PaymentFailed

	hold = {"doctor": paying.doctor, "service": paying.service, "start": f"{on_a_day():%FT%TZ}"}
	token = inside("POST", PATH + "hold", json=hold).json["message"]["token"]
	monkeypatch.setattr(online_payments, "begin", fail)
	answer = inside("POST", PATH + "book", json={"token": token, "patient": PATIENT, "consent": True})
	assert (answer.status_code, answer.json["error"]["code"]) == (402, "ERR_PAYMENT_FAILED")
	monkeypatch.undo()
	shown = inside("GET", PATH + f"booking?token={token}").json["message"]
	assert (shown["status"], shown["can"]["pay"]) == ("Awaiting Payment", True)


def on_a_day():
	return frappe.utils.add_to_date(frappe.utils.now_datetime(), days=6).replace(
		hour=12, minute=0, second=0, microsecond=0
	)
