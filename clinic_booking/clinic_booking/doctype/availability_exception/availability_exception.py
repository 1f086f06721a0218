import frappe
from frappe import _

from clinic_booking.booking import claims
from clinic_booking.booking.tried_again import TriedAgain
from clinic_booking.clinic_booking import elsewhere, hours


class AvailabilityException(TriedAgain):
	doctor_comes_first = True

	def validate(self):
		if self.all_day:
			self.start_time = self.end_time = None
		elsewhere.check_exception(self)
		doctor, calendar = hours.locked_calendar(self.doctor)
		self.check_clinic(doctor)
		hours.check_exception(self, calendar)
		hours.warn_of_the_past(self)

	def on_update(self):
		self.check_extra_hours()

	def on_trash(self):
		elsewhere.check_exception(self)
		claims.lock_doctors([self.doctor])

	def after_delete(self):
		self.check_extra_hours()

	def check_clinic(self, doctor):
		if self.clinic and self.clinic not in [row.clinic for row in doctor.clinics]:
			frappe.throw(
				_("{0} does not work at {1}").format(
					doctor.doctor_name, frappe.get_cached_value("Clinic", self.clinic, "title")
				)
			)

	def check_extra_hours(self):
		"""One that closed hours may have made room for extra hours at another clinic."""
		_doctor, calendar = hours.locked_calendar(self.doctor)
		hours.check_extra_hours(calendar)
