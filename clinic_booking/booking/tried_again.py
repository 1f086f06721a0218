"""How a form is saved whose locks may meet others' in a circle: again, as a use case is (docs/claims.md)."""

import copy

import frappe
from frappe import _
from frappe.model.document import Document

from clinic_booking.booking.transaction import TRIES


class Busy(frappe.ValidationError):
	"""The Desk's and REST's word for `ERR_UNAVAILABLE`."""

	http_status_code = 503


class TriedAgain(Document):
	"""A document whose save or insert is tried again after a deadlock or lock time-out, three times; then `Busy`.

	Only the first write of a transaction outside use cases is: a rollback would undo what others wrote before, and
	`transaction.run` tries its use case again itself. What changed meanwhile is noticed as ever, by its timestamp.
	"""

	def save(self, *args, **kwargs):
		return _try(self, super().save, *args, **kwargs)

	def insert(self, *args, **kwargs):
		return _try(self, super().insert, *args, **kwargs)


def _try(document, write, *args, **kwargs):
	if frappe.flags.locks_came_first or frappe.db.transaction_writes:
		return write(*args, **kwargs)
	as_given, told = copy.deepcopy(document.__getstate__()), len(frappe.local.message_log)
	for _attempt in range(TRIES):
		try:
			return write(*args, **kwargs)
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			frappe.db.rollback()
			document.__dict__.clear()
			document.__dict__.update(copy.deepcopy(as_given))
			del frappe.local.message_log[told:]
	frappe.throw(_("Others are changing the same hours right now. Save again in a moment."), Busy)
