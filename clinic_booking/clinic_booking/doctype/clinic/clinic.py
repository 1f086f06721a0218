import frappe
from frappe import _
from pydantic import TypeAdapter, ValidationError

from clinic_booking.booking.tried_again import TriedAgain
from clinic_booking.clinic_booking import hours
from clinic_booking.clinic_booking.people import give_role
from clinic_booking.clinic_booking.slug import free_slug
from clinic_booking.inputs import Email, fields_of
from clinic_booking.scheduling import walltime

BOOKED_ON = ("income_account", "cost_center", "tax_template")
EMAIL = TypeAdapter(Email)
STAFF_ROLES = {"Manager": "Clinic Manager", "Receptionist": "Clinic Receptionist"}


class Clinic(TriedAgain):
	def autoname(self):
		self.name = free_slug(self.doctype, self.title)

	def validate(self):
		self.check_timezone()
		self.check_email()
		self.take_currency()
		self.check_accounts()
		self.check_default_hours()
		self.check_room_kinds()
		self.check_staff()
		self.check_doctors_hours()

	def on_update(self):
		for row in self.staff:
			give_role(row.user, STAFF_ROLES[row.role])

	def check_timezone(self):
		try:
			walltime.zone(self.timezone)
		except walltime.UnknownZone:
			frappe.throw(_("There is no time zone {0}: choose one like Europe/Berlin").format(self.timezone))

	def check_email(self):
		"""NT-2: patients answer to it."""
		if not self.email:
			return
		try:
			self.email = EMAIL.validate_python(self.email)
		except ValidationError as error:
			label, message = _(self.meta.get_label("email")), _(fields_of(error)["body"])
			frappe.throw(_("{0}: {1}").format(label, message))

	def take_currency(self):
		"""PY-1: a clinic's currency is its company's. Prices are amounts of it and can't change theirs."""
		currency = frappe.get_cached_value("Company", self.company, "default_currency")
		before = self.get_doc_before_save()
		if (
			before
			and before.currency != currency
			and frappe.db.exists("Clinic Service Price", {"clinic": self.name})
		):
			frappe.throw(
				_(
					"Services have prices in {0} at this clinic: remove them before its currency becomes {1}"
				).format(before.currency, currency)
			)
		self.currency = currency

	def check_default_hours(self):
		for field in ("default_hours_start", "default_hours_end"):
			if hours.typed_time(self.get(field)) is None:
				self.set(field, self.meta.get_field(field).default)
		if self.default_hours:
			hours.check_default_hours(self)

	def check_accounts(self):
		"""PY-1: what its invoices are booked on belongs to the company that keeps its books."""
		for field in BOOKED_ON:
			doctype = self.meta.get_field(field).options
			if self.get(field) and frappe.db.get_value(doctype, self.get(field), "company") != self.company:
				frappe.throw(_("{0}: this belongs to another company").format(_(self.meta.get_label(field))))

	def check_doctors_hours(self):
		"""AV-1: in another zone, the same hours may overlap those at another clinic."""
		if self.is_new() or not self.has_value_changed("timezone"):
			return
		for name in frappe.get_all(
			"Doctor Clinic", {"clinic": self.name, "parenttype": "Doctor"}, pluck="parent"
		):
			doctor = frappe.get_doc("Doctor", name)
			calendar = hours.calendar_of(doctor, instead=self)
			hours.check_week(doctor, calendar)
			hours.check_extra_hours(calendar)

	def check_room_kinds(self):
		kinds = [row.kind.strip() for row in self.room_kinds]
		for row, kind in zip(self.room_kinds, kinds, strict=True):
			row.kind = kind
			if kinds.count(kind) > 1:
				frappe.throw(_("Row {0}: the room kind {1} is listed twice").format(row.idx, kind))
		rooms = frappe.get_all(
			"Clinic Room", {"clinic": self.name, "kind": ("not in", kinds)}, ["title", "kind"]
		)
		if rooms:
			frappe.throw(
				_("The room kind {0} is still that of {1}").format(rooms[0].kind, frappe.bold(rooms[0].title))
			)

	def check_staff(self):
		users = [row.user for row in self.staff]
		for row in self.staff:
			if users.count(row.user) > 1:
				frappe.throw(_("Row {0}: {1} is listed twice").format(row.idx, row.user))
