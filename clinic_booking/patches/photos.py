"""Doctors who had a photo before there were small pictures of it get them."""

import frappe

from clinic_booking.booking import practices
from clinic_booking.clinic_booking import photo


def execute():
	for name in frappe.get_all(
		"Doctor", {"image": ("like", "/%"), "photos": ("is", "not set")}, pluck="name"
	):
		doctor = frappe.get_doc("Doctor", name)
		try:
			made = photo.squares_of(doctor.image)
		except frappe.ValidationError:
			# What can't be shown stays attached; the pages show initials.
			frappe.clear_last_message()
			continue
		photo.publish(doctor, made)
		practices.changed([name])
