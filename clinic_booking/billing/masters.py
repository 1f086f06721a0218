"""The Customer of a patient and the Item of a service, made when first invoiced.

A Customer has neither name nor contact of the patient: whoever reads the books learns amounts only (PY-1).
"""

import frappe
from frappe.utils.nestedset import get_root_of

ITEM_GROUP = "Clinic Services"


def customer_of(patient: str) -> str:
	"""The patient's Customer; two invoices at once make it once."""
	return _linked("Clinic Patient", patient, "customer", _make_customer)


def item_of(service: str) -> str:
	"""The service's Item."""
	return _linked("Clinic Service", service, "item", _make_item)


def _linked(doctype: str, name: str, field: str, make) -> str:
	if known := frappe.db.get_value(doctype, name, field):
		return known
	# Locked until it is made, and read again: the other one may have been quicker.
	((known,),) = frappe.db.sql(f"SELECT `{field}` FROM `tab{doctype}` WHERE name = %s FOR UPDATE", name)
	if not known:
		known = make(name)
		frappe.db.set_value(doctype, name, field, known, update_modified=False)
	return known


def _make_customer(patient: str) -> str:
	customer = frappe.get_doc(
		doctype="Customer",
		customer_name=f"CB-{frappe.generate_hash(length=10).upper()}",
		customer_type="Individual",
	)
	# Nobody is signed in: the system invoices what was booked.
	return customer.insert(ignore_permissions=True).name


def _make_item(service: str) -> str:
	"""The Item named after the service, if it is there already: a service deleted and made again has the same."""
	code = f"CB-{service}"[:140]
	if frappe.db.exists("Item", code):
		return code
	item = frappe.get_doc(
		doctype="Item",
		item_code=code,
		item_name=frappe.db.get_value("Clinic Service", service, "title"),
		item_group=_item_group(),
		is_stock_item=0,
		include_item_in_manufacturing=0,
	)
	# Nobody is signed in: the system invoices what was booked.
	return item.insert(ignore_permissions=True).name


def _item_group() -> str:
	if not frappe.db.exists("Item Group", ITEM_GROUP):
		group = frappe.get_doc(
			doctype="Item Group", item_group_name=ITEM_GROUP, parent_item_group=get_root_of("Item Group")
		)
		# Nobody is signed in: the system makes what its invoices need.
		group.insert(ignore_permissions=True, ignore_if_duplicate=True)
	return ITEM_GROUP
