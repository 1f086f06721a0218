import frappe
import pytest

from tests.builders import a_clinic, a_room, a_service, insert


@pytest.fixture
def clinic():
	return a_clinic()


@pytest.mark.parametrize("length", [0, 5, 12, 241, 245, -30])
def test_length_is_10_to_240_in_fives(clinic, length):
	"""AV-4: a service lasts a multiple of 5, 10 to 240."""
	with pytest.raises(frappe.ValidationError):
		a_service(clinic, duration_minutes=length)


def test_buffers_are_own_or_none(clinic):
	"""AV-5: a service's buffers count only when it overrides the doctor's, and keep to the fives."""
	service = a_service(clinic, override_buffers=1, buffer_before_minutes=5, buffer_after_minutes=15)
	service.override_buffers = 0
	service.save()
	assert (service.buffer_before_minutes, service.buffer_after_minutes) == (0, 0)
	with pytest.raises(frappe.ValidationError, match="multiple of 5"):
		a_service(clinic, override_buffers=1, buffer_before_minutes=4)
	with pytest.raises(frappe.ValidationError, match="at most 240"):
		a_service(clinic, override_buffers=1, buffer_before_minutes=300)


def test_one_price_per_clinic_in_its_currency(clinic):
	"""AV-4: the currency is the clinic's whatever is sent; one row per clinic."""
	row = {"clinic": clinic.name, "price": 35, "currency": "JPY"}
	assert a_service(price=35, prices=[row]).prices[0].currency == "EUR"
	with pytest.raises(frappe.ValidationError, match="listed twice"):
		a_service(price=35, prices=[row, row])


@pytest.mark.parametrize(
	("payment", "price", "deposit", "why"),
	[
		("Free", 1, 0, "no price"),
		("Pay First", 0, 0, "needs a price"),
		("Deposit", 35, 0, "part of the price"),
		("Deposit", 35, 36, "part of the price"),
		("At Clinic", -1, 0, "negative"),
		("At Clinic", 35.001, 0, "smaller unit"),
	],
)
def test_amounts_fit_the_way_of_payment(clinic, payment, price, deposit, why):
	"""AV-4, MO-15: what is free costs nothing, what is paid first something, in whole cents."""
	with pytest.raises(frappe.ValidationError, match=why):
		a_service(payment=payment, prices=[{"clinic": clinic.name, "price": price, "deposit": deposit}])


def test_deposit_goes_with_its_way_of_payment(clinic):
	"""AV-4: a deposit left over from another way of payment is dropped."""
	service = a_service(payment="Deposit", prices=[{"clinic": clinic.name, "price": 80, "deposit": 20}])
	service.payment = "At Clinic"
	assert service.save().prices[0].deposit == 0


def test_currency_without_cents_has_none():
	"""MO-15: a price in yen is whole."""
	company = insert(
		"Company", company_name="Yen Clinics", abbr="YNC", default_currency="JPY", country="Japan"
	)
	tokyo = a_clinic(company=company.name, timezone="Asia/Tokyo", country="Japan", phone=None)
	assert a_service(tokyo, price=3500).prices[0].currency == "JPY"
	with pytest.raises(frappe.ValidationError, match="JPY has no smaller unit"):
		a_service(tokyo, price=3500.5)


def test_room_kind_exists_where_it_is_offered(clinic):
	"""AV-15: a service needs a kind of room that each of its clinics has."""
	a_room(clinic, kind="Ultrasound")
	assert a_service(clinic, room_kind="Ultrasound").name
	with pytest.raises(frappe.ValidationError, match="no room kind Ultrasound"):
		a_service(clinic, a_clinic(), room_kind="Ultrasound")
