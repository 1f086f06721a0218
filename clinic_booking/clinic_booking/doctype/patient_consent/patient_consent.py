from frappe.model.document import Document


class PatientConsent(Document):
	pass
