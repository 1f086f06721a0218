"""The fields of ours on ERPNext's DocTypes: which appointment a document is about, and what it was made for."""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

MODULE = "Clinic Booking"


def _field(fieldname: str, label: str, fieldtype: str, after: str, **more) -> dict:
	return {
		"fieldname": fieldname,
		"label": label,
		"fieldtype": fieldtype,
		"insert_after": after,
		"module": MODULE,
		"read_only": 1,
		"no_copy": 1,
		"print_hide": 1,
		**more,
	}


FIELDS = {
	"Sales Invoice": [
		_field(
			"clinic_booking_appointment",
			"Appointment",
			"Link",
			"customer_name",
			options="Clinic Appointment",
			search_index=1,
		),
		# Unique: what was made for one cause is there once, however often it was tried (PY-1).
		_field("clinic_booking_cause", "Cause", "Data", "clinic_booking_appointment", hidden=1, unique=1),
	],
	"Journal Entry": [
		# Unique: what the patient's bank took stands in the books once (MO-12).
		_field("clinic_booking_refund", "Refund", "Link", "user_remark", options="Online Refund", unique=1),
	],
	"Payment Entry": [
		_field(
			"clinic_booking_appointment",
			"Appointment",
			"Link",
			"party_name",
			options="Clinic Appointment",
			search_index=1,
		),
		_field("clinic_booking_cashier", "Cashier", "Link", "clinic_booking_appointment", options="User"),
		# Unique: what goes back stands in the books once (PY-5).
		_field(
			"clinic_booking_refund",
			"Refund",
			"Link",
			"clinic_booking_cashier",
			options="Online Refund",
			unique=1,
		),
		# Unique: what came through a provider or by transfer is posted once (PY-5).
		_field(
			"clinic_booking_payment",
			"Online Payment",
			"Link",
			"clinic_booking_cashier",
			options="Online Payment",
			unique=1,
		),
	],
}


def make() -> None:
	"""Make what is missing; runs at each migration."""
	create_custom_fields(FIELDS)


def delete() -> None:
	"""Take the fields and their columns away (LI-9)."""
	for doctype, fields in FIELDS.items():
		frappe.db.delete("Custom Field", {"dt": doctype, "module": MODULE})
		columns = ", ".join(f"DROP COLUMN IF EXISTS `{field['fieldname']}`" for field in fields)
		frappe.db.sql_ddl(f"ALTER TABLE `tab{doctype}` {columns}")
		frappe.clear_cache(doctype=doctype)
