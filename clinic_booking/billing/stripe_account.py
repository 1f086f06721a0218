"""The clinic's Stripe account, from the settings page; in the demo the one that its configuration names."""

import re
from dataclasses import dataclass, field

import frappe
from frappe import _

from clinic_booking.billing import modes
from clinic_booking.billing.gateways.interface import GatewayUnavailable
from clinic_booking.billing.gateways.stripe import Stripe, is_test_key
from clinic_booking.passwords import password

SETTINGS = "Clinic Booking Settings"
WEBHOOK = "/api/method/clinic_booking.api.webhooks.stripe"
SECRET_KEY, WEBHOOK_SECRET = re.compile(r"(sk|rk)_(test|live)_\w+"), re.compile(r"whsec_\S+")


@dataclass(frozen=True)
class Keys:
	"""`test_mode`: keys that move no money are meant. `address`: another one than Stripe's own."""

	secret_key: str = field(repr=False)
	webhook_secret: str = field(repr=False)
	test_mode: bool = False
	address: str | None = None


def gateway() -> Stripe | None:
	"""The account, None where it is not wholly set up: nothing half-set is offered (DY-7)."""
	keys = keys_of_site()
	if missing(keys) or wrong(keys):
		return None
	return Stripe(keys.secret_key, keys.webhook_secret, keys.address)


def keys_of_site() -> Keys:
	"""What the settings have; in a demo without keys of its own, its configuration's."""
	settings = frappe.get_cached_doc(SETTINGS)
	keys = keys_in(settings)
	if not keys.secret_key and (demo := demo_account()):
		return Keys(demo.get("secret_key"), demo.get("webhook_secret"), True, demo.get("address"))
	return keys


def keys_in(settings) -> Keys:
	"""What a settings page has, saved or not yet; an address it never has."""
	return Keys(
		password(settings, "stripe_secret_key"),
		password(settings, "stripe_webhook_secret"),
		bool(settings.get("stripe_test_mode")),
	)


def demo_account() -> dict | None:
	"""Whoever made a demo site marks it as one, and says where its Stripe is; a clinic's site has neither."""
	return frappe.conf.get("clinic_booking_demo") and frappe.conf.get("clinic_booking_stripe")


def is_half_set() -> bool:
	"""Begun to be set up, and not offered."""
	keys = keys_of_site()
	return bool(keys.secret_key or keys.webhook_secret) and bool(missing(keys) or wrong(keys))


def missing(keys: Keys) -> list[str]:
	"""What must be given before Stripe is offered, in whole sentences."""
	given = (
		(keys.secret_key, _("The secret key is missing.")),
		(
			keys.webhook_secret,
			_("The webhook signing secret is missing. At Stripe, add an endpoint for {0}.").format(webhook()),
		),
	)
	return [sentence for value, sentence in given if not value]


def wrong(keys: Keys) -> list[str]:
	"""What was given and can't be right, in whole sentences that quote nothing of it (MO-4)."""
	found = []
	if keys.secret_key and not SECRET_KEY.fullmatch(keys.secret_key):
		found.append(_("This is no secret key of Stripe's: they start with sk_live_ or rk_live_."))
	elif keys.secret_key and is_test_key(keys.secret_key) != keys.test_mode:
		found.append(
			_("With Test Mode on, a key of Stripe's test mode is needed: sk_test_ or rk_test_.")
			if keys.test_mode
			else _(
				"This key is of Stripe's test mode, in which no money moves. Switch on Test Mode to try it."
			)
		)
	if keys.webhook_secret and not WEBHOOK_SECRET.fullmatch(keys.webhook_secret):
		found.append(_("This is no webhook signing secret: they start with whsec_."))
	return found


def webhook() -> str:
	"""Where Stripe should send its events."""
	return frappe.utils.get_url(WEBHOOK)


def test() -> list[str]:
	"""What keeps Stripe from working, found by asking it; whole sentences, none if all is well."""
	keys = keys_of_site()
	if problems := missing(keys) + wrong(keys):
		return problems
	told = {
		"key": _("Stripe does not accept the secret key."),
		"mode": _("Stripe says that this key is of the other mode, test or live."),
		"webhook": _("Stripe does not send its events here yet. Add an endpoint for {0} there.").format(
			webhook()
		),
	}
	try:
		problems = Stripe(keys.secret_key, keys.webhook_secret, keys.address).missing(webhook())
	except GatewayUnavailable:
		return [_("Stripe does not answer. Please try again in a minute.")]
	return [told[each] for each in problems] + _not_booked()


def _not_booked() -> list[str]:
	"""The companies of clinics whose books have no place for the money."""
	companies = frappe.get_all("Clinic", distinct=True, pluck="company", order_by="company")
	return [reason for company in companies if (reason := modes.missing(Stripe.name, company))]
