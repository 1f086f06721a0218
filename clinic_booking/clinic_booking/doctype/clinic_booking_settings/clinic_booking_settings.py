import hashlib
import ipaddress
from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import today

from clinic_booking.billing import stripe_account
from clinic_booking.clinic_booking import logo
from clinic_booking.messaging import twilio_settings

SHORTEST_HOLD_MINUTES = 2


class ClinicBookingSettings(Document):
	def validate(self):
		self.check_waits()
		self.set_text_versions()
		self.check_proxies()
		self.check_origins()
		self.check_stripe()
		self.check_twilio()
		logo.read(self)

	def on_update(self):
		logo.keep(self)

	def check_waits(self):
		for field in ("hold_minutes", "payment_wait_minutes", "approval_hours"):
			least = SHORTEST_HOLD_MINUTES if field == "hold_minutes" else 1
			if self.get(field) < least:
				frappe.throw(_("{0} must be at least {1}").format(_(self.meta.get_label(field)), least))

	def set_text_versions(self):
		"""UI-1: each text has a version that names it for good: the day it was written and its hash."""
		for kind in ("consent", "newsletter"):
			text = (self.get(f"{kind}_text") or "").strip()
			self.set(f"{kind}_text", text)
			text_hash = hashlib.sha256(text.encode()).hexdigest()[:8]
			if not (self.get(f"{kind}_version") or "").endswith(text_hash):
				self.set(f"{kind}_version", f"{today()}-{text_hash}")

	def check_proxies(self):
		for line in _lines(self.trusted_proxies):
			try:
				ipaddress.ip_network(line, strict=False)
			except ValueError:
				frappe.throw(_("{0} is no address and no network").format(line))

	def check_origins(self):
		for line in _lines(self.allowed_origins):
			parts = urlsplit(line)
			if parts.scheme not in ("http", "https") or line != f"{parts.scheme}://{parts.netloc}":
				frappe.throw(_("{0} is no origin: write https:// and the host, without a path").format(line))

	def check_stripe(self):
		"""MO-4: what can't be a key is refused; what is missing only keeps Stripe off."""
		if problems := stripe_account.wrong(stripe_account.keys_in(self)):
			frappe.throw(" ".join(problems))

	def check_twilio(self):
		"""DY-7: what can't be right is refused; what is missing only keeps SMS or WhatsApp off."""
		if problems := twilio_settings.wrong(twilio_settings.given(self)):
			frappe.throw(" ".join(problems))


def _lines(text: str | None) -> list[str]:
	return [line.strip() for line in (text or "").splitlines() if line.strip()]
