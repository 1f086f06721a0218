"""What stands in the books of an appointment, and what that means for it. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from clinic_booking.scheduling.status import CANCELLED, COMPLETED, LIVE, NO_SHOW, REQUESTED

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Account:
	"""Sums over the documents of one appointment, in its currency, none of them negative.

	`charged`: its invoices less their credit notes. `received`, `returned`: money that came and that went back,
	what came through a provider and stands in no book yet included.
	`is_invoiced`: there is an invoice, credited or not. `loose`: what came, did not go back, and stands in the books
	against no invoice.
	"""

	charged: Decimal = NOTHING
	received: Decimal = NOTHING
	returned: Decimal = NOTHING
	is_invoiced: bool = False
	loose: Decimal = NOTHING

	@property
	def kept(self) -> Decimal:
		"""What was paid and not given back."""
		return self.received - self.returned

	@property
	def paid(self) -> Decimal:
		"""What of that counts for what is charged; the rest is the patient's credit."""
		return min(self.kept, max(self.charged, NOTHING))

	@property
	def open(self) -> Decimal:
		"""What is still to be paid; never less than nothing."""
		return max(self.charged - self.kept, NOTHING)


def to_charge(
	status: str,
	price: Decimal,
	account: Account,
	on_completion: bool = False,
	owed_after_no_show: bool = False,
	refund: Decimal = NOTHING,
) -> Decimal:
	"""What the invoices less credit notes of a visit in `status` should come to (PY-1, PY-8, PO-3).

	Cancelled, or missed where nothing is owed for that: no more than was paid, less the `refund` of what is
	cancelled.
	"""
	is_due = not on_completion or account.is_invoiced
	if status == COMPLETED or (status in LIVE and status != REQUESTED and is_due):
		return price
	if status == NO_SHOW and owed_after_no_show:
		return price
	if status in (CANCELLED, NO_SHOW):
		return max(min(account.charged, account.kept) - refund * (status == CANCELLED), NOTHING)
	return account.charged


def payment_status(status: str, price: Decimal, account: Account) -> str:
	"""The payment state that follows from the books (BK-6).

	Credit that the patient was left with counts as given back, what is loose does not. Before there is an invoice the
	price stands for it.
	"""
	charged = account.charged if account.is_invoiced or status == CANCELLED else price
	if account.received:
		given_back = max(account.returned, account.received - account.loose - charged)
		if given_back > 0:
			return "Refunded" if given_back >= account.received else "Partly Refunded"
		return "Paid" if account.received >= charged else "Partly Paid"
	owed = account.charged if account.is_invoiced else price * (status not in (CANCELLED, NO_SHOW))
	return "Unpaid" if owed else "Not Required"
