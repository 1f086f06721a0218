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


def check() -> None:
	"""Frappe's `auth_hooks`: after the caller is known, before anything is done.

	Our own calls have their door instead; guests reach nothing of ours but by it.
	"""
	user, form = frappe.session.user, frappe.local.form_dict
	if user in ("", "Guest") or str(form.get("cmd") or "").startswith("clinic_booking."):
		return
	words = {*frappe.local.request.path.split("/"), *_words(form)}
	if words & CHARTS:
		form["refresh"] = 1
	doctypes = words & DOCTYPES
	if not doctypes or is_unlimited(user):
		return
	form.pop("ignore_user_permissions", None)
	if words & COUNTS_EVERYTHING or any(map(INTO_OTHER_PATIENTS.search, words)):
		raise frappe.PermissionError
	reach = reach_of(user)
	for doctype in doctypes:
		frappe.has_permission(CHILDREN.get(doctype, doctype), "read", throw=True)
		names = {*frappe.local.request.path.split("/"), *_named(form, doctype)}
		if doctype in SEEN and unseen(doctype, names, reach):
			raise frappe.PermissionError


def _words(value) -> Iterator[str]:
	"""Every text in the arguments, keys too, however deep."""
	value = _parsed(value)
	if isinstance(value, dict):
		for key, each in value.items():
			yield key
			yield from _words(each)
	elif isinstance(value, list):
		for each in value:
			yield from _words(each)
	elif isinstance(value, str):
		yield value


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
