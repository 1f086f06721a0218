"""E-mail by the site's own outgoing Email Account, and through Frappe's Email Queue (NT-2).

The Email Queue's row is made, sent and ended by our worker in one transaction: none waits there for Frappe to send
it, none is left of what failed, and of the mail itself (address, words, link) it keeps nothing.
"""

from functools import partial

import frappe
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.utils import get_hook_method

from clinic_booking.booking import clock
from clinic_booking.messaging import registry
from clinic_booking.messaging.channels.email import Email, post_by
from clinic_booking.messaging.channels.interface import ChannelUnavailable


def channel() -> Email | None:
	"""By the default outgoing account; None where there is none, and in a demo whose mails are held."""
	if registry.is_demo() and _are_held():
		return None
	account = EmailAccount.find_outgoing()
	return account and Email(account.email_id, partial(_post, account), clock.now)


def address() -> str | None:
	"""Whom mails of this site come from."""
	account = EmailAccount.find_outgoing()
	return account and account.email_id


def _are_held() -> bool:
	"""Whether mails are muted on this site, or sending is suspended in Frappe's Email Queue."""
	return frappe.are_emails_muted() or frappe.db.get_default("suspend_email_queue") == "1"


def _post(account, message_id: str, to: str, mail: bytes) -> None:
	if _are_held():
		raise ChannelUnavailable
	queued = frappe.new_doc("Email Queue")
	queued.update({"name": frappe.generate_hash(length=10), "status": "Sent", "sender": account.email_id})
	queued.message_id = message_id.strip("<>")
	queued.email_account = None if account.get("from_site_config") else account.name
	if send := get_hook_method("override_email_send"):
		send(queued, account.email_id, to, mail)
	else:
		post_by(_session(account), account.email_id, to, mail)
	queued.db_insert()


def _session(account):
	"""An open line to the account's server, the same for all mails of a worker."""
	try:
		return account.get_smtp_server().session
	except frappe.ValidationError as error:
		raise ChannelUnavailable from error
