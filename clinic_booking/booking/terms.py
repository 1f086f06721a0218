"""The policy of a booking, frozen when it is made, and its terms as shown to the patient (PO-5)."""

import json
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from functools import lru_cache

import frappe
from babel import UnknownLocaleError
from babel.units import format_unit

from clinic_booking.booking import changes, ways_to_pay
from clinic_booking.booking.clock import from_database, iso, to_database
from clinic_booking.booking.money import money, rounded
from clinic_booking.booking.payable import Payable
from clinic_booking.booking.ways_to_pay import AT_CLINIC, CREDIT
from clinic_booking.scheduling import policy as scheduling_policy
from clinic_booking.scheduling.policy import Policy
from clinic_booking.translations import translate as _

SETTINGS = "Clinic Booking Settings"


def policy_now() -> Policy:
	"""The clinic's policy as set at this moment."""
	settings = frappe.get_cached_doc(SETTINGS)
	return Policy(
		move_minutes=settings.move_minutes,
		max_moves=settings.max_moves,
		max_moves_per_month=settings.max_moves_per_month,
		cancel_minutes=settings.cancel_minutes,
		late_cancel="refuse" if settings.late_cancel == "Refuse" else "allow",
		compensation_minutes=settings.compensation_minutes,
	)


def freeze(policy: Policy) -> str:
	"""A policy as kept with a booking: the one at booking time counts."""
	return json.dumps(asdict(policy))


def frozen(text: str | None) -> Policy:
	"""The policy kept with a booking, less what later versions no longer know; today's for one that has none."""
	if not text:
		return policy_now()
	kept = json.loads(text)
	return Policy(**{field.name: kept[field.name] for field in fields(Policy) if field.name in kept})


def answer_by(practice, start: datetime, now: datetime) -> datetime:
	"""Until when a doctor who approves bookings may answer: 24 hours, or the notice limit if that is sooner."""
	hours = frappe.get_cached_doc(SETTINGS).approval_hours
	return min(now + timedelta(hours=hours), _notice_limit(practice, start))


def waits_until(appointment, practice, start: datetime, now: datetime) -> datetime:
	"""Until when a Requested appointment waits once it starts at `start`: for an answer, or for money (BK-5)."""
	if appointment.approved_at_utc:
		return min(from_database(appointment.expires_at_utc), _notice_limit(practice, start))
	return answer_by(practice, start, now)


def _notice_limit(practice, start: datetime) -> datetime:
	return start - timedelta(minutes=practice.calendar.notice_minutes)


def refund_ways(booking) -> list[str]:
	"""As what a payment may come back, the usual first: money that came from elsewhere can go back there (PO-3)."""
	method = booking.payment_method
	if method == CREDIT:
		# Credit may have paid the rest only; of what it paid itself there is no money to send.
		came_by = ways_to_pay.money_came_by(booking)
		if not came_by:
			return ["credit"]
		method = came_by[0]
	return ["credit", "money"] if method in (None, "", AT_CLINIC) else ["money", "credit"]


def moves_this_month(booking, policy: Policy, now: datetime) -> int:
	"""How often the booking's patient moved appointments since the month began, by UTC; staff's moves don't count.

	Not counted where nothing is limited, nor for a request, whose patient is not known yet.
	"""
	if not policy.max_moves_per_month or not booking.get("patient"):
		return 0
	((moves,),) = frappe.db.sql(
		"""SELECT COUNT(*) FROM `tabAppointment Change` c JOIN `tabClinic Appointment` a ON a.name = c.appointment
		WHERE a.patient = %s AND c.what = %s AND c.role = 'Clinic Patient' AND c.at_utc >= %s""",
		(
			booking.patient,
			changes.MOVED,
			to_database(now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)),
		),
	)
	return moves


def shown(
	booking,
	payable: Payable,
	zone: str,
	now: datetime,
	moves: int = 0,
	paid=0,
	this_month: int = 0,
) -> dict:
	"""The `terms` of api.md for a request or an appointment, in the words and figures that apply (PO-5)."""
	policy = frozen(booking.policy)
	start = from_database(booking.starts_at_utc)
	figures = scheduling_policy.terms(policy, start, now, moves, rounded(paid, booking.currency), this_month)
	return {
		"cancel_until": iso(figures.cancel_until, zone),
		"move_until": iso(figures.move_until, zone),
		"moves_left": figures.moves_left,
		"refund_if_cancelled_now": money(figures.refund_if_cancelled_now, booking.currency)
		| {"as": refund_ways(booking) if figures.refund_if_cancelled_now else []},
		"payment_methods": payable.methods,
		"due_now": money(payable.due, booking.currency),
		"text": policy_text(policy, is_free=not booking.price),
	}


def policy_shape(policy: Policy) -> dict:
	"""The `policy` of api.md `doctor`."""
	return {
		"move_minutes": policy.move_minutes,
		"max_moves": policy.max_moves,
		"cancel_minutes": policy.cancel_minutes,
		"late_refund": "0",
		"text": policy_text(policy),
	}


def policy_text(policy: Policy, is_free: bool = False) -> str:
	"""The policy in two sentences for a patient, three with a limit by month, in the language of the request."""
	before = _length(policy.move_minutes)
	if not policy.max_moves:
		moving = _("You can't move your appointment online.")
	elif policy.max_moves == 1:
		moving = _("You can move your appointment once, up to {0} before it starts.").format(before)
	else:
		moving = _("You can move your appointment up to {0} before it starts, at most {1} times.").format(
			before, policy.max_moves
		)
	if policy.max_moves and policy.max_moves_per_month == 1:
		moving += " " + _("You can move appointments once a month at most.")
	elif policy.max_moves and policy.max_moves_per_month:
		moving += " " + _("You can move appointments at most {0} times a month.").format(
			policy.max_moves_per_month
		)
	if policy.late_cancel == "refuse":
		cancelling = _("You can cancel up to {0} before it starts.")
	elif is_free:
		cancelling = _("You can cancel at any time before it starts.")
	else:
		cancelling = _(
			"You can cancel at any time before it starts; up to {0} before, you get back all you paid."
		)
	return f"{moving} {cancelling.format(_length(policy.cancel_minutes))}"


def _length(minutes: int) -> str:
	return _length_in(frappe.local.lang or "en", minutes)


@lru_cache(maxsize=256)
def _length_in(language: str, minutes: int) -> str:
	"""`45 minutes`, `1 oră`, `24 de ore`: in the plural that the number has in the language."""
	amount, unit = (minutes // 60, "hour") if minutes and minutes % 60 == 0 else (minutes, "minute")
	try:
		return format_unit(amount, f"duration-{unit}", "long", locale=language.replace("-", "_"))
	except UnknownLocaleError:
		return format_unit(amount, f"duration-{unit}", "long", locale="en")
