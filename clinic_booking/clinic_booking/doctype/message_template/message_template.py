import frappe
from frappe import _
from frappe.model.document import Document

from clinic_booking.messaging import filling, preview, wording

SHORT = "short"


class MessageTemplate(Document):
	"""A clinic's own words for one message, in one language (NT-6); without a clinic, those of all."""

	def validate(self):
		self.begin_with_what_is_shipped()
		self.check_texts()
		self.check_once()

	def onload(self):
		shown = preview.of(self.kind, self.family, self.language, self.subject, self.body, self.clinic)
		self.set_onload("preview", shown)

	def begin_with_what_is_shipped(self):
		if not (self.body or "").strip():
			self.subject, self.body = wording.in_language(self.kind, self.family, self.language)
		if self.family == SHORT:
			self.subject = ""

	def check_texts(self):
		for field in ("subject", "body"):
			try:
				filling.check(self.get(field) or "")
			except filling.BrokenText as error:
				frappe.throw(
					_("{0}, line {1}: {2} can't be filled in").format(
						_(self.meta.get_label(field)), error.line, frappe.bold(error.problem)
					)
				)
		if self.family != SHORT and not (self.subject or "").strip():
			frappe.throw(_("An e-mail needs a subject"))

	def check_once(self):
		same = {"kind": self.kind, "family": self.family, "language": self.language}
		same |= {"clinic": self.clinic or ("is", "not set"), "name": ("!=", self.name)}
		if frappe.db.exists("Message Template", same):
			frappe.throw(_("This message has a text of yours in this language already"))
