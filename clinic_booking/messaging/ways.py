"""The ways that this app itself brings (hook `clinic_booking_channels`)."""

from clinic_booking.messaging import browsers, email_account, phone_numbers, twilio_settings
from clinic_booking.messaging.registry import EMAIL, SHORT, Way

email = Way("email", EMAIL, email_account.channel, lambda recipient: recipient.email)
sms = Way("sms", SHORT, twilio_settings.sms, phone_numbers.address, phone_numbers.turn)
whatsapp = Way("whatsapp", SHORT, twilio_settings.whatsapp, phone_numbers.address, phone_numbers.turn)
push = Way("push", SHORT, browsers.channel, browsers.address)
