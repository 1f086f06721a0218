"""How a form is saved whose locks may meet others' in a circle: again, as a use case is (docs/claims.md)."""

import copy
from collections.abc import Callable

import frappe
from frappe import _
from frappe.model.document import Document

from clinic_booking.booking import claims
from clinic_booking.booking.transaction import TRIES


class Busy(frappe.ValidationError):
	"""The Desk's and REST's word for `ERR_UNAVAILABLE`."""

	http_status_code = 503


class TriedAgain(Document):
	"""A document that decides about hours or claims: its save or insert is tried again after a deadlock, three times.

	After that, or after it waited in vain for others, it is refused as `Busy`. Only the first write of a transaction
	is tried again, since a rollback would undo what was written before; use cases are by `transaction.run`. What
	changed meanwhile is noticed as ever, by its timestamp.
	"""

	# A doctor's record of which the doctor is locked before the record itself, by whatever road, as use cases do.
	doctor_comes_first = False

	def load_from_db(self):
		if self.flags.for_update and self.doctor_comes_first:
			_in_words(claims.lock_doctors, frappe.get_all(self.doctype, {"name": self.name}, pluck="doctor"))
		return super().load_from_db()

	def save(self, *args, **kwargs):
		return _try(self, super().save, *args, **kwargs)

	def insert(self, *args, **kwargs):
		return _try(self, super().insert, *args, **kwargs)


def _try(document, write: Callable, *args, **kwargs):
	if frappe.flags.locks_came_first or frappe.db.transaction_writes:
		return write(*args, **kwargs)
	as_given, told = copy.deepcopy(document.__getstate__()), len(frappe.local.message_log)
	for _attempt in range(TRIES):
		try:
			return _in_words(write, *args, **kwargs)
		except frappe.QueryDeadlockError:
			frappe.db.rollback()
			document.__dict__.clear()
			document.__dict__.update(copy.deepcopy(as_given))
			del frappe.local.message_log[told:]
	_refuse()


def _in_words(wait: Callable, *args, **kwargs):
	"""What `wait` returns; in a form the time-out of its locks as a sentence."""
	try:
		return wait(*args, **kwargs)
	except frappe.QueryTimeoutError:
		if frappe.flags.locks_came_first:
			raise
		_refuse()


def _refuse() -> None:
	frappe.throw(_("Others are changing the same hours right now. Save again in a moment."), Busy)
