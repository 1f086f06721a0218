"""Credit that patients spend when they are signed in; nobody else's, and none by what was typed."""

from dataclasses import replace
from decimal import Decimal

import frappe
import pytest

from clinic_booking.billing import own_credit
from clinic_booking.booking import book as booking
from clinic_booking.booking import refund as given_back
from clinic_booking.booking import status, tokens
from clinic_booking.errors import Validation
from tests.builders import a_patient
from tests.scenes import on_day
from tests.site.billing.online import NEXT_WEEK, a_paying_scene
from tests.site.billing.practice import Practice, become, payment_status, work_off
from tests.site.billing.test_credit import credit_of, paid
from tests.site.billing.test_money_back import cancel, paid_by
from tests.site.booking.site_scene import MARIA, do, hold, request_of
from tests.site.booking.site_scene import book as book_as

LOGIN = "maria@example.com"


@pytest.fixture
def maria(site):
	"""A patient with a login and 35 of credit at a clinic where visits cost 35 and are paid first."""
	frappe.get_doc(doctype="User", email=LOGIN, first_name="Maria", send_welcome_email=0).insert()
	scene = a_paying_scene()
	practice = Practice(
		frappe.get_doc("Clinic", scene.clinic),
		frappe.get_doc("Clinic Service", scene.visit),
		frappe.get_doc("Doctor", scene.doctors[0]),
		a_patient(patient_name=MARIA.name, email=MARIA.email, phone=MARIA.phone, user=LOGIN),
		Decimal("35.00"),
	)
	become(paid(practice), "Cancelled")
	work_off()
	assert credit_of(practice) == practice.price
	practice.scene = scene
	return practice


def book(practice, user=LOGIN, start=NEXT_WEEK, method="credit", contact=MARIA):
	token = hold(practice.scene, start)["token"]
	request = request_of(token)
	details = booking.Details(contact, None, method, own_credit.of(user))
	return token, do(booking.book, request.name, request.doctor, details)


def visit(answer):
	return frappe.get_doc("Clinic Appointment", answer["appointment"])


def ways(token, user=LOGIN):
	return own_credit.offer(status.booking(token), user)["terms"]["payment_methods"]


def test_signed_in_patient_pays_with_credit(maria):
	"""PO-4, BK-5: it is certain at once, and the books spend it."""
	_token, answer = book(maria)
	assert answer["status"] == "Confirmed"
	work_off()
	assert payment_status(visit(answer)) == "Paid" and credit_of(maria) == 0


def test_who_missed_too_many_pays_first_with_credit(maria):
	"""PY-8, PO-4: what they chose, as it is paid at once; nothing else is chosen for them."""
	become(maria.visit(), "No Show")
	frappe.db.set_single_value("Clinic Booking Settings", "pay_first_after_no_shows", 1)
	_token, answer = book(maria)
	assert answer["status"] == "Confirmed" and visit(answer).payment_method == "credit"


@pytest.mark.parametrize("user", ["Guest", "Administrator"])
def test_nobody_else_spends_it(maria, user):
	"""PO-4, SE-1: the same name, e-mail and phone are no proof."""
	with pytest.raises(Validation) as refused:
		book(maria, user)
	assert "payment_method" in refused.value.facts["fields"]


def test_login_spends_no_other_patients_credit(maria):
	"""PO-4: a visit for somebody else at the same phone."""
	with pytest.raises(Validation):
		book(maria, contact=replace(MARIA, name="Somebody Else"))


def test_it_is_not_spent_twice(maria):
	"""MO-20: before the worker came to the first booking, and after."""
	_token, first = book(maria)
	with pytest.raises(Validation):
		book(maria, start=on_day(7, 15))
	frappe.db.rollback()
	work_off()
	with pytest.raises(Validation):
		book(maria, start=on_day(7, 16))
	frappe.db.rollback()
	assert payment_status(visit(first)) == "Paid"


def test_it_is_not_promised_twice_before_it_is_invoiced(maria):
	"""MO-20: where the visit is invoiced when it is completed, the worker has nothing to spend it on before."""
	frappe.db.set_single_value("Clinic Booking Settings", "invoice_on", "Completion")
	_token, first = book(maria)
	work_off()
	with pytest.raises(Validation):
		book(maria, start=on_day(7, 15))
	frappe.db.rollback()
	become(visit(first), "Completed")
	work_off()
	assert payment_status(visit(first)) == "Paid" and credit_of(maria) == 0


@pytest.mark.parametrize("invoice_on", ["Confirmation", "Completion"])
def test_what_the_desk_has_booked_is_about_to_take_it(maria, invoice_on):
	"""MO-20, PO-4: a visit of the desk's spends credit by itself, when the worker comes to it or it is completed."""
	frappe.db.set_single_value("Clinic Booking Settings", "invoice_on", invoice_on)
	desk = maria.visit()
	if invoice_on == "Completion":
		work_off()
	with pytest.raises(Validation):
		book(maria)
	frappe.db.rollback()
	become(desk, "Cancelled")
	work_off()
	_token, answer = book(maria, start=on_day(7, 15))
	assert answer["status"] == "Confirmed"


def test_what_the_desk_books_later_does_not_take_it(maria):
	"""MO-20, PO-4: promised to a visit that is to come, another one that is completed first leaves it."""
	frappe.db.set_single_value("Clinic Booking Settings", "invoice_on", "Completion")
	_token, first = book(maria)
	desk = maria.visit()
	work_off()
	become(desk, "Completed")
	work_off()
	assert (payment_status(desk), credit_of(maria)) == ("Unpaid", 0)  # 35 of credit, and 35 owed
	become(visit(first), "Completed")
	work_off()
	assert (payment_status(visit(first)), payment_status(desk)) == ("Paid", "Unpaid")


def test_cancelled_before_it_was_invoiced_it_can_be_spent(maria):
	"""MO-20, PO-4: nothing was taken, so all of it is there again."""
	frappe.db.set_single_value("Clinic Booking Settings", "invoice_on", "Completion")
	_token, first = book(maria)
	work_off()
	become(visit(first), "Cancelled")
	work_off()
	_token, second = book(maria, start=on_day(7, 15))
	assert second["status"] == "Confirmed"


def test_too_little_makes_nothing_certain(maria):
	"""PO-4, BK-5: what is due first must be there."""
	frappe.db.set_value(
		"Clinic Service Price", {"parent": maria.scene.visit, "clinic": maria.scene.clinic}, "price", 36
	)
	maria.doctor.reload()
	maria.doctor.save()
	with pytest.raises(Validation):
		book(maria)


def test_offered_to_whoever_has_some(maria):
	"""PO-4, PO-5: among the ways to pay, for who is signed in; gone once it is spent."""
	token = hold(maria.scene, NEXT_WEEK)["token"]
	assert "credit" in ways(token)
	assert "credit" not in ways(token, "Guest") and "credit" not in ways(token, "Administrator")
	book(maria, start=on_day(7, 15))
	work_off()
	assert "credit" not in ways(token)


def test_not_offered_where_book_would_refuse(maria):
	"""PO-4, PO-5: another booking is about to take it; or it is less than is due."""
	token = hold(maria.scene, NEXT_WEEK)["token"]
	_token, first = book(maria, start=on_day(7, 15))
	assert "credit" not in ways(token)
	become(visit(first), "Cancelled")
	work_off()
	assert "credit" in ways(token)
	frappe.db.set_value("Booking Request", request_of(token).name, "price", 36)
	assert "credit" not in ways(token)


def test_offered_for_ones_own_booking(maria):
	"""PO-4: who has the link of somebody else's booking can't pay it with their credit."""
	own, others = (hold(maria.scene, on_day(7, hour))["token"] for hour in (12, 15))
	book_as(own, payment_method="bank_transfer")
	book_as(others, contact=replace(MARIA, name="Somebody Else"), payment_method="bank_transfer")
	assert "credit" in ways(own) and "credit" not in ways(others)


def test_asked_again_it_is_paid_once(maria):
	"""PO-4, api.md `request_id`: the same answer, before and after the worker; other arguments get none."""
	token = hold(maria.scene, NEXT_WEEK)["token"]
	book_as(token, payment_method="bank_transfer")
	first = own_credit.pay(token, LOGIN, "1")
	assert own_credit.pay(token, LOGIN, "1") == first
	work_off()
	assert own_credit.pay(token, LOGIN, "1") == first
	for user, request_id in (("Guest", "1"), (LOGIN, "2")):
		with pytest.raises(Validation):
			own_credit.pay(token, user, request_id)
		frappe.db.rollback()
	assert payment_status(status.find(token)) == "Paid"


def test_what_waits_for_its_money_is_paid_with_credit(maria):
	"""PO-4: booked to be paid by transfer, paid with credit after all."""
	token = hold(maria.scene, NEXT_WEEK)["token"]
	assert book_as(token, payment_method="bank_transfer")["status"] == "Awaiting Payment"
	with pytest.raises(Validation):
		own_credit.pay(token, "Guest")
	frappe.db.rollback()
	assert own_credit.pay(token, LOGIN)["amount"] == {"amount": "35.00", "currency": "EUR"}
	found = status.find(token)
	assert (found.doctype, found.status) == ("Clinic Appointment", "Confirmed")
	work_off()
	assert payment_status(found) == "Paid"


@pytest.mark.parametrize("wish", [None, "credit"])
def test_rest_paid_with_credit_leaves_the_deposit_money(maria, gateway, wish):
	"""PO-3, MO-16: a deposit by a provider, the rest with credit: cancelled, each goes back the way it came."""
	deposit = paid_by(maria, gateway, amount="10.00", patient=maria.patient.name)
	frappe.db.commit()
	assert own_credit.pay(tokens.token_of(deposit.seed), LOGIN)["amount"]["amount"] == "25.00"
	work_off()
	deposit.reload()
	assert (deposit.payment_status, deposit.payment_method) == ("Paid", "credit")
	cancelled = cancel(deposit, wish, cancelled_by="Patient")
	assert given_back.told(cancelled)["as"] == (wish or "money")
	assert gateway.total() == (0 if wish else Decimal("10.00"))
	assert credit_of(maria) == (Decimal("45.00") if wish else Decimal("35.00"))
