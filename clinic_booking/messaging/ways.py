"""The ways that this app itself brings (hook `clinic_booking_channels`)."""

from clinic_booking.messaging import browsers, email_account, phone_numbers, twilio_settings
from clinic_booking.messaging.registry import EMAIL, SHORT, Way

NUMBERS = (phone_numbers.address, phone_numbers.turn, phone_numbers.known)

email = Way("email", EMAIL, email_account.channel, lambda recipient: recipient.email)
sms = Way("sms", SHORT, twilio_settings.sms, *NUMBERS)
whatsapp = Way("whatsapp", SHORT, twilio_settings.whatsapp, *NUMBERS)
push = Way("push", SHORT, browsers.channel, browsers.address)
