"""Finds our pages first, because looking for one Frappe's way costs more than showing it.

Frappe's own resolver makes a routing table of all the site's rules for every request: a small page
took 3.5 empty calls with it and 1.1 without. Hooked in as `website_path_resolver` and `before_request`.
"""

import frappe
from frappe.website.path_resolver import resolve_path
from werkzeug.routing import RequestRedirect

from clinic_booking.pages import languages
from clinic_booking.pages.addresses import is_ours

HOOK = "website_path_resolver"
OURS = "clinic_booking.pages.resolver.resolve"


def before_request() -> None:
	"""Keep Frappe from looking for our pages among those that it remembers as missing, and from the wrong language."""
	if not is_ours(frappe.request.path.strip("/ ")):
		return
	frappe.local.no_cache = True
	language = languages.chosen(frappe.request.args)
	# Of a country that the site has no language of, Frappe takes the browser's.
	if language and language != frappe.local.lang.split("-")[0]:
		frappe.local.lang = language


def resolve(path: str) -> str:
	"""The endpoint of a path: ours as it stands, any other as the site would have found it without us.

	Frappe asks every resolver on the site and believes the last: when that is us, we speak for the
	one before.
	"""
	if is_ours(path):
		frappe.local.path = path
		return path
	if others := [resolver for resolver in frappe.get_hooks(HOOK) if resolver != OURS]:
		return frappe.get_attr(others[-1])(path)
	try:
		return resolve_path(path)
	except RequestRedirect as redirect:
		# Frappe catches it only where no resolver is hooked in.
		frappe.flags.redirect_location = redirect.new_url
		raise frappe.Redirect(redirect.code) from redirect
