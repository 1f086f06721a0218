"""The keys that this site signs its messages to browsers with, and what they need besides (NT-2, DY-7)."""

import base64

import frappe
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from frappe import _

from clinic_booking.messaging import site_address
from clinic_booking.passwords import password

SETTINGS = "Clinic Booking Settings"
SUBSCRIPTIONS = "Push Subscription"


def test() -> list[str]:
	"""What keeps messages to browsers from working, in whole sentences."""
	settings = frappe.get_cached_doc(SETTINGS)
	needed = (
		(settings.push_contact, _("The contact for push services is missing.")),
		(
			_is_pair(password(settings, "push_private_key"), settings.push_public_key),
			_("The keys are missing or do not fit together: bench migrate makes new ones."),
		),
		(
			frappe.utils.get_url().startswith(("https://", "http://localhost")),
			_("Browsers take messages only from sites that are reached by HTTPS."),
		),
	)
	return [sentence for is_good, sentence in needed if not is_good] + site_address.problems()


def make_keys(settings) -> bool:
	"""Give the settings a pair of keys where they have none that can be used; whether they are new."""
	if _is_pair(password(settings, "push_private_key"), settings.push_public_key):
		return False
	key = ec.generate_private_key(ec.SECP256R1())
	settings.push_private_key = _text(key.private_numbers().private_value.to_bytes(32, "big"))
	settings.push_public_key = _public(key)
	# They subscribed to the key before.
	frappe.db.delete(SUBSCRIPTIONS)
	return True


def _is_pair(private: str, public: str | None) -> bool:
	if not (private and public):
		return False
	value = int.from_bytes(base64.urlsafe_b64decode(private + "=" * (-len(private) % 4)), "big")
	return _public(ec.derive_private_key(value, ec.SECP256R1())) == public


def _public(key) -> str:
	return _text(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _text(octets: bytes) -> str:
	return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
