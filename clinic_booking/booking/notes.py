"""What a patient wrote when booking, encrypted at rest (PT-5)."""

import frappe
from frappe.utils.password import decrypt, encrypt


def seal(note: str | None) -> str | None:
	"""Encrypt a note for a `note_encrypted` column; None and "" stay empty."""
	return encrypt(note) if note else None


def for_reader(appointment, user: str) -> str | None:
	"""The note as it was written, or None for whoever may not read it."""
	if not appointment.note_encrypted or not may_read(appointment, user):
		return None
	return decrypt(appointment.note_encrypted)


def may_read(appointment, user: str) -> bool:
	"""Only that doctor and the managers of that clinic; no administrator by office."""
	if frappe.db.get_value("Doctor", appointment.doctor, "user") == user:
		return True
	return bool(
		frappe.db.exists("Clinic Staff", {"parent": appointment.clinic, "user": user, "role": "Manager"})
	)
