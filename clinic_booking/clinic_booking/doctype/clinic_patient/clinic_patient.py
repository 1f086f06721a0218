from frappe.model.document import Document


class ClinicPatient(Document):
	pass
