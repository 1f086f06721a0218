"""Whether the links in messages lead anywhere: they are made of `host_name` in the site's configuration (DY-7)."""

from urllib.parse import urlsplit

import frappe
from frappe import _

from clinic_booking.messaging import registry


def problems() -> list[str]:
	"""What is wrong with it, in whole sentences. The demo may stand on any machine."""
	# As Frappe reads it: a worker knows no other address of the site.
	given = frappe.conf.host_name or frappe.conf.hostname
	if not given:
		return [_("host_name is not set in site_config.json: the links in messages lead nowhere.")]
	address = urlsplit(given if "://" in given else f"http://{given}")
	if registry.is_demo():
		return []
	found = []
	if address.scheme != "https":
		found.append(_("host_name in site_config.json does not begin with https://."))
	if "." not in (address.hostname or ""):
		found.append(_("host_name in site_config.json is no address that is reached from outside."))
	return found
