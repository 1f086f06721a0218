"""Secrets that somebody typed into the settings page."""

import frappe


def password(settings, fieldname: str) -> str:
	"""A password field's own value, saved or not yet; "" for none.

	A saved one shows as asterisks and is kept encrypted elsewhere; with another site's key it can't be read,
	and then free visits can still be booked (`health` names it).
	"""
	shown = settings.get(fieldname) or ""
	if shown.strip("*"):
		return shown.strip()
	try:
		return (shown and settings.get_password(fieldname, raise_exception=False)) or ""
	except frappe.ValidationError:
		return ""
