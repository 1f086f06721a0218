"""Rows of our tables."""

import frappe
from frappe import _
from frappe.model.document import Document


class Row(Document):
	"""A row that lives and changes with its document only.

	Frappe lets whoever may write the document save or delete a row by itself (REST), and then none of the
	document's checks run. Saving the document doesn't come by here.
	"""

	def validate(self):
		self.refuse()

	def on_trash(self):
		self.refuse()

	def refuse(self):
		frappe.throw(_("Rows are changed with their {0}, not by themselves").format(_(self.parenttype)))
