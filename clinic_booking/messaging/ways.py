"""The ways that this app itself brings (hook `clinic_booking_channels`)."""

from clinic_booking.messaging import email_account
from clinic_booking.messaging.registry import EMAIL, Way

email = Way("email", EMAIL, email_account.channel, lambda recipient: recipient.email)
