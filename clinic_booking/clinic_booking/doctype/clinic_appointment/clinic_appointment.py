import frappe
from frappe.model.document import Document


class ClinicAppointment(Document):
	pass


def on_doctype_update():
	"""For the day, week and history of a doctor, a patient, a clinic."""
	for column in ("doctor", "patient", "clinic"):
		frappe.db.add_index("Clinic Appointment", [column, "starts_at_utc"])
