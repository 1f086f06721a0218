"""What patients are asked to pay at the Stripe on this machine."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

from clinic_booking.billing.gateways.interface import Demand


def a_demand(amount="35.00", currency="EUR", key="key-1", **values):
	expires_at = datetime.now(timezone.utc) + timedelta(minutes=40)
	values = {
		"text": "Appointment ABC123",
		"return_url": "https://clinic.example/paid",
		"language": "ro",
	} | values
	return Demand(key=key, amount=Decimal(amount), currency=currency, expires_at=expires_at, **values)


def paid(gateway, fake, **values):
	checkout = gateway.begin(a_demand(**values))
	fake.account.pay(checkout.id)
	return checkout.id
