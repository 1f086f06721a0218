"""Who is at the desk, and the documents that they name."""

import frappe

from clinic_booking.errors import NotFound

RECEPTION = ("Clinic Manager", "Clinic Receptionist", "Clinic Doctor", "System Manager")


def reach(doctype: str, name: str, ptype: str = "read"):
	"""The document, if the caller may do `ptype` with it; one that is not there looks like one out of reach."""
	if not frappe.db.exists(doctype, name):
		raise NotFound
	doc = frappe.get_doc(doctype, name)
	if not doc.has_permission(ptype):
		raise NotFound
	return doc
