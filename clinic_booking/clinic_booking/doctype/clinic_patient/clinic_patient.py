import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, today

from clinic_booking.billing import credits
from clinic_booking.clinic_booking import typed
from clinic_booking.errors import Validation
from clinic_booking.inputs import Email, Name, Timezone, e164
from clinic_booking.permissions import is_unlimited, reach_of

CHECKS = typed.checks(patient_name=Name, email=Email, timezone=Timezone)
PHONES = ("phone", "emergency_contact_phone")


class ClinicPatient(Document):
	def validate(self):
		self.keep_links()
		typed.check(self, CHECKS)
		self.check_phones()
		self.check_birth_date()
		self.check_relations()

	def onload(self):
		"""What the patient can spend with the companies of the reader's clinics (PO-4)."""
		reader = frappe.session.user
		clinics = {} if is_unlimited(reader) else {"name": ("in", list(reach_of(reader).clinics))}
		companies = set(frappe.get_all("Clinic", clinics, pluck="company"))
		self.set_onload("credit", credits.balances(self.customer, companies) if self.customer else [])

	def keep_links(self):
		"""The Customer is the books' to set (PY-1), the old ID an import's: a form may be older, REST may name another's."""
		before = self.get_doc_before_save()
		self.customer = before and before.customer
		if not frappe.flags.in_import:
			self.old_id = before and before.old_id

	def check_phones(self):
		for field in PHONES:
			if not self.get(field):
				continue
			try:
				self.set(field, e164(self.get(field), self.country_code(), field))
			except Validation as error:
				typed.refuse(self, field, error.facts["fields"][field])

	def country_code(self) -> str | None:
		"""The country as of which a number without + is read: the clinic's, else the site's."""
		country = self.clinic and frappe.get_cached_value("Clinic", self.clinic, "country")
		country = country or frappe.get_system_settings("country")
		return country and frappe.get_cached_value("Country", country, "code")

	def check_birth_date(self):
		if self.birth_date and getdate(self.birth_date) > getdate(today()):
			typed.refuse(self, "birth_date", _("This is in the future."))

	def check_relations(self):
		for field in ("guardian", "possible_duplicate_of"):
			if self.get(field) and self.get(field) == self.name:
				typed.refuse(self, field, _("This is the patient again."))
