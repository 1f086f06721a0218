"""Money in a real browser: a transfer that staff confirm, a visit that the doctor cancels, one cancelled too late."""

from datetime import timedelta
from decimal import Decimal

import frappe
import pytest
from frappe.utils.password import update_password
from playwright.sync_api import expect

from clinic_booking.booking import tokens
from clinic_booking.booking.patients import Contact
from tests import builders
from tests.browser.steps import DESKTOP, check, fill, pick, tomorrow
from tests.scenes import Scene, on_day, raise_limits
from tests.site.billing.online import BANK
from tests.site.billing.practice import invoices, payment_status, work_off
from tests.site.billing.test_credit import starts_in
from tests.site.booking.site_scene import booked as booked_online

PASSWORD = "a-password-of-the-test"
PRICE = Decimal("35.00")
GUEST = {"name": "Maria Ionescu", "email": "maria@example.com", "phone": "+34 611 222 333"}


@pytest.fixture
def screen():
	return DESKTOP


@pytest.fixture
def clinic(server):
	raise_limits()
	return builders.a_clinic(title="Sunrise", city="Madrid", **BANK)


@pytest.fixture
def visit(clinic):
	return builders.a_service(clinic, title="First visit", payment="Pay First", price=35)


@pytest.fixture
def doctor(clinic, visit):
	made = builders.a_doctor(visit, clinics=[clinic], doctor_name="Dr. Ana Popescu", hours=("08:00", "12:00"))
	frappe.db.commit()
	return made


@pytest.fixture
def booked(page, doctor, visit):
	"""Booked on the page, by bank transfer; the request that waits for it."""
	page.goto(f"/book/{doctor.slug}/{visit.name}?from={tomorrow() + timedelta(days=7)}")
	pick(page)
	fill(page)
	check(page)
	page.get_by_role("button", name="Confirm the booking").click()
	expect(page.get_by_role("heading", name="Waiting for your payment")).to_be_visible()
	frappe.db.rollback()
	return frappe.get_last_doc("Booking Request")


@pytest.fixture
def sign_in(page, clinic, doctor):
	"""A function that signs somebody of the clinic in."""

	def signed_in(role):
		page.expected_errors.append("socket.io")
		# No server for live updates runs beside the test site's.
		page.route("**/socket.io/**", lambda route: route.fulfill(body=""))
		email = f"{role.lower()}@staff.example"
		user = builders.insert(
			"User", email=email, first_name=role, send_welcome_email=0, user_type="System User"
		)
		update_password(user.name, PASSWORD)
		if role == "Doctor":
			frappe.get_doc("Doctor", doctor.name).update({"user": email}).save()
		else:
			place = frappe.get_doc("Clinic", clinic.name)
			place.append("staff", {"user": email, "role": role})
			place.save()
		frappe.db.commit()
		answer = page.request.post("/api/method/login", data={"usr": email, "pwd": PASSWORD})
		assert answer.ok, answer.text()

	return signed_in


def button(page, name):
	return page.get_by_role("button", name=name, exact=True).and_(page.locator(":visible"))


def confirm_transfer(page, request, shots=None):
	"""Staff see the money on the clinic's account, and say so on the request."""
	page.goto(f"/app/booking-request/{request.name}")
	button(page, "Confirm Transfer").click()
	dialog = page.locator(".modal.show", has_text="Confirm Transfer")
	expect(dialog.locator("input[data-fieldname=amount]")).to_have_value("35")
	if shots:
		shots("1-confirm")
	dialog.get_by_role("button", name="Confirm", exact=True).click()
	expect(page.locator(".indicator-pill:visible", has_text="Confirmed").first).to_be_visible(timeout=30_000)
	work()
	frappe.db.rollback()
	return frappe.get_doc("Clinic Appointment", {"reference": request.reference})


def work():
	frappe.db.commit()
	work_off()


def credit_of(appointment) -> Decimal:
	customer = frappe.db.get_value("Clinic Patient", appointment.patient, "customer")
	((owed,),) = frappe.db.sql(
		"SELECT SUM(credit - debit) FROM `tabGL Entry` WHERE party = %s AND is_cancelled = 0", customer
	)
	return Decimal(str(owed)).quantize(PRICE)


def test_transfer_is_confirmed_and_in_the_books(page, booked, sign_in, shots):
	"""PY-3, PY-1, PY-5: booked by a patient, confirmed by reception, in the General Ledger; a part is given back."""
	sign_in("Receptionist")
	appointment = confirm_transfer(page, booked, shots)
	assert (appointment.status, payment_status(appointment)) == ("Confirmed", "Paid")
	(invoice,) = invoices(appointment)
	(entry,) = frappe.get_all("Payment Entry", {"clinic_booking_appointment": appointment.name}, pluck="name")
	for voucher in (invoice.name, entry):
		lines = frappe.get_all("GL Entry", {"voucher_no": voucher}, ["debit", "credit"])
		assert sum(line.debit for line in lines) == sum(line.credit for line in lines) == 35
	page.goto(f"/app/clinic-appointment/{appointment.name}")
	expect(button(page, "Refund")).to_be_visible()
	expect(button(page, "Take Payment")).to_have_count(0)
	shots("2-paid")
	button(page, "Refund").click()
	dialog = page.locator(".modal.show", has_text="Refund")
	expect(dialog.locator("input[data-fieldname=amount]")).to_have_value("35.00")
	dialog.locator("input[data-fieldname=amount]").fill("5.00")
	shots("3-refund")
	dialog.locator(".btn-primary:visible").click()
	expect(dialog).to_have_count(0, timeout=30_000)
	work()
	frappe.db.rollback()
	assert payment_status(appointment) == "Partly Refunded" and credit_of(appointment) == 0


def test_reception_takes_a_part_twice(page, doctor, visit, clinic, sign_in):
	"""PY-4, MO-9: ten of thirty-five, and ten more of what the desk sees is left."""
	appointment = builders.insert(
		"Clinic Appointment",
		doctor=doctor.name,
		service=visit.name,
		clinic=clinic.name,
		patient=builders.a_patient().name,
		starts_at_utc=on_day(7, 9).replace(tzinfo=None),
	)
	work()
	sign_in("Receptionist")
	for there, left in (("35.00", 25), ("25.00", 15)):
		page.goto(f"/app/clinic-appointment/{appointment.name}")
		button(page, "Take Payment").click()
		dialog = page.locator(".modal.show", has_text="Take Payment")
		expect(dialog.locator("input[data-fieldname=amount]")).to_have_value(there)
		dialog.locator("input[data-fieldname=amount]").fill("10.00")
		dialog.locator(".btn-primary:visible").click()
		expect(dialog).to_have_count(0, timeout=30_000)
		frappe.db.rollback()
		assert invoices(appointment)[0].outstanding_amount == left


def test_doctor_who_cancels_late_gives_all_back_and_ten(page, booked, doctor, visit, clinic, sign_in, shots):
	"""PO-3, PO-4: the transfer goes back, 10 are credit; the desk's next visit uses them, a guest's does not."""
	sign_in("Receptionist")
	appointment = confirm_transfer(page, booked)
	starts_in(appointment, 30)
	frappe.db.commit()
	sign_in("Doctor")
	page.goto(f"/app/clinic-appointment/{appointment.name}")
	button(page, "Cancel Appointment").click()
	dialog = page.locator(".modal.show")
	expect(dialog.get_by_text("35.00 goes back the way it was paid.")).to_be_visible()
	shots("1-cancel")
	dialog.locator("textarea[data-fieldname=reason]").fill("Ill")
	dialog.locator(".btn-primary:visible").click()
	expect(page.locator(".indicator-pill:visible", has_text="Cancelled").first).to_be_visible(timeout=30_000)
	work()
	assert payment_status(appointment) == "Refunded"
	(draft,) = frappe.get_all(
		"Payment Entry", {"clinic_booking_refund": ("is", "set"), "docstatus": 0}, ["paid_amount"]
	)
	assert draft.paid_amount == 35 and credit_of(appointment) == PRICE + 10
	sign_in("Manager")
	page.goto(f"/app/clinic-patient/{appointment.patient}")
	expect(page.get_by_text("10.00 EUR")).to_be_visible()
	shots("2-credit")
	guests = a_guests_booking(doctor, visit)
	work()
	assert payment_status(guests) == "Unpaid"
	desk = builders.insert(
		"Clinic Appointment",
		doctor=doctor.name,
		service=visit.name,
		clinic=clinic.name,
		patient=appointment.patient,
		starts_at_utc=guests.starts_at_utc + timedelta(hours=1),
	)
	work()
	assert payment_status(desk) == "Partly Paid"
	assert invoices(desk)[0].outstanding_amount == 25


def a_guests_booking(doctor, visit):
	"""Somebody books online under the same name and phone."""
	contact = Contact(GUEST["name"], GUEST["email"], "+34611222333")
	frappe.db.set_value("Clinic Service", visit.name, "payment", "At Clinic")
	frappe.get_doc("Clinic Service", visit.name).save()
	scene = Scene("", (doctor.name,), (doctor.slug,), (), visit.name, visit.name)
	return booked_online(scene, on_day(9, 9), contact)


def test_cancelled_too_late_gives_nothing_back(page, booked, sign_in, shots):
	"""PO-2, PO-3: the page says so before, and nothing moves after."""
	sign_in("Receptionist")
	appointment = confirm_transfer(page, booked)
	starts_in(appointment, 30)
	frappe.db.commit()
	page.context.clear_cookies()
	page.goto(f"/booking/{tokens.token_of(appointment.seed)}?change=cancel")
	shots("1-too-late")
	page.get_by_role("button", name="Cancel the appointment").click()
	expect(page.get_by_role("heading", name="This appointment is cancelled")).to_be_visible()
	work()
	frappe.db.rollback()
	assert frappe.db.count("Online Refund") == 0
	assert (payment_status(appointment), credit_of(appointment)) == ("Paid", Decimal("0.00"))
	assert len(invoices(appointment)) == 1
