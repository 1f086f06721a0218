"""A clinic whose visits are paid first, by Stripe, over HTTP: its patients, the webhooks, the workers, what must agree."""

from collections import defaultdict
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import frappe
from frappe.installer import update_site_config

from clinic_booking.billing import gateway_events, ledger, looks, refund_work, stripe_account, tasks
from clinic_booking.booking import expire, status
from tests.fakes.stripe import Stripe
from tests.scenes import on_day
from tests.site.api.conftest import PATIENT, Api
from tests.site.billing.online import a_paying_scene

OUTBOXES = ("Gateway Event", "Online Refund", "Billing Task")
SLOTS_A_DAY = 30


def mark_as_demo(stripe: Stripe) -> None:
	"""The site's Stripe is this one, for the server and for this process."""
	account = {
		"address": stripe.url,
		"secret_key": stripe.secret_key,
		"webhook_secret": stripe.webhook_secret,
	}
	for name, value in (("clinic_booking_demo", 1), ("clinic_booking_stripe", account)):
		update_site_config(name, value)
		frappe.conf[name] = value


class Shop:
	"""`stripe` is the provider's side, `api` a patient's browser, the rest the clinic's site."""

	def __init__(self, server, stripe: Stripe, **scene):
		self.server, self.stripe = server, stripe
		self.stripe.webhook = server.url + stripe_account.WEBHOOK
		mark_as_demo(stripe)
		self.scene = a_paying_scene(**scene)
		self.api = Api(server.client())
		self.sold = 0

	def start(self) -> str:
		"""The next free half hour, from the day after tomorrow on."""
		day, slot = divmod(self.sold, SLOTS_A_DAY)
		self.sold += 1
		return on_day(2 + day, 7 + slot // 2, 30 * (slot % 2)).isoformat()

	def hold(self, start: str | None = None) -> str:
		"""The token of a hold."""
		values = {
			"doctor": self.scene.doctors[0],
			"service": self.scene.visit,
			"start": start or self.start(),
		}
		return message(self.api.post("hold", **values))["token"]

	def book(self, token: str, **more):
		"""The details are sent; the answer as it came."""
		return self.api.post(
			"book", token=token, **{"patient": PATIENT, "consent": True, "payment_method": "stripe"} | more
		)

	def to_pay(self, start: str | None = None) -> tuple[str, str]:
		"""Booked and waiting: the token, and the checkout on whose page the patient is."""
		token = self.hold(start)
		return token, checkout_in(self.book(token))

	def paid(self, start: str | None = None) -> tuple[str, str]:
		"""Booked, paid, told and worked."""
		token, checkout = self.to_pay(start)
		self.stripe.account.pay(checkout)
		self.told()
		return token, checkout

	def told(self, callbacks=None) -> list[int | None]:
		"""The webhooks that wait (or these) are posted and worked."""
		statuses = self.stripe.callbacks.post(callbacks)
		work_off()
		return statuses

	def seen(self, token: str) -> dict:
		"""What the patient sees of the booking."""
		return message(self.api.get("booking", token=token))

	def found(self, token: str):
		"""The appointment behind a token, else the request, as it is by now."""
		frappe.db.rollback()
		return status.find(token)

	def payments(self, token: str) -> list:
		"""Its Online Payments, the oldest first."""
		reference = self.found(token).reference
		names = frappe.get_all("Online Payment", {"reference": reference}, pluck="name", order_by="creation")
		return [frappe.get_doc("Online Payment", name) for name in names]

	def lapse(self, token: str) -> None:
		"""The wait for the payment is over, and the job has seen it."""
		booking = self.found(token)
		past = datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(minutes=1)
		frappe.db.set_value(booking.doctype, booking.name, "expires_at_utc", past, update_modified=False)
		frappe.db.sql(
			"UPDATE `tabBooked Slot` SET expires_at = %s WHERE reference = %s", (past, booking.name)
		)
		frappe.db.commit()
		expire.every_minute()
		frappe.db.commit()

	def disagreements(self) -> list[str]:
		"""Where gateway, ledger and appointment don't say the same; no money without an appointment, and no other way round."""
		frappe.db.rollback()
		kept, wrong = self._kept_by_gateway(), []
		for appointment in frappe.get_all("Clinic Appointment", {"clinic": self.scene.clinic}, ["*"]):
			booked = ledger.account_of(appointment.name, appointment.currency)
			at_gateway = kept.pop(appointment.reference, Decimal(0))
			wanted = Decimal(0) if appointment.status == "Cancelled" else Decimal(str(appointment.price))
			facts = (at_gateway, booked.kept, wanted)
			if len(set(facts)) > 1:
				wrong.append(f"{appointment.reference} {appointment.status}: gateway, ledger, due {facts}")
		wrong += [f"{reference}: {amount} and no appointment" for reference, amount in kept.items() if amount]
		return wrong + self._unfinished()

	def _kept_by_gateway(self) -> dict[str, Decimal]:
		kept = defaultdict(Decimal)
		for charge in self.stripe.account.every("charge"):
			reference = charge["description"].removeprefix("Appointment ")
			kept[reference] += Decimal(charge["amount"] - charge["amount_refunded"]) / 100
		return kept

	def _unfinished(self) -> list[str]:
		waiting = [(name, {"outbox_status": ("!=", "Done")}) for name in OUTBOXES]
		waiting.append(
			("Online Payment", {"state": ("in", ("Open", "Processing")), "clinic": self.scene.clinic})
		)
		return [
			f"{doctype}: {found}"
			for doctype, filters in waiting
			if (found := frappe.get_all(doctype, filters, pluck="name"))
		]


def checkout_in(answer) -> str:
	"""The checkout on whose page an answer of `book` or `pay` sends the patient."""
	return message(answer)["payment"]["url"].rpartition("/")[2]


def message(answer):
	assert answer.status_code == 200, answer.text
	return answer.json()["message"]


def work_off() -> None:
	"""What the workers do after the commits, and again what they put off.

	Tries are not counted: their waits would fill more than a day, in which Stripe forgets its 500s.
	"""
	frappe.db.commit()
	for _round in range(2):
		for doctype in OUTBOXES:
			frappe.db.sql(
				f"UPDATE `tab{doctype}` SET due_at_utc = UTC_TIMESTAMP(6), attempts = 0 WHERE outbox_status = 'Waiting'"
			)
		frappe.db.commit()
		for job in (gateway_events.every_minute, refund_work.every_minute, tasks.every_minute):
			job()
	frappe.db.rollback()


def sweep(days: int = 0) -> None:
	"""Some minutes pass, or so many days, and everything is looked at."""
	frappe.db.sql(
		"UPDATE `tabOnline Payment` SET looked_at_utc = looked_at_utc - INTERVAL %s MINUTE", 20 + days * 1440
	)
	frappe.db.commit()
	looks.every_few_minutes()
	work_off()
