"""Who is at the desk, and the documents that they name."""

import frappe

from clinic_booking.errors import NotFound
from clinic_booking.permissions import is_unlimited, reach_of

RECEPTION = ("Clinic Manager", "Clinic Receptionist", "Clinic Doctor", "System Manager")


def reach(doctype: str, name: str, ptype: str = "read"):
	"""The document, if the caller may do `ptype` with it; one that is not there looks like one out of reach."""
	if not frappe.db.exists(doctype, name):
		raise NotFound
	doc = frappe.get_doc(doctype, name)
	if not doc.has_permission(ptype):
		raise NotFound
	return doc


def reach_till(doctype: str, name: str, ptype: str = "read"):
	"""The same, at a clinic where the caller is staff: a doctor's own visits elsewhere are not theirs to cash."""
	doc = reach(doctype, name, ptype)
	user = frappe.session.user
	if not is_unlimited(user) and doc.clinic not in reach_of(user).clinics:
		raise NotFound
	return doc
