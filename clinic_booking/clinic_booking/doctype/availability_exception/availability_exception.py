import frappe
from frappe import _
from frappe.model.document import Document

from clinic_booking.clinic_booking import hours


class AvailabilityException(Document):
	def validate(self):
		if self.all_day:
			self.start_time = self.end_time = None
		doctor = frappe.get_doc("Doctor", self.doctor)
		self.check_clinic(doctor)
		hours.check_exception(self, hours.calendar_of(doctor))

	def on_update(self):
		self.check_extra_hours()

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
		hours.check_extra_hours(hours.calendar_of(frappe.get_doc("Doctor", self.doctor)))
