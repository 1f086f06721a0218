"""Browsers that want the messages of a booking (NT-2)."""

import hashlib
import json
from functools import lru_cache

import frappe
from frappe.utils.password import decrypt, encrypt

from clinic_booking.booking import clock
from clinic_booking.errors import Validation
from clinic_booking.errors import _ as marked
from clinic_booking.messaging.channels import push_services
from clinic_booking.messaging.channels.interface import Channel
from clinic_booking.messaging.registry import Recipient, is_demo
from clinic_booking.passwords import password

DOCTYPE = "Push Subscription"
SETTINGS = "Clinic Booking Settings"
CHANNEL = "clinic_booking.messaging.channels.push"
# Of one booking: the newest.
MOST = 5


def subscribe(appointment: str, endpoint: str, p256dh: str, auth: str) -> None:
	"""Have the messages of an appointment go to a browser, too; twice is once.

	Raises `Validation` where the site sends none, and for what is no browser's own push service.
	"""
	if not public_key():
		raise Validation(fields={"subscription": marked("This clinic sends no messages to browsers.")})
	if not push_services.is_known(endpoint, _also()) or not push_services.are_keys(p256dh, auth):
		raise Validation(fields={"subscription": marked("This is not valid.")})
	forget(endpoint, appointment)
	subscription = json.dumps({"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}})
	frappe.get_doc(
		doctype=DOCTYPE,
		appointment=appointment,
		endpoint_hash=_hash(endpoint),
		subscription=encrypt(subscription),
	).db_insert()
	too_many = _names(appointment)[MOST:]
	if too_many:
		frappe.db.delete(DOCTYPE, {"name": ("in", too_many)})


def forget(endpoint: str, appointment: str | None = None) -> None:
	"""A browser that is gone, of this appointment or of all."""
	of_one = {"appointment": appointment} if appointment else {}
	frappe.db.delete(DOCTYPE, {"endpoint_hash": _hash(endpoint), **of_one})


def forget_all(appointment: str) -> None:
	"""An appointment that is deleted takes its browsers along."""
	frappe.db.delete(DOCTYPE, {"appointment": appointment})


def address(recipient: Recipient) -> str | None:
	"""Every browser of the booking, as the channel takes them; None for none."""
	rows = recipient.appointment and frappe.get_all(
		DOCTYPE, {"appointment": recipient.appointment}, pluck="subscription"
	)
	return f"[{', '.join(map(decrypt, rows))}]" if rows else None


def channel() -> Channel | None:
	"""None where it is not wholly set up."""
	settings = frappe.get_cached_doc(SETTINGS)
	key = password(settings, "push_private_key")
	if not (key and settings.push_contact):
		return None
	sender = frappe.get_attr(f"{CHANNEL}.Sender")(key, settings.push_contact)
	return frappe.get_attr(f"{CHANNEL}.Push")(sender, _gone, clock.now)


def public_key() -> str | None:
	"""What a browser must know to subscribe; None where this site sends none. The demo shows what it would send."""
	settings = frappe.get_cached_doc(SETTINGS)
	if not (settings.push_public_key and (settings.push_contact or is_demo())):
		return None
	can_sign = _can_sign(frappe.local.site, str(settings.modified), frappe.conf.get("encryption_key"))
	return settings.push_public_key if can_sign else None


@lru_cache(maxsize=64)
def _can_sign(site: str, modified: str, encryption_key: str | None) -> bool:
	"""Whether the private key of these settings can be read with this key: asked once, and not for each page."""
	return bool(password(frappe.get_cached_doc(SETTINGS), "push_private_key"))


def _names(appointment: str) -> list[str]:
	return frappe.get_all(DOCTYPE, {"appointment": appointment}, pluck="name", order_by="creation desc, name")


def _gone(endpoint: str) -> None:
	"""While a message is being sent, before its worker has written anything."""
	forget(endpoint)
	frappe.db.commit()  # nosemgrep: what the worker does next may be taken back, and the browser is gone


def _also() -> tuple[str, ...]:
	"""Origins that the site's configuration names: those of a test's push service."""
	return tuple(frappe.conf.get("clinic_booking_push_services") or ())


def _hash(endpoint: str) -> str:
	return hashlib.sha256(endpoint.encode()).hexdigest()
