import frappe
from frappe.model.document import Document


class OnlinePayment(Document):
	pass


def on_doctype_update():
	"""For the sweep of what is still open, the longest not looked at first."""
	frappe.db.add_index("Online Payment", ["state", "looked_at_utc"])
