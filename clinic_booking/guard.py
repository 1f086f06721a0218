"""What some of Frappe's own calls forget to ask (SE-1, IN-13).

Frappe checks permissions call by call, and a few calls don't: `frappe.client.get_count` counts whatever its
filters find, heat maps likewise, link search takes `ignore_user_permissions` from the caller, link titles,
tags, likes and assignments are had for any name. So before a request reaches Frappe: whoever names a DocType
of ours must be allowed to read it, and whoever names a document of ours must see that one.
"""

import json
import re
from collections.abc import Iterator

import frappe

from clinic_booking.permissions import CHILDREN, DOCTYPES, SEEN, is_unlimited, reach_of, unseen

# They count rows without asking whose. The desk counts with `frappe.desk.reportview.get_count`.
COUNTS_EVERYTHING = frozenset({"frappe.client.get_count", "Heatmap"})
# Frappe remembers a chart for everybody as it was drawn for the first who asked.
CHARTS = frozenset({"frappe.desk.doctype.dashboard_chart.dashboard_chart.get", "Dashboard Chart"})
# A family may be spread over clinics: what is linked here is shown, but not looked into.
INTO_OTHER_PATIENTS = re.compile(r"\b(guardian|possible_duplicate_of)\s*\.")
# Where a DocType is named: elsewhere "Doctor" may be somebody's designation.
PATH = re.compile(r"/api/(?:v[12]/)?(?:resource|document|doctype|method)/([^/]+)(?:/([^/]+))?")
KEY = re.compile(r"doctype|doc_type|document_type|parenttype|^c?dt$|^ref_dt$")


def check() -> None:
	"""Frappe's `auth_hooks`: after the caller is known, before anything is done.

	Our own calls have their door instead; guests reach nothing of ours but by it.
	"""
	user, form = frappe.session.user, frappe.local.form_dict
	if user in ("", "Guest") or str(form.get("cmd") or "").startswith("clinic_booking."):
		return
	path = PATH.match(frappe.local.request.path)
	in_path = {each for each in path.groups() if each} if path else set()
	texts = list(_texts(form))
	words = in_path | {text for _key, text in texts}
	if words & CHARTS:
		form["refresh"] = 1
	if words.isdisjoint(DOCTYPES) or is_unlimited(user):
		return
	if words & COUNTS_EVERYTHING:
		raise frappe.PermissionError
	doctypes = {text for key, text in texts if KEY.search(key)} | in_path - {path and path[2]}
	for doctype in doctypes & DOCTYPES:
		_check_one(doctype, {*in_path, *_named(form, doctype)}, words, user)


def _check_one(doctype: str, names: set[str], words: set[str], user: str) -> None:
	frappe.local.form_dict.pop("ignore_user_permissions", None)
	frappe.has_permission(CHILDREN.get(doctype, doctype), "read", throw=True)
	if any(map(INTO_OTHER_PATIENTS.search, words)):
		raise frappe.PermissionError
	if names and doctype in SEEN and unseen(doctype, names, reach_of(user)):
		raise frappe.PermissionError


def _texts(value, key: str = "") -> Iterator[tuple[str, str]]:
	"""Every text in the arguments, however deep, with the key that it stands under; DocTypes as keys, too."""
	value = _parsed(value)
	if isinstance(value, dict):
		for name, each in value.items():
			if name in DOCTYPES:
				yield "doctype", name
			yield from _texts(each, name)
	elif isinstance(value, list):
		for each in value:
			yield from _texts(each, key)
	elif isinstance(value, str):
		yield key, value


def _named(form: dict, doctype: str) -> Iterator[str]:
	"""What may be the name of a document that is asked for: not the values within one that is sent."""
	for value in map(_parsed, form.values()):
		if isinstance(value, str):
			yield value
		elif isinstance(value, list):
			yield from (each for each in value if isinstance(each, str))
		elif isinstance(value, dict) and value.get("doctype") == doctype:
			yield from (each for key in ("name", "docname") if isinstance(each := value.get(key), str))


def _parsed(value):
	"""JSON as it is sent within forms; anything else as it is."""
	if isinstance(value, str) and value[:1] in ("{", "[", '"'):
		try:
			return json.loads(value)
		except ValueError:
			return value
	return value
