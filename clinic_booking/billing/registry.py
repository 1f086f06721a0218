"""Which ways to pay there are, by the method that api.md calls them (PY-7). Gateways are found through a hook:

	clinic_booking_gateways = {"stripe": ["dotted.path.to.factory"]}

A factory takes nothing and returns a `Gateway`, or None where it is not set up. Another app adds its own in the
same way.
"""

import frappe

from clinic_booking.billing import bank_transfer, modes
from clinic_booking.billing.gateways.interface import Gateway
from clinic_booking.booking.ways_to_pay import Way

HOOK = "clinic_booking_gateways"
# A hosted page to pay on lives for half an hour at least (PY-2).
CHECKOUT_MINUTES = 35


def gateway(method: str) -> Gateway | None:
	"""The gateway behind a payment method; None for one that has none, or that is not set up."""
	return methods().get(method)


def methods() -> dict[str, Gateway]:
	"""Every gateway that is set up, by its method."""
	made = {name: frappe.get_attr(factories[-1])() for name, factories in _factories().items()}
	return {name: gateway for name, gateway in made.items() if gateway is not None}


def modes_of_gateways() -> set[str]:
	"""The modes of payment of the gateways, set up or not: money moves by them at the provider alone."""
	return {modes.mode_of(method) for method in _factories()}


def ways_to_pay(clinics: list) -> dict[str, list[Way]]:
	"""What the patients of each clinic can pay by before the visit: nothing that is half set up, or can't be booked."""
	online = [Way(method, gateway.takes, CHECKOUT_MINUTES) for method, gateway in methods().items()]
	accounts = modes.accounts({clinic.company for clinic in clinics})
	ways = {}
	for clinic in clinics:
		wanted = [*online, *([bank_transfer.way()] if bank_transfer.is_set_up(clinic) else [])]
		ways[clinic.name] = [way for way in wanted if (modes.mode_of(way.method), clinic.company) in accounts]
	return ways


def prepare(clinic) -> list[str]:
	"""Bring about what the ways to pay that a clinic has set up need in ERPNext; what is missing, in sentences."""
	wanted = [*methods(), *([bank_transfer.METHOD] if bank_transfer.is_set_up(clinic) else [])]
	for method in wanted:
		modes.prepare(method, clinic.company)
	reasons = (modes.missing(method, clinic.company) for method in wanted)
	return [reason for reason in reasons if reason]


def _factories() -> dict[str, list[str]]:
	return frappe.get_hooks(HOOK, {})
