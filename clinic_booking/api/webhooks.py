"""Where providers tell what happened: raw bodies, their own signatures, answered at once (SE-6)."""

from clinic_booking.api.door import webhook
from clinic_booking.billing import gateway_events


@webhook
def stripe(body: bytes, headers: dict[str, str]) -> dict:
	"""Stripe's events; `{}`. `ERR_FORBIDDEN` without its signature, `ERR_NOT_FOUND` where it is not set up."""
	gateway_events.take("stripe", body, headers)
	return {}
