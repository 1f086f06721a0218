"""Which gateways there are, by the method that api.md calls them: found through a hook (PY-7).

	clinic_booking_gateways = {"stripe": ["dotted.path.to.factory"]}

A factory takes nothing and returns a `Gateway`, or None where it is not set up. Another app adds its own in the
same way.
"""

import frappe

from clinic_booking.billing.gateways.interface import Gateway

HOOK = "clinic_booking_gateways"


def gateway(method: str) -> Gateway | None:
	"""The gateway behind a payment method; None for one that has none, or that is not set up."""
	return methods().get(method)


def methods() -> dict[str, Gateway]:
	"""Every gateway that is set up, by its method."""
	made = {name: frappe.get_attr(factories[-1])() for name, factories in _factories().items()}
	return {name: gateway for name, gateway in made.items() if gateway is not None}


def _factories() -> dict[str, list[str]]:
	return frappe.get_hooks(HOOK, {})
