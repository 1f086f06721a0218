"""How a patient can pay before the visit, and what is due when (BK-5, PY-3). The ways come from other rooms:

	clinic_booking_ways_to_pay = ["dotted.path.of.a.function"]

Each function is given the rows of some clinics and returns `{clinic: [Way]}`, with as many queries however many
they are. Ways are remembered with what a doctor offers: whatever changes them must say so (`practices.changed`).

	clinic_booking_money_came_by = ["dotted.path.of.a.function"]

Each is given an appointment and returns the methods by which money has come for it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import frappe

HOOK = "clinic_booking_ways_to_pay"
MONEY_CAME_BY = "clinic_booking_money_came_by"
AT_CLINIC, CREDIT = "at_clinic", "credit"
FREE, OPTIONAL, DEPOSIT, PAY_FIRST = "free", "optional", "deposit", "pay_first"


@dataclass(frozen=True)
class Way:
	"""One way to pay, by the `method` of api.md.

	`takes(amount, currency)`: whether it can take that at all. It needs `least_minutes` until the visit starts, or
	until its notice limit (`until_notice`), and a booking waits for it `wait_minutes` and no longer than until then;
	None is the settings' wait.
	"""

	method: str
	takes: Callable[[Decimal, str], bool] = field(compare=False)
	least_minutes: int
	until_notice: bool = False
	wait_minutes: int | None = None

	def lead_minutes(self, notice_minutes: int) -> int:
		"""How long before the start it can be chosen at the latest."""
		return self.least_minutes + notice_minutes * self.until_notice

	def ends(self, start: datetime, notice_minutes: int) -> datetime:
		"""The last instant until which a visit that starts at `start` can wait for it."""
		return start - timedelta(minutes=notice_minutes * self.until_notice)


def at(clinics: Iterable) -> dict[str, tuple[Way, ...]]:
	"""The ways to pay that are set up, by clinic; `clinics` are their rows or documents."""
	clinics = list(clinics)
	ways = {clinic.name: () for clinic in clinics}
	for path in frappe.get_hooks(HOOK) if clinics else ():
		for name, more in frappe.get_attr(path)(clinics).items():
			ways[name] += tuple(more)
	return ways


def money_came_by(appointment) -> list[str]:
	"""The methods by which money has come for an appointment and could go back, the usual first; credit is none."""
	return [
		method for path in frappe.get_hooks(MONEY_CAME_BY) for method in frappe.get_attr(path)(appointment)
	]


def that_take(ways: Iterable[Way], amount: Decimal, currency: str) -> tuple[Way, ...]:
	"""Those that can take this amount; none for nothing."""
	return tuple(way for way in ways if amount > 0 and way.takes(amount, currency))


def in_time(ways: Iterable[Way], start: datetime, notice_minutes: int, now: datetime) -> tuple[Way, ...]:
	"""Those for which enough time is left at `now`."""
	left = (start - now) / timedelta(minutes=1)
	return tuple(way for way in ways if left >= way.lead_minutes(notice_minutes))


def due_first(payment: str, price: Decimal, deposit: Decimal) -> Decimal:
	"""What must be paid before a visit of that payment mode is certain (BK-5)."""
	if payment == DEPOSIT:
		return min(deposit, price)
	return price if payment == PAY_FIRST else price * 0
