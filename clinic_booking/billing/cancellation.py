"""What a patient gets back for a cancelled visit: by the policy at booking time, at the instant it was cancelled."""

from datetime import datetime
from decimal import Decimal

import frappe
from frappe import _

from clinic_booking.billing import credit_notes, ledger, refunds
from clinic_booking.billing.state import NOTHING
from clinic_booking.booking import terms
from clinic_booking.booking.alerts import end_alert, raise_alert
from clinic_booking.booking.appointments import BY_PATIENT
from clinic_booking.booking.clock import from_database
from clinic_booking.booking.money import rounded
from clinic_booking.scheduling import policy
from clinic_booking.scheduling.status import CANCELLED

KIND = "Credit"
VISIT = "Clinic Appointment"


def refund(facts, paid: Decimal) -> Decimal:
	"""How much of `paid` comes back (PO-3)."""
	return policy.refund(
		terms.frozen(facts.policy),
		from_database(facts.starts_at_utc),
		_cancelled_at(facts.name),
		paid,
		by_patient=facts.cancelled_by == BY_PATIENT,
	)


def compensate(facts, paid: Decimal) -> None:
	"""The clinic's credit on top, where the clinic cancels late what was paid (PO-3).

	What was paid by then the cancellation noted: it may have been handed out since. `paid`: what counts now.
	"""
	if facts.cancelled_by == BY_PATIENT:
		return
	credit = policy.compensation(
		terms.frozen(facts.policy),
		from_database(facts.starts_at_utc),
		_cancelled_at(facts.name),
		paid or rounded(facts.refund, facts.currency),
		rounded(frappe.db.get_value("Clinic", facts.clinic, "compensation"), facts.currency),
	)
	if credit:
		credit_notes.compensate(facts, credit)


def tell_of_credit(facts) -> None:
	"""Word to the desk while there is credit of a cancelled visit; where none is left nobody has to look at it any more,
	nor at what could not be given back and became credit."""
	left = sum((part for _note, part in credit_notes.left(facts)), NOTHING)
	if not left and not ledger.unallocated_sum(facts.name, facts.currency):
		refunds.all_is_well(facts.name)
	credit = left + credit_notes.left_on_top(facts) - refunds.promised(facts)
	if facts.status != CANCELLED or credit <= 0:
		end_alert(KIND, (VISIT, facts.name))
		return
	raise_alert(
		_("Appointment {0} was cancelled after it was paid: {1} {2} are the patient's credit").format(
			facts.reference, credit, facts.currency
		),
		KIND,
		(VISIT, facts.name),
		severity="Info",
		message=_(
			"The next visit booked at the desk uses it. Refund on the appointment gives it back as money."
		),
		clinic=facts.clinic,
		doctor=facts.doctor,
	)


def _cancelled_at(appointment: str) -> datetime:
	"""The instant of the cancellation, as its task noted it in the same transaction."""
	((instant,),) = frappe.db.sql(
		"SELECT MAX(creation) FROM `tabBilling Task` WHERE appointment = %s AND cause = 'on_cancel'",
		appointment,
	)
	return from_database(instant)
