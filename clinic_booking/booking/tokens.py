"""The unguessable key of one booking, from its hold to its receipt (api.md `token`).

A token is HMAC-SHA-256 of a random seed, under a key derived from the site's `encryption_key`, so it
can be made again for a message or a retried call. The database keeps the seed and the token's hash:
neither opens anything by itself.
"""

import base64
import hashlib
import hmac
import secrets

import frappe
from frappe.utils.password import get_encryption_key

# No 0/O, 1/I/L, U/V: read out over the phone without a mistake.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"


def new_seed() -> str:
	"""A fresh random seed: 128 bits, hexadecimal."""
	return secrets.token_hex(16)


def token_of(seed: str) -> str:
	"""The token that belongs to a seed: 43 URL-safe characters, 256 bits."""
	digest = hmac.new(_key(), seed.encode(), hashlib.sha256).digest()
	return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(token: str) -> str:
	"""What is stored and searched instead of the token: SHA-256, hexadecimal."""
	return hashlib.sha256(token.encode()).hexdigest()


def fingerprint(text: str) -> str:
	"""A keyed hash of a caller's words, to recognise them again without keeping them."""
	return hmac.new(_key(), b"fingerprint:" + text.encode(), hashlib.sha256).hexdigest()


def new_reference() -> str:
	"""A short reference for people: 8 letters and digits. Unique by the column's key, not by itself."""
	return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))


def _key() -> bytes:
	if not (key := getattr(frappe.local, "clinic_booking_token_key", None)):
		key = hmac.new(
			get_encryption_key().encode(), b"clinic_booking booking token", hashlib.sha256
		).digest()
		frappe.local.clinic_booking_token_key = key
	return key
