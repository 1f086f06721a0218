import frappe

from clinic_booking.booking import (
	appointment_claims,
	appointment_times,
	appointments,
	history,
	kept,
	notes,
	overrules,
	refund,
)
from clinic_booking.booking.tried_again import TriedAgain
from clinic_booking.clinic_booking import typed
from clinic_booking.inputs import Email, Name, Reason, Timezone, line

CHECKS = typed.checks(
	contact_name=Name,
	contact_email=Email,
	timezone=Timezone,
	cancel_reason=Reason,
	squeeze_reason=line(140),
)


class ClinicAppointment(TriedAgain):
	"""A visit that is certain. Every save claims its time in the same transaction, or fails (BK-10)."""

	doctor_comes_first = True

	def validate(self):
		before = self.get_doc_before_save()
		kept.keep(self, before)
		self.check_what_was_typed(before)
		appointment_times.read_times(self, before)
		appointments.require_patient(self, before)
		appointments.identify(self, before)
		appointments.keep_contact(self, before)
		appointments.keep_to_states(self, before)
		appointments.decide_refund(self, before)
		appointments.take_terms(self, before)
		appointments.keep_room(self, before)
		appointments.keep_squeeze_in(self, before)
		appointment_times.settle_times(self, before)
		appointments.keep_to_the_future(self, before)
		appointments.keep_new_state(self, before)
		overrules.notice(self, before)

	def check_what_was_typed(self, before):
		"""Of a use case it was checked at the door."""
		if not (self.flags.in_use_case or self.flags.hold):
			typed.check(self, CHECKS, before)

	def on_update(self):
		before = self.get_doc_before_save()
		appointment_claims.keep_claims(self)
		appointments.record(self, before)
		appointments.announce(self, before)

	def on_trash(self):
		appointment_claims.release(self)

	def onload(self):
		self.set_onload("timezone", frappe.get_cached_value("Clinic", self.clinic, "timezone"))
		self.set_onload("changes", history.told(self))
		self.set_onload("if_cancelled", refund.if_clinic_cancels(self))
		self.set_onload("note", notes.for_reader(self, frappe.session.user))


def on_doctype_update():
	"""For the day, week and history of a doctor, a patient, a clinic (LI-1)."""
	for column in ("doctor", "patient", "clinic"):
		frappe.db.add_index("Clinic Appointment", [column, "starts_at_utc"])
