import frappe
from frappe import _

from clinic_booking.booking.money import rounded
from clinic_booking.booking.tried_again import TriedAgain
from clinic_booking.clinic_booking import hours
from clinic_booking.clinic_booking.slug import free_slug

LONGEST_BUFFER_MINUTES = 240


class ClinicService(TriedAgain):
	def autoname(self):
		self.name = free_slug(self.doctype, self.title)

	def validate(self):
		self.keep_item()
		self.check_lengths()
		self.check_prices()
		self.check_room_kind()

	def on_update(self):
		if not self.is_new() and self.has_value_changed("duration_minutes"):
			self.warn_doctors()

	def keep_item(self):
		"""The Item is the books' to set (PY-1): a form may be older, REST may name another's."""
		before = self.get_doc_before_save()
		self.item = before and before.item

	def check_lengths(self):
		if not self.override_buffers:
			self.buffer_before_minutes = self.buffer_after_minutes = 0
		fields = {
			"length_minutes": "duration_minutes",
			"buffer_before_minutes": "buffer_before_minutes",
			"buffer_after_minutes": "buffer_after_minutes",
		}
		hours.check_visit(
			self,
			fields,
			self.duration_minutes or 0,
			self.buffer_before_minutes or 0,
			self.buffer_after_minutes or 0,
		)
		for field in ("buffer_before_minutes", "buffer_after_minutes"):
			if (self.get(field) or 0) > LONGEST_BUFFER_MINUTES:
				frappe.throw(
					_("{0} can be at most {1}").format(_(self.meta.get_label(field)), LONGEST_BUFFER_MINUTES)
				)

	def check_prices(self):
		"""AV-4: one price per clinic, in its currency and no finer, and as the way of payment asks."""
		clinics = [row.clinic for row in self.prices]
		for row in self.prices:
			if clinics.count(row.clinic) > 1:
				frappe.throw(_("Prices, row {0}: this clinic is listed twice").format(row.idx))
			row.currency = frappe.get_cached_value("Clinic", row.clinic, "currency")
			row.price, row.deposit = row.price or 0, row.deposit or 0
			if any(amount != float(rounded(amount, row.currency)) for amount in (row.price, row.deposit)):
				frappe.throw(_("Prices, row {0}: {1} has no smaller unit").format(row.idx, row.currency))
			self.check_amounts(row)

	def check_amounts(self, row):
		if self.payment == "Free" and row.price:
			frappe.throw(_("Prices, row {0}: what is free has no price").format(row.idx))
		if self.payment in ("Deposit", "Pay First") and not row.price:
			frappe.throw(_("Prices, row {0}: what is paid when booking needs a price").format(row.idx))
		if self.payment == "Deposit" and not 0 < row.deposit <= row.price:
			frappe.throw(_("Prices, row {0}: the deposit is a part of the price").format(row.idx))
		if self.payment != "Deposit":
			row.deposit = 0

	def check_room_kind(self):
		"""AV-15: a clinic that offers it has rooms of the kind it needs."""
		self.room_kind = (self.room_kind or "").strip()
		for row in self.prices if self.room_kind else ():
			if not frappe.db.exists("Clinic Room Kind", {"parent": row.clinic, "kind": self.room_kind}):
				frappe.throw(
					_("Prices, row {0}: {1} has no room kind {2}").format(
						row.idx, frappe.get_cached_value("Clinic", row.clinic, "title"), self.room_kind
					)
				)

	def warn_doctors(self):
		doctors = frappe.get_all(
			"Doctor Service", {"service": self.name, "parenttype": "Doctor"}, pluck="parent", distinct=True
		)
		for doctor in doctors:
			frappe.get_doc("Doctor", doctor).warn_of_services_that_fit_nowhere()
