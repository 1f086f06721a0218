"""What a person at the clinic must look at."""

import frappe


def raise_alert(
	subject: str,
	kind: str,
	reference: tuple[str, str] | None = None,
	severity: str = "Error",
	message: str = "",
	clinic: str | None = None,
	doctor: str | None = None,
) -> None:
	"""Put an alert on the clinic's list; one that is still open for the same thing stays the only one.

	`reference` is (DocType, name). No patient's words belong into `subject` or `message` (SE-5).
	"""
	doctype, name = reference or (None, None)
	same = {"kind": kind, "status": "Open", "reference_doctype": doctype, "reference_name": name}
	if frappe.db.exists("Clinic Alert", same):
		return
	# Raised by the system, whoever is signed in.
	frappe.get_doc(
		doctype="Clinic Alert",
		subject=subject,
		severity=severity,
		message=message,
		clinic=clinic,
		doctor=doctor,
		**same,
	).insert(ignore_permissions=True)


def end_alert(kind: str, reference: tuple[str, str]) -> None:
	"""What an alert was about is over: where it is still open, it is done."""
	doctype, name = reference
	open_one = {"kind": kind, "status": "Open", "reference_doctype": doctype, "reference_name": name}
	# By name: an update by anything else locks the gaps beside it, and with them the alerts of strangers.
	for alert in frappe.get_all("Clinic Alert", open_one, pluck="name"):
		frappe.db.set_value("Clinic Alert", alert, "status", "Done", update_modified=False)


def add_to_alert(kind: str, reference: tuple[str, str], message: str) -> None:
	"""Say more in the alert that is open for the same thing, if there is one; no patient's words (SE-5)."""
	frappe.db.sql(
		"""UPDATE `tabClinic Alert` SET message = CONCAT_WS(' ', message, %s)
		WHERE kind = %s AND status = 'Open' AND reference_doctype = %s AND reference_name = %s""",
		(message, kind, *reference),
	)
