import frappe
from frappe import _

from clinic_booking.booking.tried_again import TriedAgain


class ClinicRoom(TriedAgain):
	def validate(self):
		kinds = frappe.get_all("Clinic Room Kind", {"parent": self.clinic}, pluck="kind", order_by="idx")
		if self.kind not in kinds:
			frappe.throw(
				_("{0} has no room kind {1}: add it there first, or choose one of: {2}").format(
					frappe.get_cached_value("Clinic", self.clinic, "title"), self.kind, ", ".join(kinds)
				)
			)
