from frappe.model.document import Document

from clinic_booking.clinic_booking.slug import free_slug


class Clinic(Document):
	def autoname(self):
		self.name = free_slug(self.doctype, self.title)
