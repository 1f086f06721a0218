"""Visits that are paid before: clinics with ways to pay, a provider in memory, and what patients and staff then do."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import frappe

from clinic_booking.billing import online_payments, transfers
from clinic_booking.billing.gateways.interface import EXPIRED, OPEN, PAID, Checkout, Standing
from clinic_booking.booking import status
from tests.builders import a_clinic, a_doctor, a_room, a_service, insert
from tests.scenes import Scene, on_day, raise_limits
from tests.site.billing.gateway import InMemory
from tests.site.booking.site_scene import MARIA, book, hold

BANK = {"bank_account_holder": "Sunrise Clinic S.L.", "bank_account_number": "ES91 2100 0418 4502 0005 1332"}
METHOD = "test_gateway"
NEXT_WEEK = on_day(7, 12)


class Provider(InMemory):
	"""Keeps what it was asked for, by key; `least` is the smallest amount that it takes."""

	name = METHOD

	def __init__(self, least="0.50"):
		super().__init__()
		self.demands, self.states, self.least, self.errors = {}, {}, Decimal(least), []

	def takes(self, amount, currency):
		return amount >= self.least

	def begin(self, demand):
		if self.errors:
			raise self.errors.pop()
		assert self.demands.setdefault(demand.key, demand) == demand
		checkout = f"cs_{demand.key[:10]}"
		self.states.setdefault(checkout, OPEN)
		return Checkout(checkout, f"https://pay.example/{checkout}", demand.expires_at)

	def look(self, checkout_id):
		demand = next(d for key, d in self.demands.items() if checkout_id == f"cs_{key[:10]}")
		amount, currency = self.paid.get(checkout_id, (demand.amount, demand.currency))
		return Standing(self.states[checkout_id], amount, currency, payment_id=f"pi_{checkout_id}")

	def end(self, checkout_id):
		if self.states[checkout_id] == OPEN:
			self.states[checkout_id] = EXPIRED
		return self.look(checkout_id)

	def pay(self, payment, amount=None, currency=None):
		"""The patient pays on the page of an Online Payment; how it stands then."""
		self.states[payment.checkout_id] = PAID
		amount = Decimal(str(payment.amount if amount is None else amount))
		self.paid[payment.checkout_id] = (amount, currency or payment.currency)
		return self.look(payment.checkout_id)


def a_paying_scene(
	payment="Pay First", price=35, deposit=0, rooms=0, company=None, clinic=None, **doctor
) -> Scene:
	"""A clinic that takes bank transfers, with one doctor and one service that is paid that way; commits."""
	raise_limits()
	if company:
		with_bank_account(company)
	place = a_clinic(**BANK | ({"company": company} if company else {}) | (clinic or {}))
	made_rooms = [a_room(place) for _ in range(rooms)]
	service = a_service(
		place,
		payment=payment,
		prices=[{"clinic": place.name, "price": price, "deposit": deposit}],
		**({"room_kind": "Consulting"} if rooms else {}),
	)
	made = a_doctor(service, clinics=[place], **doctor)
	frappe.db.commit()
	return Scene(
		place.name, (made.name,), (made.slug,), tuple(r.name for r in made_rooms), service.name, service.name
	)


def with_bank_account(company) -> None:
	"""What a chart of accounts made by ERPNext has only if the wizard was told of a bank."""
	group = frappe.db.get_value("Account", {"company": company, "account_type": "Bank", "is_group": 1})
	bank = {"account_name": "Bank", "company": company, "parent_account": group, "account_type": "Bank"}
	if not frappe.db.exists("Account", bank):
		insert("Account", **bank)


def awaiting(scene, method=None, start=NEXT_WEEK, contact=MARIA, **more) -> str:
	"""The token of a booking that waits for its payment, which is begun."""
	token = hold(scene, start, **more)["token"]
	book(token, contact, payment_method=method)
	online_payments.begin(token)
	return token


def payments_of(token) -> list:
	"""Its Online Payments, oldest first."""
	reference = status.find(token).reference
	names = frappe.get_all(
		"Online Payment", {"reference": reference}, pluck="name", order_by="creation, name"
	)
	return [frappe.get_doc("Online Payment", name) for name in names]


def pay(provider, token, amount=None, currency=None, **more) -> None:
	"""The patient pays, and the provider says so."""
	payment = payments_of(token)[-1]
	frappe.db.commit()
	online_payments.apply(payment.name, provider.pay(payment, amount, currency), **more)


def confirm_transfer(token, amount=35, **more):
	frappe.db.commit()
	return transfers.confirm(status.find(token), Decimal(str(amount)), **more)


def somebody(number: int):
	return replace(
		MARIA, name=f"Maria {number}", email=f"m{number}@example.com", phone=f"+3461100{number:04d}"
	)


def later(hours=0, minutes=0):
	return timedelta(hours=hours, minutes=minutes)
