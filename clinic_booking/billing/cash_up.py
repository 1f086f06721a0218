"""What came in and what went out at the desk and elsewhere: by day, clinic, mode and cashier (PY-4)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe

from clinic_booking.booking.money import rounded


@dataclass(frozen=True)
class Line:
	"""So many Payment Entries of one day, clinic, mode of payment and cashier (None: nobody at the desk)."""

	day: date
	clinic: str
	mode: str
	cashier: str | None
	currency: str
	count: int
	received: Decimal
	returned: Decimal

	@property
	def net(self) -> Decimal:
		return self.received - self.returned


def lines(from_date: date, to_date: date, clinics: Iterable[str]) -> list[Line]:
	"""Of submitted Payment Entries for appointments at `clinics`, both dates included; by day, clinic, mode, cashier."""
	if not (clinics := tuple(clinics)):
		return []
	rows = frappe.db.sql(
		"""SELECT payment.posting_date AS day, visit.clinic, COALESCE(payment.mode_of_payment, '') AS mode,
			payment.clinic_booking_cashier AS cashier, payment.paid_to_account_currency AS currency,
			COUNT(*) AS count,
			SUM(IF(payment.payment_type = 'Receive', payment.paid_amount, 0)) AS received,
			SUM(IF(payment.payment_type = 'Pay', payment.paid_amount, 0)) AS returned
		FROM `tabPayment Entry` payment
		JOIN `tabClinic Appointment` visit ON visit.name = payment.clinic_booking_appointment
		WHERE payment.docstatus = 1 AND payment.posting_date BETWEEN %(first)s AND %(last)s
			AND visit.clinic IN %(clinics)s
		GROUP BY day, clinic, mode, cashier, currency
		ORDER BY day, clinic, mode, cashier""",
		{"first": from_date, "last": to_date, "clinics": clinics},
		as_dict=True,
	)
	return [
		Line(
			**row
			| {side: rounded(row[side], row.currency) for side in ("received", "returned")}
			| {"cashier": row.cashier or None}
		)
		for row in rows
	]


def totals(lines: Iterable[Line]) -> dict[str, tuple[Decimal, Decimal]]:
	"""`{currency: (received, returned)}`: sums of different currencies say nothing."""
	sums = defaultdict(lambda: (Decimal(0), Decimal(0)))
	for line in lines:
		received, returned = sums[line.currency]
		sums[line.currency] = (received + line.received, returned + line.returned)
	return dict(sums)
