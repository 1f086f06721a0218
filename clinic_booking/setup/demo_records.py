"""Records of the demo clinic, each made once."""

from datetime import time

import frappe


def make_once(doctype: str, key: dict, **values) -> str:
	"""The name of the record with `key`, made with these values if it isn't there."""
	if name := frappe.db.exists(doctype, key):
		return name
	values = {field: str(value) if isinstance(value, time) else value for field, value in values.items()}
	return frappe.get_doc(doctype=doctype, **key, **values).insert().name


def name_of(doctype: str, title: str) -> str:
	"""The name of a record made before, by its title."""
	field = frappe.get_meta(doctype).title_field
	return frappe.db.get_value(doctype, {field: title}, "name", order_by="creation")
