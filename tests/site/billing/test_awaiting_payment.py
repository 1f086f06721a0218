"""Bookings that wait for their money: how long, for whom, and what becomes of them."""

from datetime import timedelta

import frappe
import pytest

from clinic_booking.billing import online_payments
from clinic_booking.booking import clock, expire, notes, status, verify
from clinic_booking.booking.hold import withdraw
from clinic_booking.errors import HoldExpired, RateLimited, SlotConflict, TimeWindow, Validation
from tests.scenes import on_day
from tests.site.billing.online import (
	METHOD,
	NEXT_WEEK,
	a_paying_scene,
	awaiting,
	confirm_transfer,
	pay,
	payments_of,
	somebody,
)
from tests.site.booking.site_scene import MARIA, book, claimed, do, hold, minutes, now, request_of

BANK = "bank_transfer"


def test_what_is_due_first_is_told_when_held(provider):
	"""PO-5, BK-5: the amount, and how it can be paid; nothing of it at the desk."""
	terms = hold(a_paying_scene("Deposit", price=80, deposit=20), NEXT_WEEK)["terms"]
	assert terms["due_now"] == {"amount": "20.00", "currency": "EUR"}
	assert terms["payment_methods"] == [METHOD, BANK]


@pytest.mark.parametrize(
	("payment", "due", "methods"),
	[
		("Free", "0.00", []),
		("At Clinic", "0.00", ["at_clinic"]),
		("Optional", "0.00", ["at_clinic", METHOD, BANK]),
		("Pay First", "35.00", [METHOD, BANK]),
	],
)
def test_each_payment_mode_has_its_terms(provider, payment, due, methods):
	"""BK-5: free, at the clinic, as the patient likes, or first."""
	scene = a_paying_scene(payment, price=0 if payment == "Free" else 35)
	terms = hold(scene, NEXT_WEEK)["terms"]
	assert (terms["due_now"]["amount"], terms["payment_methods"]) == (due, methods)


def test_waits_with_its_time_until_it_is_paid(provider):
	"""BK-2, BK-5: an hour; the contact, sealed note and consent are kept, and no patient made."""
	scene = a_paying_scene(rooms=1)
	token = hold(scene, NEXT_WEEK)["token"]
	answer = book(token, note="My knee", payment_method=METHOD)
	request = request_of(token)
	assert (answer["status"], request.status, request.payment_method) == (
		"Awaiting Payment",
		"Awaiting Payment",
		METHOD,
	)
	assert "appointment" not in answer and not frappe.db.count("Clinic Patient")
	assert (request.patient_name, request.email, request.phone) == (MARIA.name, MARIA.email, MARIA.phone)
	assert "knee" not in request.note_encrypted and request.consent_text
	left = clock.from_database(request.expires_at_utc) - now()
	assert minutes(59) < left <= minutes(60)
	ends = frappe.get_all("Booked Slot", {"reference": request.name}, pluck="expires_at")
	assert ends == [request.expires_at_utc] * 2
	assert verify.findings() == []


def test_again_is_the_same(provider):
	"""RA-4: the same answer, the same payment."""
	scene = a_paying_scene()
	token = hold(scene, NEXT_WEEK)["token"]
	assert book(token, payment_method=METHOD) == book(token, somebody(1), payment_method=BANK)
	assert online_payments.begin(token) == online_payments.begin(token)
	assert len(payments_of(token)) == 1 == len(provider.demands)


def test_the_only_way_needs_no_choice(site):
	"""BK-5: where there are several the patient says which."""
	token = hold(a_paying_scene(), NEXT_WEEK)["token"]
	assert book(token)["status"] == "Awaiting Payment"
	assert request_of(token).payment_method == BANK


def test_of_several_ways_one_is_chosen(provider):
	"""SE-3: none, or one that isn't offered, is refused and changes nothing."""
	token = hold(a_paying_scene(), NEXT_WEEK)["token"]
	for method in (None, "at_clinic", "cash"):
		with pytest.raises(Validation) as refused:
			book(token, payment_method=method)
		assert refused.value.facts["fields"].keys() == {"payment_method"}
	assert request_of(token).status == "Held"


def test_payment_makes_the_appointment_that_was_held(provider):
	"""BK-5: same reference, token, time, price, policy, consent and note; Paid, and the request forgets the words."""
	token = hold(a_paying_scene(rooms=1), NEXT_WEEK)["token"]
	book(token, note="My knee", payment_method=METHOD)
	online_payments.begin(token)
	before = request_of(token)
	held = claimed(before.name)
	pay(provider, token)
	made = status.find(token)
	assert (made.doctype, made.status, made.payment_status, made.paid) == (
		"Clinic Appointment",
		"Confirmed",
		"Paid",
		35,
	)
	for field in ("reference", "seed", "starts_at_utc", "price", "policy", "room", "payment_method"):
		assert made.get(field) == before.get(field)
	assert (made.contact_name, made.contact_email) == (MARIA.name, MARIA.email)
	assert made.note_encrypted == before.note_encrypted != notes.seal("My knee")
	consent = frappe.get_doc("Patient Consent", {"appointment": made.name})
	assert (consent.text_version, consent.given_at) == (before.consent_version, before.consent_at_utc)
	after = request_of(token)
	assert (after.status, after.appointment) == ("Confirmed", made.name)
	assert not any(after.get(f) for f in ("patient_name", "email", "phone", "note_encrypted"))
	assert claimed(made.name) == held and not claimed(after.name)
	assert verify.findings() == []


def test_unpaid_it_lapses_and_gives_its_time_back(provider):
	"""MO-7, BK-2: abandoned, the time is somebody else's to book and to pay for."""
	scene = a_paying_scene()
	token = awaiting(scene, METHOD)
	with pytest.raises(SlotConflict):
		hold(scene, NEXT_WEEK, now=now() + minutes(59))
	other = hold(scene, NEXT_WEEK, now=now() + minutes(61))["token"]
	book(other, somebody(2), payment_method=METHOD, now=now() + minutes(62))
	expire.every_minute()
	request = request_of(token)
	do(expire.end_request, request.name, request.doctor, now=now() + minutes(61))
	assert status.booking(token)["status"] == "Expired"
	assert status.booking(other, now() + minutes(63))["status"] == "Awaiting Payment"
	with pytest.raises(HoldExpired):
		online_payments.begin(token)


def test_an_abandoned_payment_pays_for_nothing_else(provider):
	"""MO-7: booked again after it was abandoned, it must be paid again."""
	scene = a_paying_scene()
	first = awaiting(scene, METHOD)
	do(withdraw, request_of(first).name, scene.doctors[0])
	second = awaiting(scene, METHOD)
	assert status.booking(second)["status"] == "Awaiting Payment"
	assert payments_of(second)[0].key != payments_of(first)[0].key


def test_a_contact_leaves_three_unpaid(provider):
	"""SE-2: a fourth is refused until one is paid, withdrawn or lapsed; another contact is not."""
	scene = a_paying_scene()
	frappe.db.set_single_value("Clinic Booking Settings", "limit_unpaid_per_contact", 3)
	frappe.clear_document_cache("Clinic Booking Settings", "Clinic Booking Settings")
	tokens = [awaiting(scene, METHOD, on_day(7, hour)) for hour in (8, 9, 10)]
	fourth = hold(scene, on_day(7, 11))["token"]
	with pytest.raises(RateLimited):
		book(fourth, payment_method=METHOD)
	assert book(hold(scene, on_day(7, 14))["token"], somebody(3), payment_method=METHOD)
	do(withdraw, request_of(tokens[0]).name, scene.doctors[0])
	assert book(fourth, payment_method=METHOD)["status"] == "Awaiting Payment"


def test_transfer_waits_two_days_or_until_the_notice(site):
	"""PY-3: the sooner of the two."""
	scene = a_paying_scene(notice_minutes=120)
	for start in (NEXT_WEEK, on_day(2, 12)):
		request = request_of(awaiting(scene, BANK, start))
		ends = clock.from_database(request.expires_at_utc)
		wanted = min(now() + timedelta(hours=48), start - timedelta(hours=2))
		assert abs(ends - wanted) < timedelta(minutes=2)


def test_transfer_is_not_offered_on_the_last_day(provider):
	"""PY-3: less than 24 hours before the notice limit only the provider is left."""
	scene = a_paying_scene(notice_minutes=120)
	start = on_day(3, 12)
	offered = {}
	for hours in (26.1, 25.9):
		token = hold(scene, start, now=start - timedelta(hours=hours))["token"]
		offered[hours] = status.booking(token, start - timedelta(hours=hours))["terms"]["payment_methods"]
		do(withdraw, request_of(token).name, scene.doctors[0], now=start - timedelta(hours=hours))
	assert offered == {26.1: [METHOD, BANK], 25.9: [METHOD]}


def test_where_transfers_are_all_there_is_nothing_is_offered_too_late_for_one(site):
	"""PY-3, TI-12: what can't be paid in time can't be held; the desk still books it."""
	scene = a_paying_scene(notice_minutes=120)
	start = on_day(3, 12)
	assert hold(scene, start, now=start - timedelta(hours=26.1))
	with pytest.raises(TimeWindow):
		hold(scene, on_day(3, 14), now=on_day(3, 14) - timedelta(hours=25.9))


def test_at_the_end_nobody_can_pay_by_it(provider):
	"""BK-2: requests that ended unpaid are kept, and lose note and contact after 90 days."""
	token = awaiting(a_paying_scene(), METHOD)
	request = request_of(token)
	after = now() + timedelta(hours=2)
	do(expire.end_request, request.name, request.doctor, now=after)
	expire.delete_ended(after + timedelta(days=89))
	expire.strip_ended(after + timedelta(days=89))
	assert request_of(token).patient_name == MARIA.name
	expire.delete_ended(after + timedelta(days=91))
	expire.strip_ended(after + timedelta(days=91))
	stripped = request_of(token)
	assert not any(stripped.get(f) for f in ("patient_name", "email", "phone", "note_encrypted", "timezone"))
	assert (stripped.status, stripped.reference) == ("Expired", request.reference)


def test_optional_is_confirmed_and_can_be_paid_at_once(provider):
	"""BK-5, PY-3: nothing is due, so nothing waits."""
	token = hold(a_paying_scene("Optional"), NEXT_WEEK)["token"]
	assert book(token, payment_method=METHOD)["status"] == "Confirmed"
	assert online_payments.begin(token)["url"].startswith("https://pay.example/")
	pay(provider, token)
	assert status.booking(token)["payment_status"] == "Paid"
	assert status.booking(token)["can"]["pay"] is False


def test_transfer_is_confirmed_by_staff(site):
	"""PY-3: the account and the booking's reference to pay with; staff say when it has come."""
	scene = a_paying_scene()
	token = hold(scene, NEXT_WEEK)["token"]
	book(token)
	payment = online_payments.begin(token)
	assert payment["instructions"] == {
		"account_holder": "Sunrise Clinic S.L.",
		"account": "ES91 2100 0418 4502 0005 1332",
		"bic": "",
		"reference": request_of(token).reference,
		"text": "",
	}
	assert (payment["method"], payment["amount"]["amount"], "url" in payment) == (BANK, "35.00", False)
	confirm_transfer(token, bank_reference="N43 0001")
	shown = status.booking(token)
	assert (shown["status"], shown["payment_status"], shown["paid"]["amount"]) == (
		"Confirmed",
		"Paid",
		"35.00",
	)
	assert payments_of(token)[0].payment_id == "N43 0001"
