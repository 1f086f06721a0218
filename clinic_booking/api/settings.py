"""What the settings page calls."""

from clinic_booking.api.door import signed_in
from clinic_booking.billing import stripe_account
from clinic_booking.messaging import browser_keys, twilio_settings


@signed_in("POST", "System Manager")
def test_stripe() -> dict:
	"""`{problems}`: what keeps Stripe from working, in sentences; none if patients can pay (DY-7)."""
	return {"problems": stripe_account.test()}


@signed_in("POST", "System Manager")
def test_sms() -> dict:
	"""`{problems}`: what keeps SMS from being sent; asks Twilio, and sends nothing (DY-7)."""
	return {"problems": twilio_settings.test_sms()}


@signed_in("POST", "System Manager")
def test_whatsapp() -> dict:
	"""`{problems}`: what keeps WhatsApp messages from being sent; asks Twilio, and sends nothing (DY-7)."""
	return {"problems": twilio_settings.test_whatsapp()}


@signed_in("POST", "System Manager")
def test_push() -> dict:
	"""`{problems}`: what keeps messages to browsers from being sent (DY-7)."""
	return {"problems": browser_keys.test()}
