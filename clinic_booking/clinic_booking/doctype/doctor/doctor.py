from collections import defaultdict

import frappe
from frappe import _

from clinic_booking.booking.money import rounded
from clinic_booking.booking.tried_again import TriedAgain
from clinic_booking.clinic_booking import elsewhere, hours, photo
from clinic_booking.clinic_booking.people import give_role
from clinic_booking.clinic_booking.slug import free_slug, is_slug
from clinic_booking.scheduling.calendar import Visit

LONGEST_BUFFER_MINUTES = 240
LONGEST_HORIZON_DAYS = 730


class Doctor(TriedAgain):
	def validate(self):
		self.set_slug()
		self.check_rules()
		self.check_lists()
		self.check_services()
		self.check_hours()
		elsewhere.check_doctor(self)
		self.keep_rating()
		photo.read(self)

	def on_update(self):
		photo.keep(self)
		if self.user:
			give_role(self.user, "Clinic Doctor")
		self.warn_of_services_that_fit_nowhere()

	def set_slug(self):
		self.slug = (self.slug or "").strip()
		if not self.slug:
			self.slug = free_slug(self.doctype, self.doctor_name, "slug")
		elif not is_slug(self.slug):
			frappe.throw(
				_("The page address is made of small letters, digits and dashes: {0} is not").format(
					self.slug
				)
			)

	def check_rules(self):
		fields = {
			"buffer_before_minutes": "buffer_before_minutes",
			"buffer_after_minutes": "buffer_after_minutes",
			"grid_minutes": "grid_minutes",
		}
		hours.check_visit(
			self,
			fields,
			30,
			self.buffer_before_minutes or 0,
			self.buffer_after_minutes or 0,
			self.grid_minutes or 0,
		)
		limits = {
			"buffer_before_minutes": LONGEST_BUFFER_MINUTES,
			"buffer_after_minutes": LONGEST_BUFFER_MINUTES,
			"grid_minutes": LONGEST_BUFFER_MINUTES,
			"horizon_days": LONGEST_HORIZON_DAYS,
		}
		for field, most in limits.items():
			if (self.get(field) or 0) > most:
				frappe.throw(_("{0} can be at most {1}").format(_(self.meta.get_label(field)), most))

	def check_lists(self):
		for table, field in (("clinics", "clinic"), ("specialties", "specialty"), ("languages", "language")):
			values = [row.get(field) for row in self.get(table)]
			for value in values:
				if values.count(value) > 1:
					frappe.throw(_("{0}: {1} is listed twice").format(_(self.meta.get_label(table)), value))

	def check_services(self):
		"""AV-4: one length per service, one own price per clinic that has a price for it."""
		own_prices = [(row.service, row.clinic or None) for row in self.services]
		lengths = defaultdict(set)
		for row in self.services:
			if own_prices.count((row.service, row.clinic or None)) > 1:
				frappe.throw(_("Services, row {0}: this is listed twice").format(row.idx))
			if row.duration_minutes:
				lengths[row.service].add(row.duration_minutes)
				hours.check_visit(row, {"length_minutes": "duration_minutes"}, row.duration_minutes, 0, 0)
			if len(lengths[row.service]) > 1:
				frappe.throw(_("Services, row {0}: a service has one length per doctor").format(row.idx))
			self.check_own_price(row)

	def check_own_price(self, row):
		if not row.clinic:
			row.price = 0
			row.currency = None
			return
		if row.clinic not in [work.clinic for work in self.clinics]:
			frappe.throw(_("Services, row {0}: the doctor does not work at this clinic").format(row.idx))
		deposit = frappe.db.get_value(
			"Clinic Service Price", {"parent": row.service, "clinic": row.clinic}, "deposit"
		)
		if deposit is None:
			frappe.throw(_("Services, row {0}: the service has no price at this clinic").format(row.idx))
		row.currency = frappe.get_cached_value("Clinic", row.clinic, "currency")
		if not row.price or row.price < deposit:
			frappe.throw(
				_("Services, row {0}: give a price, not below the deposit, or leave the clinic blank").format(
					row.idx
				)
			)
		if row.price != float(rounded(row.price, row.currency)):
			frappe.throw(_("Services, row {0}: {1} has no smaller unit").format(row.idx, row.currency))

	def check_hours(self):
		clinics = [row.clinic for row in self.clinics]
		for row in self.availability:
			if row.clinic not in clinics:
				frappe.throw(_("Hours, row {0}: the clinic is not among the doctor's").format(row.idx))
		# The form's row is locked by now, a new one is nobody's yet.
		calendar = hours.calendar_of(self, is_locked=not self.is_new())
		hours.check_week(self, calendar)
		hours.check_extra_hours(calendar)

	def warn_of_services_that_fit_nowhere(self):
		"""AV-11: what is offered should fit into some block."""
		own_lengths = {row.service: row.duration_minutes for row in self.services if row.duration_minutes}
		offered = frappe.get_all(
			"Clinic Service",
			{"name": ("in", [row.service for row in self.services]), "enabled": 1},
			["name", "title", "duration_minutes"],
			order_by="title",
		)
		visits = {row.title: Visit(own_lengths.get(row.name, row.duration_minutes)) for row in offered}
		hours.warn_of_services_that_fit_nowhere(visits, hours.calendar_of(self), self.doctor_name)

	def keep_rating(self):
		"""The sums of patients' stars: the form may be older than the last of them."""
		if not self.is_new():
			self.rating_sum, self.rating_count = frappe.db.get_value(
				"Doctor", self.name, ["rating_sum", "rating_count"], for_update=True
			)
