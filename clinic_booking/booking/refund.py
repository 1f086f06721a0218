"""What a cancelled visit gives back, and as what: decided when it is cancelled, by the policy it was booked with (PO-3)."""

from datetime import datetime
from decimal import Decimal

from clinic_booking.booking import clock, terms
from clinic_booking.booking.clock import from_database
from clinic_booking.booking.money import money, rounded
from clinic_booking.scheduling import policy, status

MONEY, CREDIT, NONE = "money", "credit", "none"


def decide(appointment, before, by_patient: bool) -> None:
	"""Note on an appointment that is being cancelled what goes back of what was paid, as was chosen or is usual."""
	if before is None or not before.status != appointment.status == status.CANCELLED:
		return
	now = appointment.flags.now or clock.now()
	amount = _due_back(appointment, before.starts_at_utc, now, by_patient)
	appointment.refund = float(amount)
	appointment.refund_as = _as_what(appointment) if amount else None


def if_clinic_cancels(appointment) -> dict:
	"""The same as `told`, of a visit that doctor or clinic were to cancel now."""
	amount = _due_back(appointment, appointment.starts_at_utc, clock.now(), by_patient=False)
	return money(amount, appointment.currency) | {"as": _as_what(appointment) if amount else NONE}


def _due_back(appointment, starts_at_utc: datetime, now: datetime, by_patient: bool) -> Decimal:
	paid = rounded(appointment.paid, appointment.currency) if appointment.paid else Decimal(0)
	rules = terms.frozen(appointment.policy)
	return policy.refund(rules, from_database(starts_at_utc), now, paid, by_patient)


def _as_what(appointment) -> str:
	offered, chosen = terms.refund_ways(appointment), appointment.flags.refund_as
	return chosen if chosen in offered else offered[0]


def told(booking) -> dict:
	"""`{amount, currency, as}` of api.md `cancel`, the same however often it is asked."""
	return money(booking.get("refund"), booking.currency) | {"as": booking.get("refund_as") or NONE}
