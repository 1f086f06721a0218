"""What a patient gets back for a cancelled visit: by the policy at booking time, at the instant it was cancelled."""

from datetime import datetime
from decimal import Decimal

import frappe
from frappe import _

from clinic_booking.billing import credit_notes, refunds
from clinic_booking.billing.state import NOTHING
from clinic_booking.booking import terms
from clinic_booking.booking.alerts import raise_alert
from clinic_booking.booking.appointments import BY_PATIENT
from clinic_booking.booking.clock import from_database
from clinic_booking.booking.money import rounded
from clinic_booking.scheduling import policy


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
	"""The clinic's credit on top, where the clinic cancels late (PO-3); and word to the desk that there is credit."""
	credit = NOTHING
	if facts.cancelled_by != BY_PATIENT:
		credit = policy.compensation(
			terms.frozen(facts.policy),
			from_database(facts.starts_at_utc),
			_cancelled_at(facts.name),
			paid,
			rounded(frappe.db.get_value("Clinic", facts.clinic, "compensation"), facts.currency),
		)
	if credit:
		credit_notes.compensate(facts, credit)
	credit += sum((left for _note, left in credit_notes.left(facts)), NOTHING) - refunds.promised(facts)
	if credit <= 0:
		return
	raise_alert(
		_("Appointment {0} was cancelled after it was paid: {1} {2} are the patient's credit").format(
			facts.reference, credit, facts.currency
		),
		"Credit",
		("Clinic Appointment", facts.name),
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
