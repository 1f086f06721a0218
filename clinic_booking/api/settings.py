"""What the settings page calls."""

from clinic_booking.api.door import signed_in
from clinic_booking.billing import stripe_account


@signed_in("POST", "System Manager")
def test_stripe() -> dict:
	"""`{problems}`: what keeps Stripe from working, in sentences; none if patients can pay (DY-7)."""
	return {"problems": stripe_account.test()}
