import frappe
from frappe.model.document import Document


class ClinicAlert(Document):
	def validate(self):
		if self.status == "Open":
			self.done_by = None
		elif self.has_value_changed("status"):
			self.done_by = frappe.session.user
