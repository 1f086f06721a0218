"""What our print formats for ERPNext's documents print (hooks.py, `jinja`)."""

import frappe
from markupsafe import Markup

from clinic_booking.billing import papers
from clinic_booking.billing.ledger import INVOICE


def clinic_booking_paper(doc) -> Markup:
	"""A Sales Invoice, or the receipt along with a Payment Entry, of an appointment; empty for any other.

	Whoever may not see the appointment reads the customer's opaque name, and no receipt.
	"""
	name = doc.get("clinic_booking_appointment")
	if not (name and frappe.db.exists("Clinic Appointment", name)):
		return Markup()
	appointment = frappe.get_doc("Clinic Appointment", name)
	is_seen = appointment.has_permission("read")
	if doc.doctype == INVOICE:
		return Markup(papers.one_invoice(doc, appointment, is_seen))
	return Markup(papers.receipt(appointment) if is_seen else "")
