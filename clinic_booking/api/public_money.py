"""What patients call about money, as `clinic_booking.api.public.<name>` (docs/api.md)."""

import frappe

from clinic_booking.api.door import public
from clinic_booking.billing import online_payments, own_credit
from clinic_booking.booking.transaction import let_others_in
from clinic_booking.booking.ways_to_pay import CREDIT
from clinic_booking.inputs import RecordName, RequestId, Token


@public("POST", limit="book")
def pay(token: Token, payment_method: RecordName | None = None, request_id: RequestId | None = None) -> dict:
	"""`{payment: {method, url?, instructions?, amount, expires_at}}`: how what is open can be paid now (PY-2, PY-3).

	`credit` pays at once, for a patient who is signed in and has some (PO-4).
	The same again while it can still be paid that way; without `payment_method` as chosen when booking.
	`ERR_VALIDATION` where nothing is open or not by that method, `ERR_HOLD_EXPIRED` where it is too late,
	`ERR_PAYMENT_FAILED` where the gateway opens no page.
	"""
	if payment_method == CREDIT:
		return {"payment": own_credit.pay(token, frappe.session.user, request_id)}
	return {"payment": online_payments.begin(token, payment_method, request_id)}


def payment_of(token: str) -> dict:
	"""The same for what was booked, `{}` where nothing of it is due or was chosen to be paid at once."""
	frappe.db.commit()  # nosemgrep: it is booked, whatever the gateway says (ERR_PAYMENT_FAILED)
	# Who books with the same phone or e-mail need not wait for the gateway (MO-14).
	let_others_in()
	return {"payment": online_payments.begin(token)} if online_payments.is_wanted(token) else {}
