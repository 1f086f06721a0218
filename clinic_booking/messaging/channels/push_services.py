"""Where a browser's push messages may be sent, and with which keys. Pure; no network.

Whoever holds a booking gives us the address to post to. Only those of the browsers' own push services are taken,
so that nobody makes this server talk to something else (SSRF).
"""

import base64
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

# Chrome, Edge, Opera, Samsung; Firefox; Edge of old; Safari. One with a dot in front: that and all below it.
SERVICES = (
	"fcm.googleapis.com",
	".push.services.mozilla.com",
	".notify.windows.com",
	".push.apple.com",
)
LONGEST = 2048


def is_known(endpoint: str, also: tuple[str, ...] = ()) -> bool:
	"""Whether `endpoint` is an address at a push service, or at one of the origins `also`."""
	if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
		return False
	try:
		parts = urlsplit(endpoint)
		host, port = (parts.hostname or ""), parts.port
	except ValueError:
		return False
	if f"{parts.scheme}://{parts.netloc}" in also:
		return True
	plain = parts.scheme == "https" and parts.netloc.lower() in (host, f"{host}:443") and port in (None, 443)
	return plain and "\\" not in endpoint and any(_is_of(host, service) for service in SERVICES)


def _is_of(host: str, service: str) -> bool:
	return host.endswith(service) if service.startswith(".") else host == service


def are_keys(p256dh: str, auth: str) -> bool:
	"""Whether these are a point on P-256 and 16 bytes, both base64url (RFC 8291)."""
	try:
		ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(p256dh))
		return len(_bytes(auth)) == 16
	except ValueError:
		return False


def _bytes(text: str) -> bytes:
	return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), b"-_", validate=True)
