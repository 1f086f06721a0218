"""What happens to a request under /api/method/clinic_booking. before Frappe looks for the function."""

import re

import frappe

OURS = re.compile(r"/api/(?:v[12]/)?method/(clinic_booking\.[^/]*)")


def before_request() -> None:
	"""Take the arguments out of Frappe's hands; the door finds them with `arguments`.

	With them gone, none of them can choose another function (`cmd`), break the call (`fn`), get lost on
	the way (`flags`), or be written into a log file, where Frappe puts its `form_dict` with every error.
	"""
	request = frappe.local.request
	if OURS.match(request.path):
		request.clinic_booking_arguments = frappe.local.form_dict
		frappe.local.form_dict = frappe._dict()


def arguments() -> dict:
	"""The arguments of the current request, also where a call came by another address (`/?cmd=`)."""
	return getattr(frappe.local.request, "clinic_booking_arguments", frappe.local.form_dict)
